#!/usr/bin/env bash
# Builds the Debian packages from a clean copy of the project's files into out/, and asks lintian,
# which must have nothing to say. Nothing outside build/ and out/ changes.
set -euo pipefail
source tools/dev/common.sh

room=build/package
source_tree=$room/usher

# What git knows of, as it stands: neither objects nor leftovers get into a package.
copy_sources() {
  rm -rf "$source_tree"
  mkdir -p "$source_tree"
  project_files . | tar --null --files-from=- -cf - | tar -C "$source_tree" -xf -
}

build_packages() {
  (
    cd "$source_tree"
    DEB_BUILD_OPTIONS="parallel=$(jobs_at_once) ${DEB_BUILD_OPTIONS:-}" \
      dpkg-buildpackage --unsigned-source --unsigned-changes >"../build.log" 2>&1
  ) || {
    tail -n 40 "$room/build.log" >&2
    die "the packages did not build: $room/build.log"
  }
}

# Renamed into place only when all is well: out/ never holds half of a build.
hand_over() {
  mkdir -p out
  rm -f out/*.deb
  mv "$room"/*.deb out/
}

run setup.sh package
rm -f "$room"/*.deb "$room"/*.dsc "$room"/*.changes
copy_sources
build_packages
lintian --allow-root --fail-on error,warning "$room"/*.changes || die "lintian has findings"
hand_over
printf '%s\n' out/*.deb
