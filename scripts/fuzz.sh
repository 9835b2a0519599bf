#!/usr/bin/env bash
# Runs every fuzz target for a number of executions, one after the other, and
# prints a table of what came of it:
#
#   scripts/fuzz.sh                     every target, a million executions each
#   scripts/fuzz.sh 100000              fewer
#   scripts/fuzz.sh 100000 'AMF|Tags'   of the targets that match
#   scripts/fuzz.sh 100000 'rtmp Fuzz'  of one package: the folder and the name are matched
#
# An input that fails lies in the package's testdata/fuzz afterwards, where
# plain `go test` runs it for ever after. What each target knows of deep inputs
# is kept in go's own cache and is where the next run begins. WORKERS bounds
# the processes of one target (2).
set -euo pipefail
cd "$(dirname "$0")/.."

executions=${1:-1000000}
only=${2:-.}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# last prints a field of the fuzzer's last line of progress.
last() {
	grep -o "$1: [0-9]*" "$log" | tail -n 1 | grep -o '[0-9]*$' || echo 0
}

failed=0
row='| %-42s | %10s | %11s | %7s | %-6s |\n'
# shellcheck disable=SC2059 # the format is ours
{
	printf "$row" target executions 'new, total' seconds result
	printf "$row" --- ---: ---: ---: ---
}
while IFS=: read -r file _ rest; do
	target=${rest#func }
	target=${target%%(*}
	package=$(dirname "$file")
	[[ "$package $target" =~ $only ]] || continue
	result=ok
	began=$SECONDS
	if ! go test "./$package" -run '^$' -fuzz "^$target\$" -fuzztime "${executions}x" \
		-fuzzminimizetime 10x -parallel "${WORKERS:-2}" -timeout 0 >"$log" 2>&1; then
		result=FAILED
		failed=1
	fi
	# shellcheck disable=SC2059
	printf "$row" "$package $target" "$(last execs)" "$(last interesting), $(last total)" $((SECONDS - began)) $result
	if [ $result = FAILED ]; then
		sed 's/^/    /' "$log" >&2
	fi
done < <(grep -rn --include='*_test.go' '^func Fuzz' internal bench | sort)
exit $failed
