// TinyCDB's writer, and our trailer behind it. Knows keys and bytes; what a record means and who
// may be in it is its caller's.
#pragma once

#include <cdb.h>

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "published/format.hpp"
#include "published/siphash.hpp"

namespace usher::directory {

// What stands in the trailer besides sizes and magic.
struct Totals {
  std::uint32_t people = 0;
  std::uint32_t groups = 0;
  std::uint32_t flags = 0;
};

class CdbFile {
 public:
  // Writes to an empty file, which stays its owner's.
  explicit CdbFile(int fd);
  CdbFile(const CdbFile&) = delete;
  CdbFile& operator=(const CdbFile&) = delete;
  ~CdbFile();

  // A failure is kept: finish() says it.
  void add(published::Key kind, std::string_view key, std::string_view value);
  bool failed() const { return failed_; }
  // The tables, and the trailer.
  Result<void> finish(const Totals& totals, const published::SipKey& salt);

 private:
  int fd_;
  cdb_make make_{};
  bool failed_ = false;
  bool finished_ = false;
  int error_ = 0;
};

}  // namespace usher::directory
