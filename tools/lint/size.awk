# A file of code stays under 400 lines: one that grows past that has two jobs.

is_cpp(FILENAME) || FILENAME ~ /\.(sh|awk)$/ || FILENAME == "dev" {
  if (FNR == 401) report(FNR, "over 400 lines; split it by job")
}
