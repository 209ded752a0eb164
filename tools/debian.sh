#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run make in a Debian of its own: tools/debian.sh 12|13|13-backports TARGET...
#
# 12 and 13 have the QGIS of their release, 13-backports the one of trixie-backports. The roots are
# made with debootstrap, with nothing but git, make and Python, and kept in the cache folder; what
# git knows of this checkout is copied in. FRESH=1 begins with an empty root again.
#
# Everything mounted is in a mount namespace of its own and ends with its last process, however that
# ended: removing a root can never reach anything outside it.
#
# Where this cannot work (no root, no debootstrap, no network), it says why and ends well.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/ksdiff_qgis
checkout=$(cd "$(dirname "$0")/.." && pwd -P)
place=/src/checkout
home=/root # of the user in the root
backported=3.44 # QGIS of trixie-backports

skip() {
  echo "Debian $name: skipped, because $1"
  exit 0
}

# A release's bare system, without its package lists; interrupted, it is begun again.
make_base() {
  rm -rf "$base" "$base.part"
  mkdir -p "$cache"
  echo "Debian $name: making $base"
  debootstrap --variant=minbase --include=ca-certificates,git,make,python3 \
    "$release" "$base.part" > "$cache/$release.log" 2>&1 || {
    tail -n 3 "$cache/$release.log" >&2
    skip "debootstrap could not fetch it (see $cache/$release.log)"
  }
  mv "$base.part" "$base"
}

make_root() {
  rm -rf "$root" "$root.part"
  cp -a --reflink=auto "$base" "$root.part"
  # What is half written after a power cut is made anew.
  echo force-unsafe-io > "$root.part/etc/dpkg/dpkg.cfg.d/unsafe-io"
  if [ "$name" != "$number" ]; then
    sed "s/ $release / $release-backports /" "$base/etc/apt/sources.list" \
      > "$root.part/etc/apt/sources.list.d/backports.list"
    printf 'Package: src:qgis\nPin: release n=%s\nPin-Priority: 500\n' "$release-backports" \
      > "$root.part/etc/apt/preferences.d/qgis"
  fi
  mv "$root.part" "$root"
}

# The checkout as it is on the disk, but for what git ignores; what make made in the root stays.
copy_checkout() {
  mkdir -p "$root$place"
  find "$root$place" -mindepth 1 -maxdepth 1 \
    ! -name .venv ! -name .venv-qgis ! -name build -exec rm -rf {} +
  (cd "$checkout" && git ls-files -z --cached --others --exclude-standard \
    | xargs -0 sh -c 'for f; do if [ -e "$f" ]; then printf "%s\0" "$f"; fi; done' sh \
    | tar -c --null -T - -f -) | tar -x -C "$root$place" -f -
}

# pip in the root finds its packages as pip here does: the same configuration and certificates.
# Prints the folders which that names; an index lies in a folder "simple" beside its files.
copy_pip_configuration() {
  user=${XDG_CONFIG_HOME:-$HOME/.config}/pip/pip.conf
  mkdir -p "$root$home/.config/pip"
  for pair in "/etc/pip.conf:/etc/pip.conf" "$user:$home/.config/pip/pip.conf"; do
    if [ -f "${pair%%:*}" ]; then cp "${pair%%:*}" "$root${pair##*:}"; fi
  done
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  bundle=/etc/ssl/certs/ca-certificates.crt
  if [ -f "$bundle" ]; then cp -L "$bundle" "$root$bundle"; fi
  { cat /etc/pip.conf "$user" 2> /dev/null; env | grep '^PIP_'; } \
    | grep -oE "(file://)?/[^ \"'=]+" | sed -e 's|^file://||' -e 's|/simple/*$||' | sort -u \
    | while read -r path; do if [ -d "$path" ]; then echo "$path"; fi; done
}

# In the root: backports may have dropped QGIS, and apt then takes that of the release.
check_backport() {
  within make -C "$place" build/.qgis
  version=$(within dpkg-query --show --showformat '${Version}' python3-qgis)
  printf '%s\n' "$backported" "${version#*:}" | sort -V -C || {
    echo "Debian $name: QGIS $version was installed; $backported or newer is to be tested here." \
      "See whether $release-backports still has it, or begin again with FRESH=1." >&2
    exit 1
  }
}

# Run a program in the root, with what of these variables is passed on.
within() {
  passed=$(env | grep -E '^(PIP_|CI=|PYTEST_ARGS=|[a-z]+_proxy=)' | sed "s/'/'\\\\''/g; s/.*/'&'/")
  eval "set -- $(echo $passed)" '"$@"'
  env -i HOME="$home" LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    "$chroot" "$root" env "$@"
}

# In the namespace: mounts, then make.
inside() {
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/tmp"
  for path in dev $(cat "$root.folders"); do
    mkdir -p "$root/$path"
    mount --rbind "/${path#/}" "$root/$path"
  done
  if [ -d "$checkout/../shared" ]; then
    mkdir -p "$root$place/../shared"
    mount --bind -o ro "$checkout/../shared" "$root$place/../shared"
  fi
  if [ "$name" != "$number" ]; then check_backport; fi
  within "$@"
}

name=${1:?12, 13 or 13-backports}
shift
number=${name%-backports}
case $name in
  12) release=bookworm ;;
  13 | 13-backports) release=trixie ;;
  *) echo "Debian $name is not known here: 12, 13 or 13-backports." >&2; exit 2 ;;
esac
base=$cache/$release
root=$cache/debian-$name
if [ "${KSDIFF_IN_NAMESPACE:-}" = yes ]; then
  chroot=$(command -v chroot)
  inside "$@"
  exit
fi

[ "$(id -u)" -eq 0 ] || skip "that takes root"
command -v debootstrap > /dev/null || skip "debootstrap is not installed"
unshare --mount --pid --fork true 2> /dev/null || skip "mount namespaces are not allowed here"
[ -d "$base" ] || make_base
if [ ! -d "$root" ] || [ -n "${FRESH:-}" ]; then make_root; fi
copy_checkout
copy_pip_configuration > "$root.folders"
echo "Debian $name: make $* in $root"
KSDIFF_IN_NAMESPACE=yes exec unshare --mount --pid --fork --kill-child \
  "$0" "$name" make -C "$place" "$@"
