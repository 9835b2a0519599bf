#!/usr/bin/env bash
# apt-install.sh WHO PROGRAM=PACKAGE[,PACKAGE]... installs the packages of the
# programs that are not there, with apt-get. WHO needs them, for messages. A
# program is a name, or a pattern of its path where it is in no PATH.
set -euo pipefail

who=$1
shift
programs=() packages=()
for pair in "$@"; do
	program=${pair%%=*}
	if [ -x "/usr/sbin/$program" ] || command -v "$program" >/dev/null || compgen -G "$program" >/dev/null; then
		continue
	fi
	programs+=("$program")
	IFS=, read -ra more <<<"${pair#*=}"
	packages+=("${more[@]}")
done
if [ ${#packages[@]} -eq 0 ]; then
	exit 0
fi

give_up() {
	echo "rostrum: $who need ${programs[*]}, and $1." >&2
	echo "rostrum: install by hand, as Debian calls them: ${packages[*]}" >&2
	exit 1
}

command -v apt-get >/dev/null || give_up "this machine has no apt-get to install them with"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	# -n: no step asks a question, not even for a password.
	sudo -n true 2>/dev/null || give_up "this user may not install them: neither root nor sudo without a password"
	as_root=(sudo -n)
fi
as_root+=(env DEBIAN_FRONTEND=noninteractive)

echo "installing ${packages[*]} for $who"
"${as_root[@]}" apt-get update -qq || give_up "apt-get update failed"
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null ||
	give_up "apt-get could not install them"
