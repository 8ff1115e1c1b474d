// A request is a row whoever is named and whatever is chosen; only what stands in it differs.
#include "daemon/sign_in/help_menu.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/contacts/usable.hpp"
#include "daemon/contacts/value.hpp"
#include "daemon/store/reset_requests.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using texts::Text;

constexpr std::string_view kForgotten = "1";
// What sshd hands on instead, for a name no account of the machine has: each answer as long as it
// was, its bytes replaced (auth-pam.c, fake_password). An address is such a name.
constexpr std::string_view kReplaced = "\b";
constexpr std::size_t kMostOfAField = 64;
constexpr std::size_t kMostOfAHost = 254;

// What can be nobody's is not kept: it may be a password typed in the wrong place.
std::string asked_for(const Context& c, std::string_view choice) {
  if (choice == kForgotten && UserName::parse(c.facts.user).has_value()) return c.facts.user;
  if (choice != kForgotten && choice != kReplaced) return "";
  return contacts::parse_value(store::ContactKind::mail, c.facts.user).value_or("");
}

// The same for every name: what this host can send, not to whom.
std::string help_given(const Context& c) {
  const daemon::Config& config = c.services.config;
  const auto kinds = contacts::recovery_kinds(config);
  const auto by = [&](store::ContactKind kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  const bool by_mail = by(store::ContactKind::mail);
  const bool by_sms = by(store::ContactKind::mobile);
  const Text text = !by_sms   ? Text::help_given
                    : by_mail ? Text::help_given_or_sms
                              : Text::help_given_by_sms;
  return texts::fill(c.language, text, fmt::arg("support", c.support),
                     fmt::arg("sender", config.mail.from));
}

}  // namespace

bool offers_help(const Context& c) {
  const bool can_answer = !contacts::recovery_kinds(c.services.config).empty();
  return can_answer && c.front_end.lifecycle == daemon::Lifecycle::allowed &&
         c.front_end.prompts == daemon::Prompts::many &&
         c.facts.operation == protocol::Operation::authenticate;
}

bool asks_for_help(std::string_view answer) {
  return answer.size() == 1;
}

Result<void> help(const Context& c, ports::Person& person) {
  const Secret choice = TRY(person.ask({c.text(Text::help_menu), ports::Echo::shown}));
  if (choice.empty()) return {};
  const store::ResetRequest request{.asked_for = asked_for(c, choice.view()),
                                    .origin = std::string(daemon::name_of(c.origin)),
                                    .service = c.facts.service.substr(0, kMostOfAField),
                                    .rhost = c.facts.rhost.substr(0, kMostOfAHost),
                                    .request = std::string(c.request.substr(0, kMostOfAField)),
                                    .asked_at = c.services.clock.now()};
  TRY(c.services.store.write(
      [&](store::Database& database) { return store::put_reset_request(database, request); }));
  return person.tell(ports::Tone::info, help_given(c));
}

}  // namespace usher::sign_in
