#!/usr/bin/env bash
# Installs the peers and programs that the measurements drive, where they are
# missing.
exec "$(dirname "$0")/apt-install.sh" "the measurements" \
	nginx=nginx,libnginx-mod-rtmp ffmpeg=ffmpeg chromium=chromium
