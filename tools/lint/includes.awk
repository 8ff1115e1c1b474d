# Include arrows point down only, and one wrapper file includes a C library's header (rooms.txt).

function read_table(    line, cell, n, i) {
  while ((getline line < (lint_dir "/rooms.txt")) > 0) {
    n = split(line, cell, " ")
    if (cell[1] == "room") {
      rooms[++room_count] = cell[2]
      for (i = 3; i <= n; i++) allowed[cell[2]] = allowed[cell[2]] " " cell[i]
    } else if (cell[1] == "header") {
      headers[++header_count] = cell[2]
      for (i = 3; i <= n; i++) wrappers[cell[2]] = wrappers[cell[2]] " " cell[i]
    } else if (cell[1] == "bare") {
      for (i = 2; i <= n; i++) bare[++bare_count] = cell[i]
    } else if (cell[1] == "std") {
      for (i = 2; i <= n; i++) standard[cell[i]] = 1
    }
  }
}

function under(path, folder) { return index(path, folder "/") == 1 }

# The most particular room a file stands in, "" for tests, bench and the like.
function room_of(path,    i, best) {
  for (i = 1; i <= room_count; i++) {
    if (under(path, rooms[i]) && length(rooms[i]) > length(best)) best = rooms[i]
  }
  return best
}

function may_include(room, path,    list, n, i) {
  if (under(path, room)) return 1
  n = split(allowed[room], list, " ")
  for (i = 1; i <= n; i++) if (under(path, list[i]) || path == list[i]) return 1
  return 0
}

function any_matches(path, patterns,    list, n, i) {
  n = split(patterns, list, " ")
  for (i = 1; i <= n; i++) if (matches(path, list[i])) return 1
  return 0
}

function check_own(path) {
  if (path !~ /\//) return  # made by the build
  if (!may_include(room, path)) report(FNR, room " may not include \"" path "\" (rooms.txt)")
}

function check_library(path,    i) {
  for (i = 1; i <= header_count; i++) {
    if (index(path, headers[i]) != 1) continue
    if (!any_matches(FILENAME, wrappers[headers[i]])) {
      report(FNR, "<" path "> belongs in its one wrapper:" wrappers[headers[i]])
    }
    return
  }
  if (is_bare && path !~ /\.h$/ && !(path in standard)) {
    report(FNR, "<" path "> needs the C++ runtime, and this file is linked into sshd and sudo")
  }
}

BEGIN { read_table() }
FNR == 1 {
  room = is_cpp(FILENAME) ? room_of(FILENAME) : ""
  is_bare = 0
  for (i = 1; i <= bare_count; i++) if (matches(FILENAME, bare[i])) is_bare = 1
}
room == "" { next }
{
  line = code_of($0)
  if (line !~ /^[ \t]*#[ \t]*include/) next
  if (match(line, /"[^"]+"/)) check_own(substr(line, RSTART + 1, RLENGTH - 2))
  else if (match(line, /<[^>]+>/)) check_library(substr(line, RSTART + 1, RLENGTH - 2))
}
