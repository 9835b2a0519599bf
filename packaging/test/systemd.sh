#!/usr/bin/env bash
# systemd.sh BINARY [FOLDER] tries the Debian package under a real systemd: it
# boots a Debian of its own, which has no network but its loopback, and installs,
# uses, restarts, upgrades and purges the package there. It needs root, debootstrap
# and systemd-nspawn (apt install debootstrap systemd-container), and for the first
# time Debian's archive; FOLDER keeps the Debian for the next time.
set -euo pipefail

binary=$(realpath "$1")
work=${2:-$(mktemp -d)}
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "systemd.sh: this needs root" >&2; exit 1; }
mkdir -p "$work"

tree=$work/debian
if [ ! -e "$tree/usr/bin/ffmpeg" ]; then
	rm -rf "$tree"
	debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,adduser,init-system-helpers,ca-certificates,curl,procps,jq \
		bookworm "$tree"
	cp /etc/resolv.conf "$tree/etc/resolv.conf"
	DEBIAN_FRONTEND=noninteractive chroot "$tree" apt-get install -y -q --no-install-recommends ffmpeg
fi

root=$work/run
rm -rf "$root"
cp -a "$tree" "$root"
first=$(scripts/deb.sh "$binary" "$work" -Zgzip -z1)
# The next version: the same program under a higher number.
next=$work/next
rm -rf "$next"
dpkg-deb --raw-extract "$first" "$next"
sed -i 's/^Version: .*/&+next/' "$next/DEBIAN/control"
cp "$first" "$root/srv/first.deb"
dpkg-deb --root-owner-group -Zgzip -z1 --build "$next" "$root/srv/next.deb" >/dev/null

systemd-nspawn --quiet -D "$root" --boot --register=no --keep-unit --private-network --console=pipe >"$work/console" 2>&1 </dev/null &
machine=$!
end() {
	status=$?
	if [ $status -ne 0 ] && [ -n "${leader:-}" ]; then
		inside journalctl --no-pager -n 60 -u rostrum || true
	fi
	kill "$machine" 2>/dev/null || true # SIGTERM has it shut down
	wait "$machine" 2>/dev/null || true
	exit $status
}
trap end EXIT
wait_for() {
	local what=$1
	shift
	for _ in $(seq 120); do
		if "$@" >/dev/null 2>&1; then return 0; fi
		sleep 0.5
	done
	echo "systemd.sh: waited in vain for $what" >&2
	return 1
}
find_leader() { leader=$(pgrep -P "$machine" | head -n 1) && [ -n "$leader" ]; }
inside() { nsenter -t "$leader" --all --wdns=/srv env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
say() { echo "== $*"; }

wait_for "the machine" find_leader
booted() { inside systemctl is-system-running | grep -qE 'running|degraded'; }
wait_for "its start" booted
say "systemd $(inside systemctl --version | head -n 1 | cut -d ' ' -f 2) runs"

say install
inside apt-get install -y -q /srv/first.deb
ready() { inside curl -sf http://127.0.0.1:8080/readyz; }
wait_for "the service" ready
inside systemctl is-active rostrum
inside systemctl is-enabled rostrum
inside sh -c 'journalctl -u rostrum | grep -q setup#'
[ "$(inside stat -c '%U %a' /var/lib/rostrum)" = "rostrum 750" ]
[ "$(inside sh -c 'stat -c %U /proc/$(systemctl show -P MainPID rostrum)')" = rostrum ]

say publish
cli() { inside runuser -u rostrum -- rostrum "$@" --config /etc/rostrum/rostrum.yml; }
cli channel add alice
key=$(cli channel key alice | grep -oE 'live_[0-9a-z]+' | head -n 1)
publish() {
	inside ffmpeg -hide_banner -loglevel error -re -f lavfi -i testsrc2=s=320x180:r=30 -f lavfi -i sine -t 60 \
		-c:v libx264 -preset ultrafast -g 60 -pix_fmt yuv420p -c:a aac -f flv "rtmp://127.0.0.1/live/$key" >/dev/null 2>&1 </dev/null &
	encoder=$!
}
publish
playing() { inside curl -sf http://127.0.0.1:8080/live/alice/index.m3u8; }
wait_for "the stream" playing
picture() { inside curl -sf -o /dev/null http://127.0.0.1:8080/live/alice/preview.jpg; }
wait_for "a picture of it, which a child process makes" picture
broadcast=$(inside curl -sf http://127.0.0.1:8080/api/v1/channels/alice | grep -oE '"broadcast":"[0-9a-z]+"' | cut -d '"' -f 4)
# Its verdict is the stream's; 2 would be trouble of its own.
cli doctor http://127.0.0.1:8080/live/alice/index.m3u8 || [ $? -eq 1 ]

say restart
inside systemctl restart rostrum
wait "$encoder" || true
wait_for "the service after a restart" ready
publish
same() { playing && inside curl -sf http://127.0.0.1:8080/api/v1/channels/alice | grep -q "$broadcast"; }
wait_for "the same broadcast" same

say upgrade
inside apt-get install -y -q /srv/next.deb
wait "$encoder" || true
inside dpkg-query -W -f '${Version}\n' rostrum | grep -q '+next$'
wait_for "the service after the upgrade" ready
inside systemctl is-active rostrum
inside curl -sf http://127.0.0.1:8080/api/v1/channels/alice >/dev/null

say "what it may do"
inside systemd-analyze security rostrum --no-pager | tail -n 1
inside sh -c 'journalctl -u rostrum -p warning --no-pager | grep -iE "denied|not permitted|seccomp"' && exit 1

say "stop and start"
inside systemctl stop rostrum
[ "$(inside systemctl show -P Result rostrum)" = success ]
inside systemctl start rostrum
wait_for "the service" ready

say "remove and purge"
inside apt-get remove -y -q rostrum
! ready 2>/dev/null
inside test -e /var/lib/rostrum/rostrum.db
inside apt-get purge -y -q rostrum
for left in /var/lib/rostrum /etc/rostrum /usr/bin/rostrum /lib/systemd/system/rostrum.service /etc/systemd/system/multi-user.target.wants/rostrum.service; do
	if inside test -e "$left"; then
		echo "systemd.sh: $left is left" >&2
		exit 1
	fi
done
! inside getent passwd rostrum
say good
