#!/usr/bin/env bash
# Checks that Go and Node are there and new enough, and says what to do when
# they are not.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=0
complain() {
	echo "rostrum: $*" >&2
	missing=1
}

# at_least HAVE WANTED compares versions such as 1.26.3.
at_least() {
	[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

go_wanted=1.26
if ! command -v go >/dev/null; then
	complain "Go $go_wanted is needed and there is none: install it from https://go.dev/dl/ and put its bin folder on PATH."
elif ! go_have=$(go env GOVERSION 2>/dev/null) || ! at_least "${go_have#go}" "$go_wanted"; then
	complain "Go $go_wanted is needed and this is $(GOTOOLCHAIN=local go version | cut -d' ' -f3): install a newer one from https://go.dev/dl/."
fi

node_wanted=20.19
if ! command -v node >/dev/null; then
	complain "Node $node_wanted is needed and there is none: install it from https://nodejs.org/ or with nvm."
elif node_have=$(node --version) && ! at_least "${node_have#v}" "$node_wanted"; then
	complain "Node $node_wanted is needed and this is $node_have: install a newer one from https://nodejs.org/ or with nvm."
elif ! command -v npm >/dev/null; then
	complain "npm is needed and there is none: it comes with Node from https://nodejs.org/."
fi

exit "$missing"
