// The contact is the admin's word: nothing a person typed says where it goes.
#include "daemon/sign_in/support_mail.hpp"

#include <vector>

#include "daemon/contacts/value.hpp"
#include "daemon/notices/tell.hpp"

namespace usher::sign_in {

using letters::Variable;

std::optional<std::string> support_address(const daemon::Context& c) {
  return contacts::parse_value(store::ContactKind::mail, c.support);
}

Result<void> mail_support(const daemon::Context& c, store::Database& database,
                          store::PersonRecord person, letters::Letter letter) {
  const auto address = support_address(c);
  if (!address) return {};
  person.language.reset();
  std::vector<letters::Value> values{{Variable::service, std::string_view(c.facts.service)}};
  if (!c.facts.rhost.empty()) {
    values.push_back({Variable::origin, std::string_view(c.facts.rhost)});
  }
  return notices::tell_at(database, notices::means_of(c.services), person, {.to = *address}, letter,
                          values, c.services.clock.now());
}

}  // namespace usher::sign_in
