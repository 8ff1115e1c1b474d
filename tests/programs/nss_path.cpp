// The path of the module the tests and benchmarks load; it takes it from the environment, which
// the shipped one (nss_module/path.cpp) never does.
#include <cstdlib>

#include "nss_module/path.hpp"

namespace usher::nss_module {

const char* directory_file() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): set before the process starts
  const char* path = std::getenv("USHER_TEST_DIRECTORY");
  return path != nullptr ? path : "/nonexistent/directory.cdb";
}

}  // namespace usher::nss_module
