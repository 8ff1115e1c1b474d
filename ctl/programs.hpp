// Runs another program: an absolute path, a fixed environment, no shell, nothing or a file on its
// standard input, bounded output, and an end by a deadline.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace usher::ctl {

struct Ended {
  int exit_code = -1;  // 128 + n: ended by signal n
  std::string output;  // both streams, at most 256 KiB; the rest is dropped
};

struct Run {
  std::vector<std::string> command;      // the first is the program's path
  std::vector<std::string> environment;  // beside PATH, LC_ALL and DEBIAN_FRONTEND
  std::string input = "/dev/null";
  std::chrono::milliseconds patience{30'000};  // then it is killed, with all it started
};

// An Error when it could not be started or had to be killed; how it ended is a value.
Result<Ended> run_program(const Run& run);
// An Error also when it did not succeed, with the last line of what it said.
Result<std::string> run_well(const Run& run);

}  // namespace usher::ctl
