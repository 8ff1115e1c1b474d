// Where the published directory lies. A function, so that the tests can build the same module
// around another path; the shipped one takes it from nobody.
#pragma once

namespace usher::nss_module {

const char* directory_file();

}  // namespace usher::nss_module
