// One read, four statements, whoever is asked for.
#include "daemon/sign_in/account_lookup.hpp"

#include "daemon/lifecycle.hpp"

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
    const bool set_aside = account.record && daemon::are_factors_suspended(
                                                 *account.record, context.services.clock.now());
    account.factors_suspended = set_aside && !account.factors.empty();
    if (account.factors_suspended) account.factors.clear();
    account.organisations = TRY(store::list_organisations_of(database, account.id()));
    return account;
  });
}

Result<bool> still_stands(store::Database& database, const store::PersonRecord& decided) {
  const auto present = TRY(store::find_person(database, decided.name.view()));
  return present && present->id == decided.id && present->epoch == decided.epoch &&
         present->state == decided.state &&
         present->factors_suspended_until == decided.factors_suspended_until;
}

daemon::Context known_as(const daemon::Context& context, const Account& proven) {
  daemon::Context theirs = context;
  if (proven.record && proven.record->language) theirs.language = *proven.record->language;
  theirs.support = texts::support_in(
      theirs.language, store::support_of(proven.organisations, context.services.config.support));
  return theirs;
}

}  // namespace usher::sign_in
