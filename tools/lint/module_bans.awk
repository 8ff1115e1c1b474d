# What a file that lives inside sshd, sudo or login may not use: it would abort, block or change
# the process it is a guest of, or need a runtime that is not there. Files: `bare` in rooms.txt.

function ban(pattern, after, why) {
  count++
  patterns[count] = pattern
  afters[count] = after
  reasons[count] = why
}

BEGIN {
  while ((getline line < (lint_dir "/rooms.txt")) > 0) {
    n = split(line, cell, " ")
    if (cell[1] == "bare") for (i = 2; i <= n; i++) bare[++bare_count] = cell[i]
  }
  ban("new", "( +[A-Za-z_:]| *[(\\[])", "new needs the C++ runtime")
  ban("virtual", " *~", "a virtual destructor needs operator delete")
  ban("thread_local", "", "thread_local needs a destructor hook in the host")
  ban("std::thread|std::jthread|std::async|pthread_create", "", "a guest starts no thread")
  ban("getenv|secure_getenv|setenv|putenv", " *\\(", "a setuid caller's environment is hostile")
  ban("select|pselect", " *\\(", "select() breaks in callers with 1,024 descriptors; use poll")
  ban("printf|fprintf|puts|fputs|fopen|perror|stdout|stderr", "", "stdio belongs to the host")
  ban("signal|sigaction|sigprocmask|pthread_sigmask|raise", " *\\(", "signals belong to the host")
  ban("fork|vfork|clone|posix_spawn|posix_spawnp|system|popen|execve?", " *\\(",
      "a guest starts no process")
  ban("setlocale|umask|chdir|setuid|seteuid", " *\\(", "the host's process state is not ours")
  ban("throw|dynamic_cast|typeid", "", "built without exceptions and type information")
}

FNR == 1 {
  is_bare = 0
  if (is_cpp(FILENAME)) {
    for (i = 1; i <= bare_count; i++) if (matches(FILENAME, bare[i])) is_bare = 1
  }
  depth = code_depth = 0
  head = ""
}
!is_bare { next }

{
  line = code_of($0)
  if (line ~ /^[ \t]*#[ \t]*include[ \t]*<(stdio\.h|cstdio|iostream|fstream|sstream|ostream|signal\.h|csignal|thread|mutex|sys\/select\.h|spawn\.h)>/)
    report(FNR, "this header has nothing a guest in sshd may use")
  if (line ~ /^[ \t]*#/) next
  for (i = 1; i <= count; i++) {
    if (has_word(line, patterns[i], afters[i])) report(FNR, reasons[i])
  }
  if (line ~ /\.at\(/) report(FNR, ".at() aborts the host process; check the bound and use []")
  if (line ~ /\.value\(/) report(FNR, ".value() aborts the host process; test first and use *")
  if (line ~ /std::get *</) report(FNR, "std::get aborts the host process; use get_if")
  find_local_statics(line)
}

# Follows braces: a brace opens a type, a namespace or code, by the words before it.
function find_local_statics(line,    i, c, word) {
  for (i = 1; i <= length(line); i++) {
    c = substr(line, i, 1)
    if (c == "{") {
      kind[++depth] = opens_code(head) ? "code" : "other"
      if (kind[depth] == "code") code_depth++
      head = ""
    } else if (c == "}") {
      if (depth > 0 && kind[depth--] == "code") code_depth--
      head = ""
    } else if (c == ";") {
      head = ""
    } else {
      head = head c
      if (code_depth > 0 && c == " " && head ~ /(^|[^A-Za-z0-9_])static $/ &&
          substr(line, i + 1) !~ /^ *constexpr/) {
        report(FNR, "a function-local static needs a guard and outlives the conversation")
      }
    }
  }
  head = head " "
}

function opens_code(text) {
  if (text ~ /\)/ || text ~ /\]/) return 1
  if (text ~ /(^|[^A-Za-z0-9_])(class|struct|union|enum|namespace|extern)[^A-Za-z0-9_]/) return 0
  return code_depth > 0  # a block, or the braces of a value
}
