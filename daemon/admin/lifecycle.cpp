// The verbs on an account's life: closing it and opening it again, setting factors aside, and the
// ways back in. Sessions are ended by sessions.hpp, after the change.
#include "daemon/lifecycle.hpp"

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/admin/sessions.hpp"
#include "daemon/contacts/usable.hpp"
#include "daemon/memberships.hpp"
#include "daemon/notices/tell.hpp"
#include "daemon/sign_in/one_time_code.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/known_hosts.hpp"
#include "daemon/store/lifecycle.hpp"
#include "daemon/store/outbox.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/tries.hpp"

namespace usher::admin {
namespace {

using letters::Letter;
using store::Database;
using store::PersonRecord;
using store::PersonState;

Reply nothing_to_say() {
  return ReplyOk{};
}

Result<void> open_again(Database& database, const PersonRecord& person) {
  const bool has_password = TRY(store::find_password(database, person.id)).has_value();
  const auto state = has_password ? PersonState::active : PersonState::invited;
  return store::set_person_state(database, person.id, state, "");
}

}  // namespace

Result<void> withdraw_invitations(Database& database, store::PersonId person, ports::Instant now) {
  return store::withdraw_messages(database,
                                  {.event = letters::row_of(Letter::invitation).name,
                                   .person = person,
                                   .why = "its code is void"},
                                  now);
}

Result<ReplyOk> issue_code(Database& database, const Request& request, const PersonRecord& person) {
  AdminContext& context = request.context;
  TRY(withdraw_invitations(database, person.id, request.now));
  sign_in::IssuedCode issued = TRY(sign_in::issue_first_sign_in_code(
      database, person, context.sealer, context.entropy, request.now));
  ReplyOk reply;
  reply.parameters["code_expires_at"] = milliseconds(issued.expires_at);
  reply.secret = protocol::varlink::NamedSecret{"code", TRY(sign_in::shown(issued.code))};
  return reply;
}

Result<void> check_local(const PersonRecord& person) {
  if (person.is_local()) return {};
  return Error(Errc::conflict, "this person signs in through " + person.source +
                                   " and has no password here; to give them one: usherctl user "
                                   "convert NAME --local");
}

Result<std::optional<daemon::Closed>> closed_by(Database& database, const AdminContext& context,
                                                const PersonRecord& person, ports::Instant now) {
  const auto memberships = TRY(daemon::memberships_of(database, person.id));
  return daemon::what_closes(person, context.config.policy_for(memberships).inactive_after, now);
}

Result<Reply> suspend_user(const Request& request) {
  const std::string reason = request.parameters.text("reason");
  const auto suspend = [&](Database& database, const PersonRecord& person) -> Result<Reply> {
    if (person.state == PersonState::suspended) {
      return Error(Errc::conflict, "the account is suspended already; resume it first");
    }
    if (person.state == PersonState::disabled) {
      return Error(Errc::conflict, "the account is disabled, which is more");
    }
    TRY(store::set_person_state(database, person.id, PersonState::suspended, reason));
    TRY(tell_person(database, request, person, Letter::account_suspended));
    TRY(record_change(database, request, person.name.view(), reason));
    return nothing_to_say();
  };
  return change_and_end_sessions(request, SessionsEnd::unless_said_otherwise, suspend);
}

Result<Reply> resume_user(const Request& request) {
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    if (person.state == PersonState::disabled) {
      return Error(Errc::conflict, "the account is disabled: usherctl user enable");
    }
    if (person.state != PersonState::suspended) {
      return Error(Errc::conflict, "the account is not suspended");
    }
    if (is_handed_back(person)) {
      return Error(Errc::conflict, "the account is this machine's own again: usherctl user adopt");
    }
    TRY(open_again(database, person));
    TRY(tell_person(database, request, person, Letter::account_reopened));
    TRY(record_change(database, request, person.name.view(), ""));
    return nothing_to_say();
  });
}

Result<Reply> disable_user(const Request& request) {
  const std::string reason = request.parameters.text("reason");
  const auto disable = [&](Database& database, const PersonRecord& person) -> Result<Reply> {
    if (person.state == PersonState::disabled) {
      return Error(Errc::conflict, "the account is disabled already");
    }
    TRY(store::set_person_state(database, person.id, PersonState::disabled, reason));
    // What was handed out before lets nobody in once the account is enabled.
    TRY(store::delete_codes(database, person.id));
    TRY(withdraw_invitations(database, person.id, request.now));
    TRY(store::delete_known_hosts(database, person.id));
    TRY(store::suspend_factors(database, person.id, std::nullopt));
    TRY(store::raise_epoch(database, person.id));
    TRY(tell_person(database, request, person, Letter::account_disabled));
    TRY(record_change(database, request, person.name.view(), reason));
    return nothing_to_say();
  };
  return change_and_end_sessions(request, SessionsEnd::unless_said_otherwise, disable);
}

Result<Reply> enable_user(const Request& request) {
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    const auto closed = TRY(closed_by(database, request.context, person, request.now));
    const bool disabled = closed == daemon::Closed::disabled;
    if (!disabled && closed != daemon::Closed::inactive) {
      return Error(Errc::conflict, "the account is neither disabled nor inactive");
    }
    if (disabled) TRY(open_again(database, person));
    TRY(store::reopen(database, person.id, request.now));
    TRY(tell_person(database, request, person, Letter::account_reopened));
    TRY(record_change(database, request, person.name.view(), ""));
    return nothing_to_say();
  });
}

Result<Reply> reset_user(const Request& request) {
  const auto reset = [&](Database& database, PersonRecord person) -> Result<Reply> {
    TRY(check_local(person));
    // Factors stay: whoever gets hold of the code still lacks the device.
    TRY(store::delete_password(database, person.id));
    TRY(store::delete_codes(database, person.id));
    TRY(store::delete_tries(database, person.id));
    TRY(store::delete_known_hosts(database, person.id));
    person.epoch = TRY(store::raise_epoch(database, person.id));
    ReplyOk reply = TRY(issue_code(database, request, person));
    TRY(tell_person(database, request, person, Letter::reset_by_staff));
    TRY(record_change(database, request, person.name.view(), request.parameters.text("reason")));
    return Reply(std::move(reply));
  };
  // Who forgot a password is at work somewhere, as often as not.
  return change_and_end_sessions(request, SessionsEnd::where_said, reset);
}

Result<Reply> convert_user(const Request& request) {
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    PersonRecord person = TRY(person_named(database, request));
    if (person.is_local()) return Error(Errc::conflict, "the person is local already");
    TRY(store::set_source(database, person.id, store::kLocal));
    person.epoch = TRY(store::raise_epoch(database, person.id));
    ReplyOk reply = TRY(issue_code(database, request, person));
    TRY(tell_person(database, request, person, Letter::account_converted));
    for (const auto& address : TRY(contacts::vouched_addresses(database, person.id))) {
      // The confirmed ones were just told.
      if (address.confirmed_at) continue;
      TRY(tell_at(database, request, person, address.value, Letter::account_converted, {}));
    }
    TRY(record_change(database, request, person.name.view(), request.parameters.text("reason")));
    return Reply(std::move(reply));
  });
}

Result<Reply> suspend_factors(const Request& request) {
  const std::chrono::seconds span(request.parameters.number("seconds").value_or(0));
  const std::string reason = request.parameters.text("reason");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    if (TRY(store::list_factors(database, person.id)).empty()) {
      return Error(Errc::conflict, "the person has no second factor");
    }
    const ports::Instant until = request.now + span;
    TRY(store::suspend_factors(database, person.id, until));
    // A mailbox alone counts for nothing meanwhile; nor does what came to it before, afterwards.
    TRY(store::delete_codes_for(database, person.id, sign_in::kReset));
    const letters::Moment end = notices::moment_of(request.context.clock, until);
    TRY(tell_person(database, request, person, Letter::factors_suspended,
                    {{letters::Variable::until, end}}));
    TRY(record_change(database, request, person.name.view(), reason));
    ReplyOk reply;
    reply.parameters["until"] = milliseconds(until);
    return Reply(std::move(reply));
  });
}

Result<Reply> resume_factors(const Request& request) {
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const PersonRecord person = TRY(person_named(database, request));
    // Past, it still demands another factor in place of the one that was lost.
    if (!person.factors_suspended_until) {
      return Error(Errc::conflict, "no factor of this person is suspended");
    }
    TRY(store::suspend_factors(database, person.id, std::nullopt));
    // What was begun to take its place shall not wait for the next suspension.
    TRY(store::delete_pending_factors(database, person.id));
    TRY(record_change(database, request, person.name.view(), request.parameters.text("reason")));
    return nothing_to_say();
  });
}

}  // namespace usher::admin
