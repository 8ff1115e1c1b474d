// What a person may have to do before they are in, and how much an organisation insists on it.
// Pure words: whether an action is due is daemon/sign_in/pending_actions.hpp's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace usher::policy {

// In the order in which they are asked for.
enum class Action : std::uint8_t {
  change_password,
  enrol_factor,
  recovery_codes,
  accept_terms,
  confirm_contact,  // the last: never required, so it keeps nobody from what is
};
inline constexpr std::array kActions{Action::change_password, Action::enrol_factor,
                                     Action::recovery_codes, Action::accept_terms,
                                     Action::confirm_contact};
// "change-password": as audit records, JSON and manual pages call it.
std::string_view name_of(Action action);

// From the least to the most: of two files the stricter one counts.
enum class Demand : std::uint8_t {
  off,
  recommended,  // asked for at every sign-in, put off with Enter, never in the way
  required,     // no sign-in without it
};
std::string_view name_of(Demand demand);

// A sign-in with a public key alone cannot be asked anything.
enum class PublicKey : std::uint8_t {
  notice,  // it is let in and told
  refuse,  // it is told to sign in with the password once
};
std::string_view name_of(PublicKey answer);

// A value for each action.
template <typename Value>
class PerAction {
 public:
  Value& operator[](Action action) { return values_[static_cast<std::size_t>(action)]; }
  const Value& operator[](Action action) const { return values_[static_cast<std::size_t>(action)]; }
  friend bool operator==(const PerAction&, const PerAction&) = default;

 private:
  std::array<Value, kActions.size()> values_{};
};

// What one file says. Empty: it does not say.
struct ActionSettings {
  PerAction<std::optional<Demand>> demands{};
  PerAction<std::optional<PublicKey>> public_keys{};
  friend bool operator==(const ActionSettings&, const ActionSettings&) = default;
};

// What holds where no file speaks.
ActionSettings usual_actions();
// What `own` says, and what `usual` says about the rest.
ActionSettings over(const ActionSettings& own, const ActionSettings& usual);
// `said` and one file more: the stricter of both.
void hear(ActionSettings& said, const ActionSettings& more);

struct ActionRule {
  Demand demand = Demand::off;
  PublicKey public_key = PublicKey::refuse;
};
using ActionRules = PerAction<ActionRule>;
// Of settings that say everything; what they leave open is as strict as can be.
ActionRules rules_of(const ActionSettings& whole);

}  // namespace usher::policy
