// Runs another program and returns what it prints: an independent witness. Arguments are the test's
// own, never input.
#pragma once

#include <stdio.h>

#include <array>
#include <string>

namespace usher::fakes {

struct Ran {
  int status = -1;  // as pclose() gives it; 0: it succeeded
  std::string output;
};

inline Ran run_program(const std::string& command) {
  Ran ran;
  // NOLINTNEXTLINE(cert-env33-c): the command line is written in the test
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> part{};
  for (std::size_t size = 0; (size = ::fread(part.data(), 1, part.size(), pipe)) > 0;) {
    ran.output.append(part.data(), size);
  }
  ran.status = ::pclose(pipe);
  return ran;
}

}  // namespace usher::fakes
