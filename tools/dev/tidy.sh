#!/usr/bin/env bash
# clang-tidy over every .cpp of what ships, two at a time; tests and benchmarks are read when named
# (they take as long again, and the compiler and the house rules hold them too). A file without a
# finding is remembered by the hash of all it depends on, so only what changed is read again: here in
# build/lint-cache, and for every clone in tools/lint/read_clean.txt. A change to the file, to a header
# it reaches, to its compile command, the settings or the tool makes another hash. Arguments: only these
# files; --all: every file, whatever is remembered (./dev proof tidy).
set -euo pipefail
source tools/dev/common.sh

cache=$PWD/build/lint-cache
clean=tools/lint/read_clean.txt
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
    # The processor it runs on changes nothing it finds.
    clang-tidy --version | grep -v 'Host CPU'
    cat .clang-tidy tests/.clang-tidy
  } | sha256sum)
  awk -v tree="$tree" -f tools/dev/include_closure.awk "$@" |
    while read -r file closure; do
      # shellcheck disable=SC2086  # a list of paths without blanks
      printf '%s %s\n' "$({ echo "$common"; command_of "$file" | portable; cat $closure; } |
        sha256sum | cut -c1-32)" "$file"
    done
}

# The same in every clone, and whichever name the compiler was called by.
portable() { sed -e "s|$PWD/||g; s|$PWD||g" -e 's|"command": "[^ ]* |"command": "|'; }

remembered() { [[ -e $cache/$1 ]] || grep -qsx "$1 $2" "$clean"; }

# What the list says of files as they stand now; one that waits for a mend is not on it.
write_list() {
  local key file
  while read -r key file; do
    if remembered "$key" "$file"; then printf '%s %s\n' "$key" "$file"; fi
  done <<<"$1" | sort -k2 >"$cache/list"
  if ! cmp -s "$cache/list" "$clean"; then cp "$cache/list" "$clean"; fi
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
forget=0
if [[ ${1:-} == --all ]]; then forget=1 && shift; fi
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
keyed=$(keys "${files[@]}")
mapfile -t todo < <(while read -r key file; do
  [[ -n $(command_of "$file") ]] || continue
  if ((forget)) || ! remembered "$key" "$file"; then printf '%s %s\n' "$key" "$file"; fi
done <<<"$keyed")
say "lint: clang-tidy reads ${#todo[@]} of ${#files[@]} files"
status=$orphans
if ((${#todo[@]} > 0)); then
  # A header's finding shows in every file that includes it: once is enough.
  printf '%s\n' "${todo[@]}" | xargs -P "$(jobs_at_once)" -L 1 "$0" --one | sort -u || status=1
fi
# After reading everything: the list is of this tree.
if (($# == 0)); then write_list "$keyed"; fi
exit "$status"
