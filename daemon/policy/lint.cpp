// The table: when a row speaks, and what it says.
#include "daemon/policy/lint.hpp"

namespace usher::policy {
namespace {

struct Row {
  bool (*speaks)(const Policy& policy, BreachList breaches);
  Finding finding;
};

constexpr std::size_t kWithFactor = 8;
constexpr std::size_t kAlone = 15;

constexpr Row kRows[] = {
    {[](const Policy& p, BreachList) { return p.password.min_length < kWithFactor; },
     {"password.min_length", "NIST SP 800-63B-4, 3.1.1.2",
      "fewer than 8 characters are guessed from a stolen store in minutes; 8 are the least"}},
    {[](const Policy& p, BreachList) {
       return !p.factor_required && p.password.min_length < kAlone;
     },
     {"password.min_length", "NIST SP 800-63B-4, 3.1.1.2",
      "no second factor is required, and a password that stands alone has at least 15 characters"}},
    {[](const Policy& p, BreachList) {
       const PasswordRules& rules = p.password;
       return rules.needs_lower || rules.needs_upper || rules.needs_digit || rules.needs_special;
     },
     {"password.needs_lower, _upper, _digit, _special", "NIST SP 800-63B-4, 3.1.1.2",
      "classes must not be demanded: people meet them in ways everybody guesses, like Password1!"}},
    {[](const Policy& p, BreachList) { return p.password.max_age.count() > 0; },
     {"password.max_age_days", "NIST SP 800-63B-4, 3.1.1.2",
      "a change must not be demanded by the calendar, only where a password may be known"}},
    {[](const Policy& p, BreachList) { return p.password.min_age.count() > 0; },
     {"password.min_age_days", "OWASP ASVS 5.0, 6.2.2",
      "who thinks that somebody saw the password cannot change it at once, and needs an "
      "administrator"}},
    {[](const Policy& p, BreachList) { return !p.factor_required; },
     {"mfa.required", "OWASP Authentication Cheat Sheet",
      "one password that is seen or guessed opens the account"}},
    {[](const Policy&, BreachList breaches) { return breaches == BreachList::none; },
     {"password.breach_filter", "OWASP ASVS 5.0, 6.2.12",
      "new passwords are held against common ones, not against those known from breaches"}},
};

}  // namespace

std::vector<Finding> lint(const Policy& policy, BreachList breaches) {
  std::vector<Finding> findings;
  for (const Row& row : kRows) {
    if (row.speaks(policy, breaches)) findings.push_back(row.finding);
  }
  return findings;
}

}  // namespace usher::policy
