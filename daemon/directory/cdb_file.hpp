// PublishedDirectory as the bytes of published/format.hpp, through TinyCDB. It judges nothing.
#pragma once

#include "daemon/directory/publisher.hpp"
#include "published/siphash.hpp"

namespace usher::directory {

// Fills an empty file that is open for reading and writing.
Result<void> write_cdb(int fd, const PublishedDirectory& directory, const published::SipKey& salt);

}  // namespace usher::directory
