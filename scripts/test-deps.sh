#!/usr/bin/env bash
# Installs the programs that the tests drive, where they are missing.
exec "$(dirname "$0")/apt-install.sh" "the tests" \
	ffmpeg=ffmpeg chromium=chromium cvlc=vlc-bin,vlc-plugin-base gcc=gcc,libc6-dev \
	obs=obs-studio Xvfb=xvfb
