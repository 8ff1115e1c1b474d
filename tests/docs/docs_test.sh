#!/usr/bin/env bash
# Compares what the documents say with the code: keys, options, files, the walkthrough. A tree other
# than this one may be given: docs_test.sh TREE. Each finding is a line; it changes nothing.
set -euo pipefail

cd "${1:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..}"
failures=0

complain() {
  printf 'docs: %s\n' "$*"
  failures=$((failures + 1))
}

# NAME, then two lists of lines. An empty list is a finding too: a pattern that matches nothing any
# more would make every comparison pass.
same_lines() {
  local name=$1 code=$2 document=$3
  if [[ -z $code || -z $document ]]; then
    complain "$name: nothing to compare"
  elif [[ $code != "$document" ]]; then
    complain "$name: the code (<) and the document (>) differ"
    diff <(printf '%s\n' "$code") <(printf '%s\n' "$document") | grep '^[<>]' || true
  fi
}

# --- Settings: "section.key TAB default TAB range" from each of the three places ---

settings_of_code() {
  awk '/KeyRow\{\{"/ { row = ""; open = 1 }
    open { row = row $0; if ($0 ~ /\}/) { open = 0; print row } }' daemon/config_keys.cpp |
    sed -E 's|.*KeyRow\{\{"||; s|"(, Takes::at_start)?\},.*||; s|", +"|\t|g; s|\\"|"|g' | sort
}

# A section's line, then for each key its comment, "# Range: ..." and "# key = default".
settings_of_file() {
  awk '/^\[[a-z_]+\]$/ { section = substr($0, 2, length($0) - 2); next }
    section == "front_ends" { next }
    /^# Range: / { range = substr($0, 10); next }
    /^# [a-z_]+ = / {
      key = $2; sub(/^# [a-z_]+ = /, "")
      print section "." key "\t" $0 "\t" range; range = "(no range)"
    }' config/usher.toml | sort
}

settings_of_manual() {
  awk '/^\.It Ic [a-z_]+\.[a-z_]+$/ { key = $3; next }
    /^Default: / && key != "" {
      sub(/^Default: /, ""); sub(/; range: /, "\t"); print key "\t" $0; key = ""
    }' man/usher.toml.5 | sort
}

settings() {
  local code
  code=$(settings_of_code)
  same_lines config/usher.toml "$code" "$(settings_of_file)"
  same_lines man/usher.toml.5 "$code" "$(settings_of_manual)"
  same_lines 'front ends of man/usher.toml.5' \
    "$(sed -nE 's/^ *FrontEnd\{"([a-z-]+)".*/\1/p' daemon/front_end.cpp | sort)" \
    "$(sed -nE '/^\.It Sy/d; s/^\.It ([a-z-]+) Ta .*/\1/p' man/usher.toml.5 | sort)"
}

# With every default uncommented the daemon itself must take the file, where one is built.
defaults_parse() {
  local daemon=${USHER_DAEMON:-} file
  [[ -n $daemon ]] || return 0
  file=$(mktemp)
  sed -E 's/^# ([a-z_]+ = )/\1/' config/usher.toml >"$file"
  "$daemon" --check-config "$file" >/dev/null || complain "config/usher.toml: its defaults do not parse"
  "$daemon" --check-config config/usher.toml >/dev/null || complain "config/usher.toml does not parse"
  rm -f "$file"
}

# --- Options ---

options() {
  same_lines man/pam_usher.8 \
    "$(sed -nE 's/^constexpr std::string_view k[A-Za-z]+ = "([a-z_]+=?)";$/\1/p' \
      pam_module/options.cpp | sort)" \
    "$(awk '/^\.Sh / { inside = /OPTIONS/ } inside && /^\.It Cm / { print $3 }' \
      man/pam_usher.8 | sort)"
  same_lines man/usherd.8 \
    "$(sed -nE 's/.*\{"([a-z-]+)", (required|no)_argument, .*/\1/p' daemon/command_line.cpp | sort)" \
    "$(sed -nE 's/^\.It Fl -([a-z-]+).*/\1/p' man/usherd.8 | sort)"
}

# Whoever was refused is looked up by these.
audit_reasons() {
  same_lines 'the audit reasons of man/usherctl.1' \
    "$(sed -nE 's|^ +Row\{Reason::[a-z_]+, "(.*)"\},$|\1|p' daemon/sign_in/decision.cpp | sort -u)" \
    "$(awk '/^\.Sh / { inside = /AUDIT REASONS/ } inside && /^\.It Cm / { print $3 }' man/usherctl.1 | sort)"
}

published_path() {
  same_lines man/libnss_usher.8 \
    "$(sed -nE 's/.*kDirectoryFile = "(.*)";$/\1/p' published/format.hpp)" \
    "$(sed -nE 's/^\.It Pa (.*)/\1/p' man/libnss_usher.8)"
}

# --- ARCHITECTURE.md ---

# Words in backticks that are paths of this tree: they hold a slash and do not start with one.
named_paths() {
  tr '`' '\n' | grep -E '^[a-z_]+/[A-Za-z0-9_./-]*$' | sort -u
}

architecture() {
  local lines path
  lines=$(wc -l <ARCHITECTURE.md)
  ((lines <= 200)) || complain "ARCHITECTURE.md has $lines lines, 200 at most"
  while IFS= read -r path; do
    [[ -e $path ]] || complain "ARCHITECTURE.md names $path, which is not there"
  done < <(named_paths <ARCHITECTURE.md)
  # The other way round: a room of the code that the map leaves out.
  while IFS= read -r path; do
    grep -qF "| \`$path/\` |" ARCHITECTURE.md || complain "ARCHITECTURE.md's map lacks $path/"
  done < <(find base protocol published nss_module pam_module daemon courier reaper ctl -type d -not -path daemon/store/schema -not -path 'daemon/letters/templates*')
}

# --- CONTRIBUTING.md: the walkthroughs ---

walkthrough() { awk '/^## / { inside = /Add a (factor|setting)/ } inside' CONTRIBUTING.md; }

factor_walk() {
  local path name
  while IFS= read -r path; do
    [[ $path == daemon/factors/paper.cpp || -e $path ]] ||
      complain "CONTRIBUTING.md names $path, which is not there"
  done < <(walkthrough | named_paths)
  # Functions and values of the interface that the walk tells to use.
  while IFS= read -r name; do
    grep -rqE "\b${name##*::}\b" daemon/factors/factor.hpp daemon/store/factors.hpp ||
      complain "CONTRIBUTING.md names $name, which the interface lacks"
  done < <(walkthrough | grep -oE '(store|Proof)::[a-z_]+' | sort -u)
  # The struct's members in their order, and the designators of the example.
  same_lines 'the example factor of CONTRIBUTING.md' \
    "$(awk '/^struct FactorKind/ { inside = 1 } inside && /^};/ { exit } inside' \
      daemon/factors/factor.hpp |
      sed -nE 's/.*\(\*([a-z_]+)\)\(.*/\1/p; s/^  [A-Za-z:_]+ ([a-z_]+);.*/\1/p')" \
    "$(walkthrough | sed -n '/FactorKind paper_factor{/,/};/p' | grep -oE '\.[a-z_]+ = ' |
      tr -d '. =')"
}

# A factor of one place is in the other two: declared, in the table, defined in a built file.
factor_rows() {
  local declared name file
  declared=$(sed -nE 's/^extern const FactorKind ([a-z0-9_]+);$/\1/p' daemon/factors/factor.hpp | sort)
  same_lines 'the rows of daemon/factors/table.cpp' "$declared" \
    "$(sed -nE 's/^ *&([a-z0-9_]+),.*/\1/p' daemon/factors/table.cpp | sort)"
  same_lines 'the factors of daemon/factors' "$declared" \
    "$(sed -nE 's/^const FactorKind ([a-z0-9_]+)\{.*/\1/p' daemon/factors/*.cpp | sort)"
  for name in $declared; do
    file=daemon/factors/${name%_factor}.cpp
    [[ -f $file ]] || complain "the factor $name has no $file"
    grep -qw "$(basename "$file")" daemon/factors/CMakeLists.txt || complain "$file is not built"
  done
}

settings
defaults_parse
options
audit_reasons
published_path
architecture
factor_walk
factor_rows
((failures == 0)) || exit 1
printf 'docs: the documents agree with the code\n'
