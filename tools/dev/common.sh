#!/usr/bin/env bash
# What every verb shares. Sourced with the repository as the working directory; it runs nothing.

say() { printf '%s\n' "$*" >&2; }
die() {
  say "dev: $*"
  exit 1
}

# Two compilers at a time at most by default: a -j of all cores runs small machines out of memory.
jobs_at_once() {
  local cores
  cores=$(nproc)
  printf '%s\n' "${USHER_JOBS:-$((cores < 4 ? cores : 4))}"
}

run() {
  local script=$1
  shift
  "tools/dev/$script" "$@"
}

# Which packages a preset needs.
group_of() {
  case $1 in
    release) printf 'build\n' ;;
    test | thread | proof | coverage) printf 'test\n' ;;
    fuzz) printf 'fuzz\n' ;;
    *) die "no such preset: $1 (release, test, thread, proof, coverage, fuzz)" ;;
  esac
}

configure_tree() {
  local preset=$1
  # Configure when there is no tree yet or its last configure failed half way; afterwards ninja
  # itself sees changed CMake files.
  [[ -f build/$preset/build.ninja ]] && return
  cmake --preset "$preset" >&2 || die "cmake could not configure build/$preset"
}

build_tree() {
  local preset=$1
  shift
  configure_tree "$preset"
  cmake --build "build/$preset" --parallel "$(jobs_at_once)" "$@" >&2 ||
    die "build/$preset did not build"
}

# Every file of the project, tracked or about to be; NUL-separated; one that was deleted is left
# out. Arguments are git pathspecs.
project_files() {
  local file
  git ls-files -z --cached --others --exclude-standard -- "$@" |
    while IFS= read -r -d '' file; do
      if [[ -f $file ]]; then printf '%s\0' "$file"; fi
    done
}
