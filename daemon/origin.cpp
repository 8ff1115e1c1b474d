// The table of origins. Order matters: the first row that fits decides.
#include "daemon/origin.hpp"

#include <algorithm>
#include <array>

namespace usher::daemon {
namespace {

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

bool is_untrusted(const Facts& facts) {
  return !facts.trusted;
}

// su runs as root without a remote host: only its service name tells it from the console.
bool is_su(const Facts& facts) {
  return is_any_of(facts.service, {"su", "su-l", "runuser", "runuser-l"});
}

// With sudo's targetpw the person asked is not the caller; that is su by another name.
bool is_own_privilege(const Facts& facts) {
  return is_any_of(facts.service, {"sudo", "sudo-i", "polkit-1"}) && facts.ruser == facts.user;
}

bool is_foreign_privilege(const Facts& facts) {
  return is_any_of(facts.service, {"sudo", "sudo-i", "polkit-1"});
}

bool is_remote(const Facts& facts) {
  return !facts.rhost.empty();
}

// /dev/tty1 or tty1 (login), :0 (display managers). sshd says "ssh", cron says "cron".
bool is_local_seat(const Facts& facts) {
  std::string_view tty = facts.tty;
  if (tty.starts_with("/dev/")) tty.remove_prefix(5);
  const bool console = tty.starts_with("tty") && tty.size() > 3 && tty[3] >= '0' && tty[3] <= '9';
  return console || tty.starts_with(":");
}

struct Row {
  bool (*fits)(const Facts&);
  Origin origin;
};
constexpr std::array kRows{
    Row{is_untrusted, Origin::non_root_self},     Row{is_su, Origin::su_by_other},
    Row{is_own_privilege, Origin::own_privilege}, Row{is_foreign_privilege, Origin::su_by_other},
    Row{is_remote, Origin::unknown_host},         Row{is_local_seat, Origin::local_seat},
};

}  // namespace

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::local_seat:
      return "local-seat";
    case Origin::own_privilege:
      return "own-privilege";
    case Origin::known_host:
      return "known-host";
    case Origin::unknown_host:
      return "unknown-host";
    case Origin::su_by_other:
      return "su-by-other";
    case Origin::non_root_self:
      return "non-root-self";
  }
  return "unknown-host";
}

Origin origin_of(const Facts& facts) {
  for (const Row& row : kRows) {
    if (row.fits(facts)) return row.origin;
  }
  return Origin::unknown_host;
}

}  // namespace usher::daemon
