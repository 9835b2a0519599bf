#!/usr/bin/env bash
# Installs the programs that the tests drive, where they are missing.
exec "$(dirname "$0")/apt-install.sh" "the tests" \
	ffmpeg=ffmpeg chromium=chromium cvlc=vlc-bin,vlc-plugin-base gcc=gcc,libc6-dev \
	gst-launch-1.0=gstreamer1.0-tools,gstreamer1.0-plugins-base,gstreamer1.0-plugins-good,gstreamer1.0-plugins-bad,gstreamer1.0-libav \
	curl=curl python3=python3 systemd-analyze=systemd nginx=nginx,libnginx-mod-rtmp obs=obs-studio Xvfb=xvfb "/usr/lib/postgresql/*/bin/initdb=postgresql"
