#!/usr/bin/env bash
# Installs the programs that the tests drive, where they are missing.
set -euo pipefail
cd "$(dirname "$0")"

./apt-install.sh "the tests" \
	ffmpeg=ffmpeg chromium=chromium cvlc=vlc-bin,vlc-plugin-base gcc=gcc,libc6-dev \
	gst-launch-1.0=gstreamer1.0-tools,gstreamer1.0-plugins-base,gstreamer1.0-plugins-good,gstreamer1.0-plugins-bad,gstreamer1.0-libav \
	curl=curl python3=python3 systemd-analyze=systemd nginx=nginx,libnginx-mod-rtmp obs=obs-studio Xvfb=xvfb "/usr/lib/postgresql/*/bin/initdb=postgresql"

# Chromium's engine alone, of Debian: most tests of the pages take half the time
# with it. Where there is none they take Chromium.
if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
	./apt-install.sh "quicker tests" chromium-headless-shell=chromium-headless-shell || echo "rostrum: the tests go on without it" >&2
fi
