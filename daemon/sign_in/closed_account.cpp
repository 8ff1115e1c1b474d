// A row a cause: what the record names and what the person reads.
#include "daemon/sign_in/closed_account.hpp"

#include "daemon/lifecycle.hpp"
#include "daemon/sign_in/person_policy.hpp"

namespace usher::sign_in {
namespace {

using daemon::Closed;
using daemon::Context;
using texts::Text;

struct Cause {
  Closed closed;
  Reason reason;
  Text text;
};
constexpr Cause kCauses[] = {
    {Closed::suspended, Reason::suspended, Text::suspended},
    {Closed::disabled, Reason::disabled, Text::disabled},
    {Closed::expired, Reason::expired, Text::expired},
    {Closed::inactive, Reason::inactive, Text::inactive},
};

// "acme" of "federated:acme".
std::string_view shown_source(std::string_view source) {
  const std::size_t colon = source.find(':');
  return colon == std::string_view::npos ? source : source.substr(colon + 1);
}

Result<void> warn(const Context& c, ports::Person& person, Text text, ports::Instant end) {
  const ports::Instant now = c.services.clock.now();
  if (end <= now || end - now > c.services.config.warn_before) return {};
  return person.tell(ports::Tone::info,
                     texts::fill(c.language, text, fmt::arg("days", daemon::days_until(end, now)),
                                 fmt::arg("support", c.support)));
}

}  // namespace

Result<std::optional<Decision>> refuse_if_closed(const Context& c, const Account& account) {
  if (!account.record) return std::optional<Decision>{};
  const policy::Policy policy = TRY(policy_of(c, account.id()));
  const auto closed =
      daemon::what_closes(*account.record, policy.inactive_after, c.services.clock.now());
  for (const Cause& cause : kCauses) {
    if (closed != cause.closed) continue;
    return std::optional(refuse(cause.reason, account.record, c.text_naming_support(cause.text)));
  }
  return std::optional<Decision>{};
}

Decision refuse_not_local(const Context& c, const store::PersonRecord& person) {
  return refuse(
      Reason::signed_in_elsewhere, person,
      texts::fill(c.language, Text::signed_in_elsewhere,
                  fmt::arg("source", shown_source(person.source)), fmt::arg("support", c.support)));
}

Result<void> warn_of_ends(const Context& c, ports::Person& person, const Account& account) {
  // A door that only verifies is no place for it: sudo's caller is told at the next sign-in.
  if (c.front_end.lifecycle == daemon::Lifecycle::refused) return {};
  if (account.record->expires_at) {
    TRY(warn(c, person, Text::account_ends_soon, *account.record->expires_at));
  }
  const policy::Policy policy = TRY(policy_of(c, account.id()));
  if (!account.password || policy.password.max_age.count() == 0) return {};
  return warn(c, person, Text::password_ends_soon,
              account.password->changed_at + policy.password.max_age);
}

}  // namespace usher::sign_in
