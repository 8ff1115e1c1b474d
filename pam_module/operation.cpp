// An operation from the user's name to the PAM code. Everything undecided ends in a denial here;
// there is no path from an Error to PAM_SUCCESS.
#include "pam_module/operation.hpp"

#include <security/pam_ext.h>
#include <syslog.h>
#include <unistd.h>

#include "base/text.hpp"
#include "pam_module/caller_facts.hpp"
#include "pam_module/conversation.hpp"
#include "pam_module/pam_flags.hpp"
#include "pam_module/published_person.hpp"
#include "pam_module/stopwatch.hpp"
#include "published/local_account.hpp"

namespace usher::pam_module {
namespace {

using protocol::Begin;
using protocol::LoginClient;
using protocol::Operation;
using protocol::Outcome;
using protocol::Verdict;

using LoginName = BoundedText<protocol::kMaxName>;

// As PAM has it, and as usherd knows it: the same, but for an alias that is followed.
struct Names {
  LoginName given;
  LoginName canonical;
};

// A name that is not one may hold anything, a forged log line for instance.
const char* loggable(const LoginName& name) {
  return UserName::parse(name.view()).has_value() ? name.c_str() : "(unprintable)";
}

// Outcomes after which the caller may go on: these, and only these, need the identity bound.
bool lets_in(Outcome outcome) {
  return outcome == Outcome::accept || outcome == Outcome::new_password_needed;
}

int code_of_missing_name(int code) {
  switch (code) {
    case PAM_CONV_AGAIN:
      return PAM_INCOMPLETE;  // the application will call the stack again, pam_authenticate(3)
    case PAM_CONV_ERR:
    case PAM_BUF_ERR:
    case PAM_ABORT:
      return code;
    default:
      return PAM_SYSTEM_ERR;
  }
}

// PAM_USER as it is now; null when there is none.
const char* current_user(pam_handle_t* handle) {
  const void* item = nullptr;
  if (pam_get_item(handle, PAM_USER, &item) != PAM_SUCCESS) return nullptr;
  return static_cast<const char*>(item);
}

bool is_still_the_user(pam_handle_t* handle, std::string_view began_with) {
  const char* now = current_user(handle);
  return now != nullptr && began_with == now;
}

// The one change of PAM_USER there is: an alias becomes the name it stands for.
Result<void> name_canonically(pam_handle_t* handle, const Names& names) {
  if (names.given.view() == names.canonical.view()) return {};
  if (pam_set_item(handle, PAM_USER, names.canonical.c_str()) != PAM_SUCCESS) {
    return Error(Errc::exhausted, "PAM_USER cannot be set");
  }
  return {};
}

// For the session's programs. PAM's environment, which the application hands to the session; never
// this process's.
Result<void> name_organisation(pam_handle_t* handle, std::string_view organisation) {
  if (organisation.empty()) return {};
  constexpr std::string_view kVariable = "USHER_ORG=";
  if (!is_plain_text(organisation, Newlines::refused)) {
    return Error(Errc::invalid_input, "usherd names an organisation that is no plain text");
  }
  BoundedText<kVariable.size() + protocol::kMaxName> setting(kVariable);
  setting.append(organisation);
  if (pam_putenv(handle, setting.c_str()) == PAM_SUCCESS) return {};
  return Error(Errc::exhausted, "USHER_ORG cannot be set");
}

// The name that proved itself is the name let in: not one the daemon brings up, and not one that
// an application wrote into PAM_USER while the person was typing. A mismatch is an Error, never
// "unknown user", which a stack may pass on to the next module.
Result<Outcome> let_in(const Call& call, const Names& names, const Verdict& verdict, Person& person,
                       KeptAnswers& kept) {
  if (verdict.user != names.canonical.view()) {
    return Error(Errc::not_permitted, "usherd decided about another user");
  }
  if (!verdict.text.empty()) (void)TRY(person.tell(Tone::info, verdict.text));
  if (!is_still_the_user(call.handle, names.given.view())) {
    return Error(Errc::not_permitted, "PAM_USER changed during the conversation");
  }
  if (verdict.outcome == Outcome::accept) {
    TRY(name_organisation(call.handle, verdict.organisation));
    TRY(kept.hand_over(call.handle, verdict));
    if (call.operation == Operation::authenticate) TRY(name_canonically(call.handle, names));
  }
  return verdict.outcome;
}

// Nobody is asked and nothing is proven here, so nobody is let in who was not on the way already.
Result<Outcome> consult_directory(const Call& call, const Options& options, const Names& names,
                                  const Begin& begin, const Error& unreached) {
  const bool may = call.operation == Operation::account && says_nobody_there(unreached) &&
                   may_go_on_without_usherd(begin, Uid{::geteuid()});
  if (!may) return unreached;
  const Outcome outcome =
      TRY(published_account(options.directory_file, published::kPasswdFile, names.canonical.view())
              .in(unreached.text()));
  pam_syslog(call.handle, LOG_NOTICE, "%s for %s: %s by the published directory: %s",
             name_of(call.operation), loggable(names.canonical), name_of(outcome),
             unreached.text().data());
  return outcome;
}

Result<Outcome> consult_daemon(const Call& call, const Options& options, const Names& names,
                               const Begin& begin, Person& person) {
  Result<LoginClient> reached = LoginClient::connect(options.server);
  if (!reached) return consult_directory(call, options, names, begin, reached.error());
  LoginClient client = reached.release_value();
  KeptAnswers kept;
  const Verdict verdict = TRY(Conversation(client, person, kept).run(begin));
  if (lets_in(verdict.outcome)) return let_in(call, names, verdict, person, kept);
  if (!verdict.text.empty()) (void)TRY(person.tell(Tone::error, verdict.text));
  return verdict.outcome;
}

void log_result(const Call& call, const LoginName& name, const Result<Outcome>& result) {
  const char* operation = name_of(call.operation);
  if (!result) {
    pam_syslog(call.handle, LOG_ERR, "%s for %s: %s", operation, loggable(name),
               result.error().text().data());
  } else if (!lets_in(*result) && *result != Outcome::unknown_user) {
    pam_syslog(call.handle, LOG_NOTICE, "%s for %s: %s", operation, loggable(name),
               name_of(*result));
  }
}

int decide(const Call& call, const Options& options, const Names& names) {
  const Stopwatch stopwatch;
  const LoginName& name = names.canonical;
  Result<Begin> begin = gather_facts(call.handle, call.flags, call.operation);
  if (!begin) {
    pam_syslog(call.handle, LOG_ERR, "%s for %s: %s", name_of(call.operation), loggable(name),
               begin.error().text().data());
    return PAM_SYSTEM_ERR;
  }
  begin->user = name.view();

  Person person(call.handle, has_flag(call.flags, PAM_SILENT) ? Tells::suppressed : Tells::shown);
  const Result<Outcome> result = consult_daemon(call, options, names, *begin, person);
  log_result(call, name, result);
  const Outcome outcome = result ? *result : Outcome::unavailable;
  if (options.debug) {
    const auto waited = person.time_taken();
    pam_syslog(call.handle, LOG_DEBUG, "%s for %s: %s after %lld ms and %lld ms of the person's",
               name_of(call.operation), loggable(name), name_of(outcome),
               static_cast<long long>((stopwatch.elapsed() - waited).count()),
               static_cast<long long>(waited.count()));
  }
  return call.code_of(outcome);
}

// Whoever signs in by an alias with a public key passes account alone: it asks about the person,
// or one who is suspended would be a stranger here, and pam_unix's business. Changes of passwords
// go by the name. Of an alias that is not published usherd is asked as of any stranger, and answers
// at the same pace; one that must not be followed is nobody's name.
Result<LoginName> resolve_alias(const Call& call, const Options& options, const LoginName& name) {
  const bool signs_in =
      call.operation == Operation::authenticate || call.operation == Operation::account;
  if (!signs_in || name.view().find('@') == std::string_view::npos) return name;
  const Result<UserName> found =
      canonical_name(options.directory_file, published::kPasswdFile, name.view());
  if (found) return LoginName(found->view());
  if (found.error().code() == Errc::conflict) return found.error();
  return name;
}

}  // namespace

int run_operation(const Call& call, const Options& options) {
  const char* user = nullptr;
  const int code = pam_get_user(call.handle, &user, nullptr);
  if (code != PAM_SUCCESS) {
    pam_syslog(call.handle, LOG_NOTICE, "%s: no user name", name_of(call.operation));
    return code_of_missing_name(code);
  }
  const std::string_view text = user != nullptr ? user : "";
  if (text.empty() || text.size() > protocol::kMaxName) return PAM_USER_UNKNOWN;
  // A copy: the application may replace the item while we talk.
  const LoginName name(text);

  const Result<bool> local = published::is_local_account(published::kPasswdFile, name.view());
  if (!local) {
    pam_syslog(call.handle, LOG_ERR, "%s", local.error().text().data());
    return call.code_of(Outcome::unavailable);
  }
  if (*local) return call.code_of(Outcome::unknown_user);
  const Result<LoginName> canonical = resolve_alias(call, options, name);
  if (!canonical) {
    pam_syslog(call.handle, LOG_ERR, "%s", canonical.error().text().data());
    return call.code_of(Outcome::unknown_user);
  }
  return decide(call, options, Names{name, *canonical});
}

}  // namespace usher::pam_module
