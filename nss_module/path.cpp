// The path of the shipped module. Compiled in: a setuid caller's environment is hostile.
#include "nss_module/path.hpp"

#include "published/format.hpp"

namespace usher::nss_module {

const char* directory_file() {
  return published::kDirectoryFile;
}

}  // namespace usher::nss_module
