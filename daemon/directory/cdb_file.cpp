// TinyCDB keeps a list of positions in memory and writes the records as they come; what it keeps is
// freed by finishing, so a failed write ends in finishing too.
#include "daemon/directory/cdb_file.hpp"

#include <endian.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace usher::directory {

CdbFile::CdbFile(int fd) : fd_(fd) {
  failed_ = ::cdb_make_start(&make_, fd) != 0;
  error_ = errno;
}

CdbFile::~CdbFile() {
  if (!finished_) (void)::cdb_make_finish(&make_);
}

void CdbFile::add(published::Key kind, std::string_view key, std::string_view value) {
  if (failed_) return;
  std::array<char, published::kMaxName + 1> whole;
  if (key.size() >= whole.size()) {
    failed_ = true;
    error_ = ENAMETOOLONG;
    return;
  }
  whole[0] = static_cast<char>(kind);
  std::memcpy(whole.data() + 1, key.data(), key.size());
  failed_ = ::cdb_make_add(&make_, whole.data(), static_cast<unsigned>(key.size() + 1),
                           value.data(), static_cast<unsigned>(value.size())) != 0;
  if (failed_) error_ = errno;
}

Result<void> CdbFile::finish(const Totals& totals, const published::SipKey& salt) {
  finished_ = true;
  if (::cdb_make_finish(&make_) != 0 && !failed_) {
    failed_ = true;
    error_ = errno;
  }
  if (failed_) return system_error("writing the published directory", error_);
  const off_t end = ::lseek(fd_, 0, SEEK_END);
  if (end < 0) return system_error("measuring the published directory");
  published::Trailer trailer{};
  const std::size_t size = static_cast<std::size_t>(end) + sizeof trailer;
  if (size > published::kMaxFileSize) {
    return Error(Errc::exhausted, "the published directory would be over its limit");
  }
  std::memcpy(trailer.magic, published::kMagic, sizeof trailer.magic);
  trailer.version = htole32(published::kVersion);
  trailer.flags = htole32(totals.flags);
  std::memcpy(trailer.salt, salt.data(), sizeof trailer.salt);
  trailer.file_size = htole64(size);
  trailer.people = htole32(totals.people);
  trailer.groups = htole32(totals.groups);
  trailer.mark = published::kCurrent;
  if (::write(fd_, &trailer, sizeof trailer) != static_cast<ssize_t>(sizeof trailer)) {
    return system_error("writing the end of the published directory");
  }
  return {};
}

}  // namespace usher::directory
