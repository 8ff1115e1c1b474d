// Reading of the facts, each with what stands for "there is none".
#include "pam_module/caller_facts.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <limits>

#include "base/unique_fd.hpp"
#include "pam_module/pam_flags.hpp"

namespace usher::pam_module {
namespace {

// What the kernel itself says outside an audit session.
constexpr std::uint32_t kNoAuditSession = std::numeric_limits<std::uint32_t>::max();
// sshd's account of how the connection was authenticated so far. In the PAM environment, which
// only the application fills; never in the process's.
constexpr const char* kSshAuthInfo = "SSH_AUTH_INFO_0";

// "" for an item that is not set. One that is too long is not cut: half a host name is another.
Result<std::string_view> text_item(pam_handle_t* handle, int item, std::string_view name) {
  const void* value = nullptr;
  if (pam_get_item(handle, item, &value) != PAM_SUCCESS) {
    return Error(Errc::internal, name).in("reading an item of PAM");
  }
  if (value == nullptr) return std::string_view();
  const std::string_view text = static_cast<const char*>(value);
  if (text.size() > protocol::kMaxName) {
    return Error(Errc::invalid_input, name).in("an item of PAM is too long");
  }
  return text;
}

std::uint32_t audit_session() {
  const UniqueFd file(::open("/proc/self/sessionid", O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return kNoAuditSession;
  std::array<char, 16> digits{};
  const ssize_t count = ::read(file.get(), digits.data(), digits.size());
  if (count <= 0) return kNoAuditSession;
  std::uint64_t number = 0;
  for (const char c : std::string_view(digits.data(), static_cast<std::size_t>(count))) {
    if (c == '\n') break;
    if (c < '0' || c > '9') return kNoAuditSession;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (number > kNoAuditSession) return kNoAuditSession;
  }
  return static_cast<std::uint32_t>(number);
}

std::string_view ssh_auth_info(pam_handle_t* handle) {
  const char* value = pam_getenv(handle, kSshAuthInfo);
  const std::string_view text = value != nullptr ? value : "";
  // A list of keys that does not fit proves nothing; the sign-in goes on without it.
  return text.size() > protocol::kMaxAuthInfo ? std::string_view() : text;
}

std::uint32_t wire_flags(int flags) {
  std::uint32_t wire = 0;
  if (has_flag(flags, PAM_SILENT)) wire |= protocol::kFlagSilent;
  if (has_flag(flags, PAM_CHANGE_EXPIRED_AUTHTOK)) wire |= protocol::kFlagChangeExpiredOnly;
  return wire;
}

}  // namespace

Result<protocol::Begin> gather_facts(pam_handle_t* handle, int flags,
                                     protocol::Operation operation) {
  protocol::Begin begin;
  begin.operation = operation;
  begin.flags = wire_flags(flags);
  begin.caller_uid = ::getuid();
  begin.audit_session = audit_session();
  begin.service = TRY(text_item(handle, PAM_SERVICE, "PAM_SERVICE"));
  begin.tty = TRY(text_item(handle, PAM_TTY, "PAM_TTY"));
  begin.rhost = TRY(text_item(handle, PAM_RHOST, "PAM_RHOST"));
  begin.ruser = TRY(text_item(handle, PAM_RUSER, "PAM_RUSER"));
  begin.auth_info = ssh_auth_info(handle);
  return begin;
}

}  // namespace usher::pam_module
