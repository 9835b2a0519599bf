#!/usr/bin/env bash
# Starts a demo server with a data folder of its own, lets the pages be
# photographed, and stops it. Its argument is a regular expression of the files
# that are wanted, all if there is none.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/apt-install.sh "the pictures" "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf=fonts-noto-color-emoji"

site=127.0.0.1:18080
rtmp=127.0.0.1:11935
data=$(mktemp -d)
bin/rostrum serve --demo --data "$data" --http-addr "$site" --rtmp-addr $rtmp --metrics-addr off \
	>"$data/server.log" 2>&1 &
server=$!
clean() {
	kill "$server" 2>/dev/null && wait "$server" || true
	rm -rf "$data"
}
trap clean EXIT

# on_air tells whether the demo channel can be watched.
on_air() {
	node -e "fetch('http://$site/live/demo/index.m3u8').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
}
# make_recording publishes for some seconds, so that there is a recording to show.
make_recording() {
	SERVER=rtmp://$rtmp/live DATA=$data timeout 8 scripts/ingest.sh >>"$data/ingest.log" 2>&1 || true
}
for _ in $(seq 60); do
	if on_air; then
		make_recording
		node ui/scripts/screenshots.mjs "http://$site" docs/screenshots "${1:-}"
		exit
	fi
	if ! kill -0 "$server" 2>/dev/null; then
		break
	fi
	sleep 1
done
echo "rostrum: the demo server did not come on air; its last lines:" >&2
tail -n 20 "$data/server.log" >&2
exit 1
