// Names of error codes and texts of errno.
#include "base/result.hpp"

#include <cerrno>
#include <cstring>

namespace usher {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::invalid_input:
      return "invalid-input";
    case Errc::not_found:
      return "not-found";
    case Errc::already_exists:
      return "already-exists";
    case Errc::not_permitted:
      return "not-permitted";
    case Errc::timed_out:
      return "timed-out";
    case Errc::hung_up:
      return "hung-up";
    case Errc::not_answered:
      return "not-answered";
    case Errc::unavailable:
      return "unavailable";
    case Errc::exhausted:
      return "exhausted";
    case Errc::damaged:
      return "damaged";
    case Errc::conflict:
      return "conflict";
    case Errc::unsupported:
      return "unsupported";
    case Errc::internal:
      return "internal";
  }
  return "internal";
}

namespace {

Errc code_of(int error_number) {
  switch (error_number) {
    case ENOENT:
      return Errc::not_found;
    case EEXIST:
      return Errc::already_exists;
    case EACCES:
    case EPERM:
      return Errc::not_permitted;
    case ETIMEDOUT:
      return Errc::timed_out;
    case EPIPE:
    case ECONNRESET:
      return Errc::hung_up;
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case ENOSPC:
    case ENOBUFS:
      return Errc::exhausted;
    default:
      return Errc::unavailable;
  }
}

}  // namespace

Error system_error(std::string_view doing) {
  return system_error(doing, errno);
}

Error system_error(std::string_view doing, int error_number) {
  // strerrordesc_np: constant strings, no locale, safe in any thread (glibc 2.32).
  const char* meaning = strerrordesc_np(error_number);
  return Error(code_of(error_number), meaning != nullptr ? meaning : "unknown error").in(doing);
}

}  // namespace usher
