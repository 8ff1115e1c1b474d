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
  // On a warm process: four atomic operations and no system call.
  static Result<Lease> take(const char* path);

  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&&) = delete;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease();

  const published::View& view() const { return view_; }

 private:
  static constexpr std::size_t kOwn = static_cast<std::size_t>(-1);

  Lease(const published::View& view, std::size_t slot, std::uint32_t stamp)
      : view_(view), slot_(slot), stamp_(stamp) {}
  static bool take_shared(Lease& lease);
  static bool share(published::Directory& directory, Lease& lease);

  published::View view_;
  std::size_t slot_;     // kOwn: the mapping is this lease's alone
  std::uint32_t stamp_;  // of the process that counted it
};

}  // namespace usher::nss_module
