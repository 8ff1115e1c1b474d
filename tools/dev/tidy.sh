#!/usr/bin/env bash
# clang-tidy over every .cpp of what ships, two at a time; tests and benchmarks are read when named
# (they take as long again, and the compiler and the house rules hold them too). A clean file is remembered by the hash of all it
# depends on (build/lint-cache), so only what changed is read again. Arguments: only these files.
set -euo pipefail
source tools/dev/common.sh

cache=$PWD/build/lint-cache
tree=build/lint

# Compile commands, and the headers that the build makes. Configured anew each time: a new file
# that CMake has not seen has no command.
prepare() {
  cmake --preset lint >"$cache/configure.log" 2>&1 ||
    { cat "$cache/configure.log" >&2; die "cmake could not configure $tree; clang-tidy cannot run"; }
  cmake --build "$tree" --target generated --parallel "$(jobs_at_once)" >&2
}

# Prints "HASH FILE" for each file to check. The hash covers the file, the headers of ours it
# reaches, its compile command, the settings and the tool.
keys() {
  local common file
  common=$({
    clang-tidy --version
    cat .clang-tidy tests/.clang-tidy tools/dev/tidy.sh
  } | sha256sum)
  awk -v tree="$tree" -f tools/dev/include_closure.awk "$@" |
    while read -r file closure; do
      # shellcheck disable=SC2086  # a list of paths without blanks
      printf '%s %s\n' "$({ echo "$common"; command_of "$file"; cat $closure; } | sha256sum |
        cut -d' ' -f1)" "$file"
    done
}

command_of() { grep -F "$PWD/$1\"" "$tree/compile_commands.json" || true; }

check_one() {
  local key=$1 file=$2 out
  if out=$(clang-tidy -p "$tree" --quiet "$file" 2>&1); then
    : >"$cache/$key"
    return
  fi
  # Only the findings: the excerpts under them are the file's own lines.
  grep -E '^[^ ]+:[0-9]+:[0-9]+: (error|warning): ' <<<"${out//"$PWD/"/}" ||
    printf '%s:1: clang-tidy itself failed: %s\n' "$file" "$(tail -n 3 <<<"$out")"
  return 1
}

if [[ ${1:-} == --one ]]; then
  check_one "$2" "$3"
  exit
fi

mkdir -p "$cache"
prepare
if (($# > 0)); then
  files=("$@")
else
  mapfile -d '' -t files < <(project_files '*.cpp' ':!tests' ':!bench')
fi
# What no target compiles cannot be checked: that is a finding, never a silence.
orphans=0
for file in "${files[@]}"; do
  if [[ -z $(command_of "$file") ]]; then
    printf '%s:1: no CMake target compiles this file\n' "$file"
    orphans=1
  fi
done
mapfile -t todo < <(keys "${files[@]}" | while read -r key file; do
  [[ -e $cache/$key ]] || [[ -z $(command_of "$file") ]] || printf '%s %s\n' "$key" "$file"
done)
say "lint: clang-tidy reads ${#todo[@]} of ${#files[@]} files"
((${#todo[@]} > 0)) || exit "$orphans"
# A header's finding shows in every file that includes it: once is enough.
printf '%s\n' "${todo[@]}" | xargs -P "$(jobs_at_once)" -L 1 "$0" --one | sort -u
exit "$orphans"
