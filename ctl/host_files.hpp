// A host's files as values, and the one way to replace one: complete under another name, on the
// disk, then renamed. Never follows a symbolic link, never leaves half a file.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/result.hpp"

namespace usher::ctl {

struct FileImage {
  std::string bytes;
  mode_t mode = 0644;  // the permission bits
  uid_t uid = 0;
  gid_t gid = 0;
  friend bool operator==(const FileImage&, const FileImage&) = default;
};
// Nothing: there is no such file.
using MaybeFile = std::optional<FileImage>;

// Refuses what is no regular file, and what is larger than any configuration (1 MiB).
Result<MaybeFile> read_image(const std::string& path);
// Afterwards the file is as the image says, on the disk too. A file that is so already is left
// alone; what a killed replacement left beside it is removed.
Result<void> put_image(const std::string& path, const MaybeFile& image);
// Is there anything of that name? A dangling link counts.
bool exists(const std::string& path);

// The last component only; one that exists already is taken if it is a directory.
Result<void> make_directory(const std::string& path, mode_t mode);
// What was created, renamed or removed in it survives a power cut.
Result<void> sync_directory(const std::string& path);
std::string parent_of(const std::string& path);

}  // namespace usher::ctl
