// One read, three statements, whoever is asked for.
#include "daemon/sign_in/account_lookup.hpp"

namespace usher::sign_in {

Result<Account> look_up(const daemon::Context& context) {
  // A name that is none is looked up as "", which no row can have: the statement runs all the same.
  const Result<UserName> name = UserName::parse(context.facts.user);
  const std::string_view wanted = name.has_value() ? name->view() : std::string_view{};
  return context.services.store.read([&](store::Database& database) -> Result<Account> {
    Account account;
    account.record = TRY(store::find_person(database, wanted));
    account.password = TRY(store::find_password(database, account.id()));
    account.factors = TRY(store::list_factors(database, account.id()));
    return account;
  });
}

}  // namespace usher::sign_in
