// What may be published: every name, id and text judged before a byte is written.
#pragma once

#include "daemon/directory/publisher.hpp"

namespace usher::directory {

// Names by the rule and not reserved, ids in the ranges, texts without control characters and
// colons, nobody and nothing twice. The Error names the first who is not fit.
Result<void> check_content(const PublishedDirectory& directory);

}  // namespace usher::directory
