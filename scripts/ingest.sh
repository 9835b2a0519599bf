#!/usr/bin/env bash
# Publishes a test picture with a running clock, and a tone with a beep each
# second, to a running server until it is stopped:
#
#   scripts/ingest.sh               to the channel "test", which it makes
#   KEY=live_… scripts/ingest.sh    with this stream key
#   CHANNEL=name scripts/ingest.sh  without a key, for a server with --open
#
# SERVER is the address (rtmp://127.0.0.1:1935/live), DATA the server's data
# folder (./data).
set -euo pipefail
cd "$(dirname "$0")/.."

server=${SERVER:-rtmp://127.0.0.1:1935/live}
data=${DATA:-./data}
scripts/apt-install.sh "test pictures" ffmpeg=ffmpeg

if [ -n "${KEY:-}" ]; then
	name=$KEY shown="the channel of the key"
elif [ -n "${CHANNEL:-}" ]; then
	name=$CHANNEL shown=$CHANNEL
elif [ -e "$data/rostrum.db" ]; then
	shown=test
	if ! bin/rostrum channel list --data "$data" | grep -q '^test '; then
		bin/rostrum channel add test --data "$data" >/dev/null 2>&1
	fi
	# The text of an older key is not kept anywhere: make a new one.
	name=$(bin/rostrum channel key rotate test --data "$data" 2>/dev/null)
else
	echo "rostrum: no database in $data: give DATA=, KEY= or CHANNEL=" >&2
	exit 2
fi

echo "publishing to $shown at $server, until Ctrl-C"
clock="drawtext=text='%{localtime\:%T}':fontsize=96:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=16:x=(w-tw)/2:y=(h-th)/2"
exec ffmpeg -hide_banner -loglevel warning -nostdin -re \
	-f lavfi -i "testsrc2=size=1280x720:rate=30" \
	-f lavfi -i "sine=frequency=330:beep_factor=4:sample_rate=48000" \
	-vf "$clock" -pix_fmt yuv420p \
	-c:v libx264 -preset veryfast -tune zerolatency -profile:v high -b:v 2500k -maxrate 2500k -bufsize 2500k \
	-g 60 -keyint_min 60 -sc_threshold 0 \
	-c:a aac -b:a 128k -ac 2 -af "volume=0.3" \
	-f flv "$server/$name"
