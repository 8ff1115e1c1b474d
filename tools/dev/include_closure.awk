# For each file given, one line: the file, then itself and every file of ours it includes, directly
# or not. -v tree=BUILD finds headers made by the build there. Paths hold no blanks.

function reads(path,    line) {
  if (path in includes) return
  includes[path] = " "
  while ((getline line < path) > 0) {
    if (line !~ /^[ \t]*#[ \t]*include[ \t]*"/) continue
    sub(/^[^"]*"/, "", line)
    sub(/".*$/, "", line)
    includes[path] = includes[path] line " "
  }
  close(path)
}

function there(path,    line, found) {
  found = (getline line < path) >= 0
  close(path)
  return found
}

# Where an include leads: from the root, from the build, or beside the file.
function resolve(path, from,    beside) {
  if (there(path)) return path
  if (there(tree "/" path)) return tree "/" path
  beside = from
  sub(/[^\/]*$/, "", beside)
  return there(beside path) ? beside path : ""
}

function walk(path,    list, n, i, next_path) {
  if (path == "" || (path in visited)) return
  visited[path] = 1
  out = out " " path
  reads(path)
  n = split(includes[path], list, " ")
  for (i = 1; i <= n; i++) {
    if (!((path, list[i]) in resolved)) resolved[path, list[i]] = resolve(list[i], path)
    walk(resolved[path, list[i]])
  }
}

BEGIN {
  for (a = 1; a < ARGC; a++) {
    split("", visited)
    out = ""
    walk(ARGV[a])
    print ARGV[a] out
  }
}
