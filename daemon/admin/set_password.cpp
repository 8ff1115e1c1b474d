// A password that an administrator chooses for somebody: for one use, judged by the evaluator every
// door asks, and only where the settings allow it. A reset is the better way: nobody else ever
// knows what the person chooses then.
#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/context.hpp"
#include "daemon/sign_in/password_advice.hpp"
#include "daemon/sign_in/password_check.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/known_hosts.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/tries.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::PersonRecord;

// The evaluator's conversation: nobody is asked anything.
struct Bench {
  daemon::Facts facts;
  daemon::Trail trail;
  daemon::Context context;

  Bench(daemon::Services& services, const PersonRecord& person)
      : context{services, facts, daemon::Origin::own_privilege, *daemon::find_front_end("other"),
                trail} {
    facts.operation = protocol::Operation::change_password;
    facts.user = person.name.view();
  }
};

Result<void> keep(Database& database, const Request& request, const PersonRecord& judged,
                  const std::string& phc, std::size_t history) {
  const PersonRecord person = TRY(person_named(database, request));
  if (person.id != judged.id || person.epoch != judged.epoch) {
    return Error(Errc::conflict, "the account changed meanwhile; try again");
  }
  TRY(store::put_password(database, person.id,
                          {.phc = phc, .must_change = true, .changed_at = request.now}));
  TRY(store::trim_password_history(database, person.id, history));
  TRY(store::delete_codes(database, person.id));
  TRY(store::delete_tries(database, person.id));
  TRY(store::delete_known_hosts(database, person.id));
  TRY(store::raise_epoch(database, person.id));
  TRY(tell_person(database, request, person, letters::Letter::password_set_by_staff));
  return record_change(database, request, person.name.view(), request.parameters.text("reason"));
}

}  // namespace

Result<Reply> set_password(const Request& request) {
  AdminContext& context = request.context;
  if (!context.config.may_set_password) {
    return Error(Errc::conflict, "admin.may_set_password is off; use: usherctl user reset");
  }
  if (context.services == nullptr) return Error(Errc::unavailable, "there is no hasher");
  if (!request.secret) return Reply(invalid_parameter("secret", "it is missing"));
  const Secret typed = TRY(protocol::varlink::from_hex(request.secret->text));
  const PersonRecord person =
      TRY(context.store.read([&](Database& database) { return person_named(database, request); }));
  TRY(check_local(person));
  const Bench bench(*context.services, person);
  const sign_in::Standard standard = TRY(sign_in::standard_for(bench.context, person));
  const sign_in::Candidate candidate =
      TRY(sign_in::judge(bench.context, person, standard, typed, Secret()));
  if (!candidate.failures.empty()) {
    return Reply(invalid_parameter(
        "secret", sign_in::describe(texts::Language::english, candidate.failures)));
  }
  const std::string phc =
      TRY(context.services->hasher.hash(candidate.password, bench.context.origin));
  return context.store.write([&](Database& database) -> Result<Reply> {
    TRY(keep(database, request, person, phc, standard.policy.password.history));
    return Reply(ReplyOk{});
  });
}

}  // namespace usher::admin
