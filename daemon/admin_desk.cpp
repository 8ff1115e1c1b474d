// Reads the server's counters; says what went wrong to the log.
#include "daemon/admin_desk.hpp"

#include <unistd.h>

#include "daemon/admin/roles.hpp"
#include "daemon/log.hpp"

namespace usher::daemon {

admin::ServerStatus AdminDesk::status() {
  admin::ServerStatus status;
  status.version = USHER_VERSION;
  status.pid = ::getpid();
  status.started_at = started_at_;
  status.conversations = admission_.conversations();
  status.refused_frames = counters_.malformed_frames;
  status.key_source = key_source_;
  const auto lease = in_force_.lease();
  status.unknown_names = lease.config().unknown_names;
  status.template_mistakes = lease.letterhead().mistakes;
  status.gateway_mistake = lease.sms().mistake;
  status.mail = post_.health(store::Service::mail);
  status.sms = post_.health(store::Service::sms);
  return status;
}

bool AdminDesk::not_permitted(std::string_view method, const admin::Caller& caller) {
  ++counters_.turned_away;
  if (!caller.is_staff() || !refusals_.spend(caller.peer.uid, clock_.uptime())) return false;
  log(Level::warning, fmt::format("admin {}: refused to uid {}", method, caller.peer.uid.number));
  return true;
}

void AdminDesk::failed(std::string_view method, const Error& error) {
  log(Level::error, fmt::format("admin {}: {}", method, error.text()));
}

Result<std::vector<Difference>> AdminDesk::reload(const ConfigInForce::Agree& agree) {
  auto changed = in_force_.reload(agree);
  if (!changed) {
    log(Level::warning, changed.error().in("configuration not reloaded").text());
    return changed.error();
  }
  log(Level::notice, fmt::format("configuration reloaded, {} keys changed", changed->size()));
  for (const Difference& row : *changed) {
    if (row.key == "directory.enumerate") (void)publication_.publish(directory::Wait::if_soon);
  }
  return changed;
}

bool AdminDesk::publish(directory::Wait wait) {
  return publication_.publish(wait);
}

}  // namespace usher::daemon
