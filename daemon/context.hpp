// What a flow may use: the daemon's long-lived services, and what is known about this one
// conversation. Passed by reference; owns nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config.hpp"
#include "daemon/crypto/sealer.hpp"
#include "daemon/facts.hpp"
#include "daemon/front_end.hpp"
#include "daemon/hasher.hpp"
#include "daemon/letters/letterhead.hpp"
#include "daemon/origin.hpp"
#include "daemon/passwdqc.hpp"
#include "daemon/policy/throttle.hpp"
#include "daemon/ports/clock.hpp"
#include "daemon/ports/entropy.hpp"
#include "daemon/ports/sessions.hpp"
#include "daemon/store/people.hpp"
#include "daemon/store/store.hpp"
#include "daemon/texts/texts.hpp"
#include "daemon/trail.hpp"

namespace usher::daemon {

// What a new password is held against beside the rules.
struct PasswordSources {
  std::optional<BreachFilter> breached{};
  std::vector<std::string> host_words{};  // this machine's name and its parts
};

enum class Leaves : std::uint8_t { no, yes };

struct Services {
  const Config& config;
  store::Store& store;
  const crypto::Sealer& sealer;
  Hasher& hasher;
  ports::Clock& clock;
  ports::Entropy& entropy;
  const PasswordSources& password_sources;
  const letters::Letterhead& letterhead;
  // Whether mail and text messages left when the conversation began: where they do not, nobody is
  // asked to wait for a code.
  Leaves mail_leaves = Leaves::no;
  Leaves sms_leaves = Leaves::no;
  // How text messages leave; null: in no way.
  const post::SmsSettings* sms = nullptr;
  ports::Sessions* sessions = nullptr;  // of people, on this machine; null where there are none
};

// Both clocks at this moment, for the time the throttle goes by.
inline policy::ClockReading reading_of(ports::Clock& clock) {
  const ports::Uptime up = clock.uptime();
  return {up.boot, up.since, clock.now().time_since_epoch()};
}

struct Context {
  Services& services;
  const Facts& facts;
  Origin origin;
  const FrontEnd& front_end;
  Trail& trail;                // of this conversation; its audit record keeps it
  std::string_view request{};  // names it there
  // What the person reads: the host's, until sign_in::known_as().
  texts::Language language = services.config.language;
  std::string_view support = texts::support_in(language, services.config.support);

  std::string_view text(texts::Text text) const { return texts::of(language, text); }
  std::string text_naming_support(texts::Text text) const {
    return texts::fill(language, text, fmt::arg("support", support));
  }
};

}  // namespace usher::daemon
