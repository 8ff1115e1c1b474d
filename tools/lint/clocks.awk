# Time is a parameter: only daemon/os and the wire's deadline read a clock, and nothing sleeps.
# Tests and benchmarks measure, so they are exempt.

FNR == 1 {
  checked = is_cpp(FILENAME) && FILENAME !~ /^(tests|bench)\// && FILENAME !~ /^[a-z_]+\/os\// &&
            FILENAME != "protocol/deadline.cpp"
}
!checked { next }
{
  line = code_of($0)
  # A member or method of that name (record.time(), x->time()) is somebody's own.
  bare = line
  gsub(/(\.|->)[A-Za-z_0-9]+/, "", bare)
  if (has_word(bare, "time|clock_gettime|gettimeofday|timespec_get", " *\\(")) {
    report(FNR, "reads a clock; take the time as a parameter (daemon/os has the clock)")
  }
  if (line ~ /::now *\(/) {
    report(FNR, "reads a clock; take the time as a parameter (daemon/os has the clock)")
  }
  if (has_word(bare, "sleep|usleep|nanosleep|clock_nanosleep|sleep_for|sleep_until", " *\\(") ||
      line ~ /std::this_thread::(sleep|yield)/) {
    report(FNR, "sleeps; wait with a deadline through Person or poll")
  }
}
