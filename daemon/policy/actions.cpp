// The table of what is usual, and who wins.
#include "daemon/policy/actions.hpp"

#include <algorithm>

namespace usher::policy {
namespace {

struct Usual {
  Action action;
  Demand demand;
};
constexpr std::array kUsual{
    // Due only when it was demanded or has reached its greatest age, which is off.
    Usual{Action::change_password, Demand::required},
    // mfa.required makes it so.
    Usual{Action::enrol_factor, Demand::off},
    // Whoever enrolled before there were any must not find sudo closed.
    Usual{Action::recovery_codes, Demand::recommended},
    // Due only where there are terms.
    Usual{Action::accept_terms, Demand::required},
    // It takes a mail server, and an organisation that wants it.
    Usual{Action::confirm_contact, Demand::off},
};
static_assert(kUsual.size() == kActions.size());

template <typename Value>
void keep_stricter(std::optional<Value>& said, const std::optional<Value>& more) {
  if (more && (!said || *said < *more)) said = more;
}

}  // namespace

std::string_view name_of(Action action) {
  switch (action) {
    case Action::change_password:
      return "change-password";
    case Action::enrol_factor:
      return "enrol-factor";
    case Action::recovery_codes:
      return "recovery-codes";
    case Action::accept_terms:
      return "accept-terms";
    case Action::confirm_contact:
      return "confirm-contact";
  }
  return "change-password";
}

std::string_view name_of(Demand demand) {
  switch (demand) {
    case Demand::off:
      return "off";
    case Demand::recommended:
      return "recommended";
    case Demand::required:
      return "required";
  }
  return "required";
}

std::string_view name_of(PublicKey answer) {
  switch (answer) {
    case PublicKey::notice:
      return "notice";
    case PublicKey::refuse:
      return "refuse";
  }
  return "refuse";
}

ActionSettings usual_actions() {
  ActionSettings settings;
  for (const Usual& row : kUsual) {
    settings.demands[row.action] = row.demand;
    settings.public_keys[row.action] = PublicKey::refuse;
  }
  return settings;
}

ActionSettings over(const ActionSettings& own, const ActionSettings& usual) {
  ActionSettings all = own;
  for (const Action action : kActions) {
    if (!all.demands[action]) all.demands[action] = usual.demands[action];
    if (!all.public_keys[action]) all.public_keys[action] = usual.public_keys[action];
  }
  return all;
}

void hear(ActionSettings& said, const ActionSettings& more) {
  for (const Action action : kActions) {
    keep_stricter(said.demands[action], more.demands[action]);
    keep_stricter(said.public_keys[action], more.public_keys[action]);
  }
}

ActionRules rules_of(const ActionSettings& whole) {
  ActionRules rules;
  for (const Action action : kActions) {
    rules[action] = {.demand = whole.demands[action].value_or(Demand::required),
                     .public_key = whole.public_keys[action].value_or(PublicKey::refuse)};
  }
  return rules;
}

}  // namespace usher::policy
