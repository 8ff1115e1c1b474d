// Reads what everybody may: PAM's common files and sshd's drop-in. The rollback is root's.
#include "ctl/enabled_here.hpp"

#include <array>
#include <string>

#include "ctl/enable_plan.hpp"
#include "ctl/enable_sshd.hpp"
#include "ctl/enable_units.hpp"

namespace usher::ctl {
namespace {

// What the profiles change, each by itself: a half of them is a stack edited by hand.
constexpr std::array kPamFiles = {"/etc/pam.d/common-auth", "/etc/pam.d/common-account",
                                  "/etc/pam.d/common-password", "/etc/pam.d/common-session"};

std::string_view in_pam(const Host& host) {
  std::size_t asking = 0;
  for (const char* path : kPamFiles) {
    const Result<MaybeFile> file = read_image(host.path(path));
    if (!file) return "unknown";
    if (*file && asks_usher((*file)->bytes)) ++asking;
  }
  if (asking == 0) return "no";
  return asking == kPamFiles.size() ? "yes" : "in part";
}

std::string_view in_sshd(const Host& host) {
  if (find_sshd(host) == Sshd::absent) return "absent";
  return exists(host.path(kSshdDropIn)) ? "yes" : "no";
}

}  // namespace

EnabledHere enabled_here(const Host& host) {
  EnabledHere here{in_pam(host), in_sshd(host), "unknown", std::nullopt};
  const Result<std::optional<std::int64_t>> armed = armed_since(host);
  if (!armed) return here;
  here.rollback = *armed ? "armed" : "not armed";
  // The timer was started just before the mark was set.
  if (*armed) here.rollback_at = **armed + std::chrono::milliseconds(kConfirmWithin).count();
  return here;
}

}  // namespace usher::ctl
