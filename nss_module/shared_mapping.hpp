// The mapped file a process keeps between lookups, and its exchange for a newer one while other
// threads read. Nobody waits for anybody: who cannot use the shared mapping maps the file for
// itself. At most kSlots mappings are kept; one is unmapped only when no thread reads it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.hpp"
#include "published/directory.hpp"

namespace usher::nss_module {

// One lookup's hold on a file.
class Lease {
 public:
  Lease() = default;
  static Result<Lease> take(const char* path);

  // On a warm process: a few atomic operations and no system call. False: take() is needed.
  // Apart, because building a Result costs as much as the rest of a lookup.
  bool take_warm();

  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&&) = delete;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease();

  const published::View& view() const { return view_; }

 private:
  static constexpr std::size_t kOwn = static_cast<std::size_t>(-1);

  bool take_shared();
  void end();
  static bool share(published::Directory& directory, Lease& lease);

  published::View view_;
  std::size_t slot_ = kOwn;  // kOwn: the mapping is this lease's alone
  std::uint32_t stamp_ = 0;  // of the process that counted it
};

}  // namespace usher::nss_module
