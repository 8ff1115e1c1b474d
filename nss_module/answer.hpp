// What every entry point shares: the file, the code for glibc, and errno, which stays the
// caller's unless there is something to say (the contract: "NSS Modules Interface" in glibc's
// manual).
#pragma once

#include <nss.h>

#include <cerrno>

#include "nss_module/path.hpp"
#include "nss_module/shared_mapping.hpp"

namespace usher::nss_module {

struct Answer {
  nss_status status;
  int error;  // for *errnop, unless the status is success
};

inline constexpr Answer kFound{NSS_STATUS_SUCCESS, 0};
inline constexpr Answer kNotFound{NSS_STATUS_NOTFOUND, ENOENT};
// The caller doubles its buffer and asks again.
inline constexpr Answer kBufferTooSmall{NSS_STATUS_TRYAGAIN, ERANGE};
// Never ERANGE: glibc takes that for a buffer to double.
inline constexpr Answer kDamaged{NSS_STATUS_UNAVAIL, EBADMSG};

constexpr Answer answer_of(published::Found found) {
  switch (found) {
    case published::Found::yes:
      return kFound;
    case published::Found::no:
      return kNotFound;
    case published::Found::damaged:
      return kDamaged;
  }
  return kDamaged;
}

// No file, or none that can be trusted: the next service of nsswitch.conf is asked.
constexpr Answer answer_of(Errc code) {
  if (code == Errc::not_found) return {NSS_STATUS_UNAVAIL, ENOENT};
  if (code == Errc::exhausted) return {NSS_STATUS_UNAVAIL, EMFILE};
  if (code == Errc::not_permitted) return {NSS_STATUS_UNAVAIL, EACCES};
  return kDamaged;
}

// Runs a lookup on the file: Answer lookup(const published::View&).
template <typename Lookup>
nss_status answer(int* errnop, Lookup lookup) {
  const int callers_errno = errno;
  const Answer given = [&]() -> Answer {
    const Result<Lease> lease = Lease::take(directory_file());
    return lease ? lookup(lease->view()) : answer_of(lease.error().code());
  }();
  errno = callers_errno;
  // Usually the address of errno itself.
  if (given.status != NSS_STATUS_SUCCESS && errnop != nullptr) *errnop = given.error;
  return given.status;
}

}  // namespace usher::nss_module
