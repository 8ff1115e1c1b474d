// usherctl's entry, and the one place where an exception of a library may end.
#include <cstdio>

#include "ctl/exit_code.hpp"
#include "ctl/run.hpp"

int main(int argc, char** argv) {
  try {
    return usher::ctl::run(argc, argv, {stdin, stdout, stderr});
  } catch (...) {
    // Out of memory, or a defect of a library: nothing is known about what usherd did.
    (void)std::fputs("usherctl: an unexpected failure; see usherctl audit for what was done\n",
                     stderr);
    return static_cast<int>(usher::ctl::Exit::failed);
  }
}
