# Secrets are compared in constant time: == and memcmp stop at the first difference, and the time
# tells where it was. A heuristic on names; the type Secret forbids == by itself.

BEGIN { named = "[A-Za-z0-9_]*(secret|password|passphrase|code|token|mac|hash|digest|seed)[A-Za-z0-9_]*" }

!is_cpp(FILENAME) || FILENAME ~ /^(tests|bench)\// { next }
{
  line = tolower(code_of($0))
  view = named "(\\(\\))?(\\.|->)(view|data|c_str)\\(\\)"
  if (line ~ (view " *[=!]=") || line ~ ("[=!]= *([a-z0-9_]+(\\.|->))*" view)) {
    report(FNR, "compares a secret with ==; use constant_time_equal or Secret::equals")
  }
  if (match(line, /(^|[^a-z0-9_])(memcmp|bcmp|strcmp|strncmp|strcasecmp) *\(.*/) &&
      substr(line, RSTART) ~ named) {
    report(FNR, "compares a secret byte by byte; use constant_time_equal or Secret::equals")
  }
}
