#!/usr/bin/env bash
# deb.sh BINARY FOLDER [OPTION...] makes a Debian package of the binary, and
# prints its path; the options are dpkg-deb's. It needs dpkg-deb, which each Debian has; root is not needed.
set -euo pipefail

binary=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
shift 2
cd "$(dirname "$0")/.."

command -v dpkg-deb >/dev/null || {
	echo "rostrum: dpkg-deb is needed to make a Debian package, and this machine has none" >&2
	exit 1
}

# v1.2.3, or v0.0.0-DATE-COMMIT of a build between releases, or dev. What stands
# behind ~ is older than the release.
version=$("$binary" version | cut -d ' ' -f 2)
case $version in
v[0-9]*) version=$(sed 's/^v//; s/-/~/; s/-/./g' <<<"$version") ;;
*) version=0~dev ;;
esac
architecture=$(dpkg --print-architecture)

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
put() { install -D -m "$1" "$2" "$root/$3"; }
put 755 "$binary" usr/bin/rostrum
put 644 packaging/rostrum.service lib/systemd/system/rostrum.service
put 644 packaging/rostrum.yml etc/rostrum/rostrum.yml # postinst shuts the folder
put 644 packaging/debian/lintian-overrides usr/share/lintian/overrides/rostrum
doc=usr/share/doc/rostrum
install -d "$root/$doc"
{
	echo "Upstream: https://github.com/rostrumlive/rostrum"
	echo
	cat LICENSE
} >"$root/$doc/copyright"
when=$(date -R -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}")
gzip -9n >"$root/$doc/changelog.gz" <<END
rostrum ($version) stable; urgency=medium

  * What is new stands with the release.

 -- The Rostrum authors <rostrum@users.noreply.github.com>  $when
END

install -d "$root/DEBIAN"
for script in postinst prerm postrm; do
	install -m 755 "packaging/debian/$script" "$root/DEBIAN/$script"
done
echo /etc/rostrum/rostrum.yml >"$root/DEBIAN/conffiles"
size=$(du -sk --exclude=DEBIAN "$root" | cut -f 1)
sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/" packaging/debian/control.in >"$root/DEBIAN/control"
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
chmod -R u+rwX,go+rX "$root/usr" "$root/lib" "$root/DEBIAN"
chmod 755 "$root" "$root/etc" "$root/etc/rostrum"

package=$out/rostrum_${version}_$architecture.deb
SOURCE_DATE_EPOCH=$(date -d "$when" +%s) dpkg-deb --root-owner-group "$@" --build "$root" "$package" >/dev/null
echo "$package"
