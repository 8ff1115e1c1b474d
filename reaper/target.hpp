// Whose sessions may be ended: people Usher has published, by number in its range, who are no
// accounts of this machine. Read from the files directly: NSS would ask usherd's own work, and
// more.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/text.hpp"
#include "published/format.hpp"
#include "published/local_account.hpp"

namespace usher::reaper {

struct Files {
  std::string passwd = published::kPasswdFile;
  std::string directory = published::kDirectoryFile;
};

// Errc::not_permitted with the reason, also where a file cannot be read: nobody knows then.
Result<void> check_target(Uid uid, const Files& files);

}  // namespace usher::reaper
