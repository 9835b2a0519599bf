#!/usr/bin/env bash
# containers.sh [FOLDER] tries the container files with nothing from a registry of
# images: compose's own loader reads the compose files; the image is built, and is run
# as compose would run it: as its user, read-only, with no right of root's, and here
# with no network but a loopback of its own. In there a channel is made and published
# to, and the server restarted and stopped.
#
# It needs root, Go, Node with npm, buildah, podman and debootstrap (apt install
# buildah podman runc debootstrap), and Debian's archive. The images that are built
# upon are made of a Debian by debootstrap, which FOLDER keeps for the next time, and
# of this machine's Go, Node, registries and certificates; BASE_IMAGE, GO_IMAGE and
# NODE_IMAGE name others in their place, which are here already. Where podman does not
# run as it is set up, a file that CONTAINERS_CONF names says how (containers.conf(5)):
# within another container, say, by runtime = "runc" and cgroup_manager = "cgroupfs".
set -euo pipefail

work=${1:-$(mktemp -d)}
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "containers.sh: this needs root" >&2; exit 1; }
mkdir -p "$work"
work=$(realpath "$work")
export BUILDAH_ISOLATION=${BUILDAH_ISOLATION:-chroot} # builds ask nothing of the machine's cgroups
export DISABLE_HC_SYSTEMD=true                        # health is asked for below, and by no timer

say() { echo "== $*"; }
name=rostrum-test-$$ # of images, of the container and of its volume
working=()
end() {
	status=$?
	if [ $status -ne 0 ]; then podman logs "$name" 2>&1 | tail -n 60 || true; fi
	podman rm -f -t 0 "$name" >/dev/null 2>&1 || true
	podman volume rm "$name" >/dev/null 2>&1 || true
	[ ${#working[@]} -eq 0 ] || buildah rm "${working[@]}" >/dev/null 2>&1 || true
	buildah rmi "$name" "$name-go" "$name-node" "$name-base" >/dev/null 2>&1 || true
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
	echo "containers.sh: waited in vain for $what" >&2
	return 1
}

say "compose files"
# Compose's own loader, in a module of its own that ours need not know.
mkdir -p "$work/compose"
cat >"$work/compose/main.go" <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if err := show(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func show(files []string) error {
	o, err := cli.NewProjectOptions(files, cli.WithOsEnv)
	if err != nil {
		return err
	}
	project, err := o.LoadProject(context.Background())
	if err != nil {
		return err
	}
	text, err := project.MarshalYAML()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}
GO
cat >"$work/compose/go.mod" <<'GO'
module compose

go 1.25

require github.com/compose-spec/compose-go/v2 v2.16.2
GO
(cd "$work/compose" && go mod tidy && go build -o compose .) >"$work/compose/log" 2>&1 || { cat "$work/compose/log" >&2; exit 1; }
for file in compose.yaml compose.postgresql.yaml; do
	POSTGRES_PASSWORD=secret "$work/compose/compose" "packaging/$file" >"$work/compose/$file"
	for line in 'read_only: true' 'dockerfile: packaging/Containerfile' "context: $PWD"; do
		grep -q "$line" "$work/compose/$file" || { echo "containers.sh: $file does not come to \"$line\"" >&2; exit 1; }
	done
done
if env -u POSTGRES_PASSWORD "$work/compose/compose" packaging/compose.postgresql.yaml >/dev/null 2>&1; then
	echo "containers.sh: a database without a password" >&2
	exit 1
fi

say "images to build upon"
tree=$work/base
if [ -z "${BASE_IMAGE:-}" ] && [ ! -e "$tree" ]; then
	rm -rf "$tree.new"
	debootstrap --variant=minbase bookworm "$tree.new"
	mv "$tree.new" "$tree"
fi
begin() { # an image from another
	container=$(buildah from --pull-never "$1")
	working+=("$container")
}
if [ -z "${BASE_IMAGE:-}" ]; then
	begin scratch
	buildah add -q "$container" "$tree" / >/dev/null
	buildah config --cmd bash --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
	buildah commit -q "$container" "$name-base" >/dev/null
	BASE_IMAGE=localhost/$name-base
fi
# certified has programs in the container trust whom this machine trusts.
certified() {
	[ ! -e /etc/ssl/certs/ca-certificates.crt ] ||
		buildah add -q "$container" /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt >/dev/null
}
if [ -z "${GO_IMAGE:-}" ]; then
	begin "$BASE_IMAGE"
	certified
	buildah add -q "$container" "$(go env GOROOT)" /usr/local/go >/dev/null
	buildah config --env PATH=/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin --env "GOPROXY=$(go env GOPROXY)" --env "GOSUMDB=$(go env GOSUMDB)" "$container"
	buildah commit -q "$container" "$name-go" >/dev/null
	GO_IMAGE=localhost/$name-go
fi
if [ -z "${NODE_IMAGE:-}" ]; then
	begin "$BASE_IMAGE"
	certified
	buildah add -q "$container" "$(node -p process.execPath)" /usr/local/bin/node >/dev/null
	buildah add -q "$container" "$(realpath "$(dirname "$(realpath "$(command -v npm)")")/..")" /usr/local/lib/node_modules/npm >/dev/null
	buildah run "$container" ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
	buildah config --env PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --env "npm_config_registry=$(npm config get registry)" \
		--env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$container"
	buildah commit -q "$container" "$name-node" >/dev/null
	NODE_IMAGE=localhost/$name-node
fi

say build
buildah build --pull-never --network host --format docker -f packaging/Containerfile -t "$name" \
	--build-arg "BASE_IMAGE=$BASE_IMAGE" --build-arg "GO_IMAGE=$GO_IMAGE" --build-arg "NODE_IMAGE=$NODE_IMAGE" .

say run
# What compose.yaml asks for; the volume is new, and takes its owner from the image.
podman run -d --name "$name" --network none --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
	--volume "$name:/var/lib/rostrum" "localhost/$name" >/dev/null
inside() { podman exec "$name" "$@"; }
healthy() { podman healthcheck run "$name"; }
wait_for "the server's health" healthy
[ "$(inside id -u)" = 10001 ]
[ "$(inside stat -c '%u %a' /var/lib/rostrum)" = "10001 750" ]
inside grep -qE '^CapEff:\s+0+$' /proc/self/status
if inside sh -c ': >/usr/bin/rostrum-2' 2>/dev/null; then
	echo "containers.sh: the image can be written to" >&2
	exit 1
fi
# All of it is read: who stopped at the first hit would break what writes.
podman logs "$name" 2>&1 | grep 'setup#' >/dev/null
inside curl -fs http://127.0.0.1:8080/ | grep '<script' >/dev/null
inside curl -fs http://127.0.0.1:9090/metrics | grep '^rostrum_' >/dev/null

say publish
inside rostrum channel add alice
key=$(inside rostrum channel key alice | grep -oE 'live_[0-9a-z]+' | head -n 1)
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
broadcast() { inside curl -sf http://127.0.0.1:8080/api/v1/channels/alice | grep -oE '"broadcast":"[0-9a-z]+"'; }
before=$(broadcast)

say restart
podman restart -t 60 "$name" >/dev/null
wait "$encoder" || true
wait_for "the server's health after a restart" healthy
publish
same() { playing && [ "$(broadcast)" = "$before" ]; }
wait_for "the same broadcast" same

say stop
podman stop -t 60 "$name" >/dev/null
wait "$encoder" || true
[ "$(podman inspect -f '{{.State.ExitCode}}' "$name")" = 0 ]
say good
