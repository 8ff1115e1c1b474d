// The table of reasons, as an administrator reads them. usherctl(1) has the same, shorter.
#include "daemon/sign_in/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace usher::sign_in {
namespace {

using daemon::Step;

struct Row {
  Reason reason;
  Explanation explanation;
};

constexpr std::array<Row, kReasons> kRows{{
    {Reason::all_proven, {"Everything that is asked of {person} there was proven.", ""}},
    {Reason::unknown_user,
     {"Nobody of Usher's has the name that was given. The record leaves it out, for it may be a "
      "password typed in the wrong place; the log of {service} has it.",
      "The name of somebody who is there: usherctl user list."}},
    {Reason::wrong_password,
     {"What was typed is not the password of {person}.",
      "The right one. Whoever forgot it types ? there, where mail or text messages are set up; a "
      "code by hand: usherctl user reset {person}."}},
    {Reason::no_password_set,
     {"{person} has no password since they were added or reset, or since they objected; what was "
      "typed is not the one-time code, or it was too old.",
      "The one-time code, once and within 72 hours. For another: usherctl user reset {person}. Of "
      "whom sshd itself refuses, for a shell that cannot be run or by AllowUsers, it hands on "
      "something else than what was typed; its own log says so."}},
    {Reason::code_not_for_this_door,
     {"The one-time code was right, and {service} redeems none.",
      "The same code at the console or over SSH: it is still good."}},
    {Reason::wrong_code,
     {"The password was right, and none of the codes was.",
      "A code that the app of {person} shows at that time. If it was one, the clock of the phone "
      "or of this machine is wrong: timedatectl. If the phone is lost: usherctl factor remove "
      "{person} FACTOR."}},
    {Reason::code_already_spent,
     {"The password was right, and the code had been used before.",
      "The next code, half a minute later. If {person} had not just signed in, somebody else had: "
      "usherctl audit --user {person}."}},
    {Reason::factor_throttled,
     {"The password was right, and too many wrong codes had come before: this one was not looked "
      "at.",
      "After three at once, the next half minute; after 60 from unknown hosts, the console or a "
      "known host; after 100 in all, enrolling anew: usherctl factor remove {person} FACTOR."}},
    {Reason::no_code_given,
     {"The password was right, and nothing was typed for the code.",
      "The code that the app of {person} shows. If the phone is lost: usherctl factor remove "
      "{person} FACTOR."}},
    {Reason::cannot_ask_code,
     {"The password was right, and {service} could not ask for the code: it asks one question "
      "only.",
      "A program that asks again: sshd with keyboard-interactive authentication instead of its "
      "password method. Or a front end of one question for this service, where the code follows "
      "the password: front_ends in usher.toml(5)."}},
    {Reason::throttled,
     {"Too many wrong passwords had come from that class of origins within 24 hours. This one was "
      "not looked at, right or wrong.",
      "From there: trying again after {until}. From the console, in their own sudo or from a host "
      "that {person} is known from, it would have been looked at. To forget the wrong ones: "
      "usherctl throttle lift {person}."}},
    {Reason::suspended,
     {"The account of {person} was suspended{suspension}.",
      "An open account: usherctl user resume {person}."}},
    {Reason::disabled,
     {"The account of {person} was disabled.",
      "An enabled account: usherctl user enable {person}."}},
    {Reason::expired,
     {"The account of {person} had ended: a day was set for it.",
      "A later day, or none: usherctl user set {person} --expires never."}},
    {Reason::inactive,
     {"Nobody had signed in as {person} for as long as account.inactive_days allows.",
      "An account that is opened again: usherctl user enable {person}."}},
    {Reason::signed_in_elsewhere,
     {"A provider or a directory signs {person} in, and no password is kept here.",
      "A local account: usherctl user convert {person} --local."}},
    {Reason::lifecycle_refused,
     {"Everything was proven, and something is due from {person} before the next sign-in is done; "
      "{service} only verifies.",
      "Signing in once at the console or over SSH, where it can be done."}},
    {Reason::enrolment_elsewhere,
     {"The password was right, a second factor is due, and a first one may not be enrolled from "
      "there.",
      "Signing in at the console of this machine, or with a one-time code of usherctl user reset "
      "{person}. The rule is mfa.enrol_from in usher.toml(5)."}},
    {Reason::enrolment_abandoned,
     {"A second factor is due, and no usable name for the device or no right code of its app "
      "followed; or nobody noted the recovery codes.",
      "The code that the app shows for this key. For an hour the next sign-in goes on with the "
      "same key; if no code fits, the clock of the phone is wrong."}},
    {Reason::terms_not_accepted,
     {"Everything was proven, and the terms of use were not accepted.",
      "Typing yes to them. terms.file in usher.toml(5) names the text, actions.accept_terms in it "
      "or in a policy says whose they are."}},
    {Reason::no_new_password,
     {"A new password is due, and three were refused by the rules or typed differently the second "
      "time.",
      "One that the rules accept, typed the same twice: usherctl policy show {person}."}},
    {Reason::answers_repeated,
     {"Every question got the same answer: {service} asks one question only.",
      "A program that asks again: sshd with keyboard-interactive authentication instead of its "
      "password method, or the console."}},
    {Reason::first_sign_in_due,
     {"{person} came with a public key, or {service} is a job, and the first sign-in is not done: "
      "there is no password yet.",
      "Signing in once with the one-time code. For another: usherctl user reset {person}."}},
    {Reason::action_due,
     {"{person} came with a public key, or {service} is a job, and something is due that has to be "
      "asked.",
      "Signing in once with the password, at the console or over SSH."}},
    {Reason::changed_meanwhile,
     {"{person} was suspended, reset, deleted or changed while the questions stood open.",
      "Trying again, if nothing stands against it now: usherctl user show {person}."}},
    {Reason::root_resets,
     {"Root ran passwd for {person}. Root does not choose their passwords.",
      "A one-time code, with which {person} chooses: usherctl user reset {person}."}},
    {Reason::too_early,
     {"The password is younger than the least age, and nobody demands another.",
      "Waiting until it is old enough: password.min_age_days in usher.toml(5). If it cannot wait: "
      "usherctl user reset {person}."}},
    {Reason::too_often,
     {"The password was changed ten times within the hour, and each change is mailed.",
      "Waiting for an hour. If it cannot wait: usherctl user reset {person}."}},
    {Reason::sign_in_again,
     {"A code that was mailed to {person} chose a new password. A mailbox alone signs nobody in.",
      "Signing in once more with the new password."}},
    {Reason::objected,
     {"{person} said that what they were told of was not them, with the code of that mail. "
      "Password, one-time codes, known hosts and contacts that did not serve yet are void.",
      "A new password: usherctl user reset {person}, once it is known that it is them who asks."}},
    {Reason::terms_accepted,
     {"{person} accepted the terms of use: the record names the file and the digest of its text.",
      ""}},
    {Reason::factor_enrolled,
     {"{person} enrolled a second factor and proved it: the record names it.", ""}},
    {Reason::factors_replaced,
     {"{person} enrolled a second factor anew and proved it. With it those that had been suspended "
      "were removed, recovery codes too, and the suspension ended: the record names what went.",
      ""}},
    {Reason::recovery_codes_drawn,
     {"{person} drew recovery codes, in place of any before: the record names the set.", ""}},
    {Reason::contact_confirmed,
     {"{person} typed the code that had been sent to an address, which is confirmed by it: the "
      "record names it in part. One that was typed at a sign-in without a second factor serves "
      "recovery a day later.",
      ""}},
    {Reason::factor_help,
     {"{person} knew the password and typed ? in place of the code: the device is out of reach. "
      "They were told whom to ask; where that is an address it was mailed to, once in a day. "
      "Make sure that it is them, then: usherctl mfa suspend {person}.",
      ""}},
    {Reason::password_changed,
     {"The old password was proven, and the rules accepted the new one.", ""}},
    {Reason::code_mailed,
     {"A code for a new password was mailed to an address of {person} that is confirmed.", ""}},
    {Reason::asked_elsewhere,
     {"{person} was mailed where a code can be asked for, and none: forgot.from in usher.toml(5) "
      "allows none from there, or a second factor is suspended.",
      "Asking at the console or from a known host; or a code by hand: usherctl user reset "
      "{person}."}},
    {Reason::asked_too_often,
     {"Three were asked for within the hour from that class of origins, or enough codes are on "
      "their way, or strangers have used up forgot.strangers_per_hour: no other was mailed.",
      "One of the codes in the mailbox of {person}; each works for an hour. Or: usherctl user "
      "reset "
      "{person}."}},
    {Reason::no_recovery_address,
     {"{person} has no address that is confirmed and serves recovery by now, so nothing was "
      "mailed.",
      "A code by hand: usherctl user reset {person}. usherctl report contacts lists others."}},
    {Reason::several_accounts,
     {"The address that was given belongs to several accounts; their names were mailed to it.",
      "Asking again with the name of one of them."}},
    {Reason::account_open, {"Nothing stood against the account of {person}.", ""}},
}};

// What a reason means where a certain step was taken.
struct Refinement {
  Reason reason;
  Step step;
  Explanation explanation;
};
constexpr std::array kRefinements{
    Refinement{Reason::all_proven,
               Step::factors_replaced,
               {"Everything that is asked of {person} there was proven, and they enrolled a second "
                "factor anew, in place of what had been suspended.",
                ""}},
    Refinement{Reason::all_proven,
               Step::factors_suspended,
               {"Everything that is asked of {person} there was proven. Their second factor was "
                "suspended and not asked for.",
                ""}},
    Refinement{Reason::objected,
               Step::sessions_stay,
               {"{person} said that what they were told of was not them, with the code of that "
                "mail. Password, one-time codes, known hosts and contacts that did not serve yet "
                "are void; but open sessions could not be ended, and may be somebody else's.",
                "Ending them now: loginctl terminate-user {person}. Then a new password: "
                "usherctl user reset {person}, once it is known that it is them who asks."}},
    Refinement{Reason::factor_throttled,
               Step::wrong_codes,
               {"The password was right, and a hundred wrong codes had come since the factor was "
                "enrolled: its codes are not looked at any more, from nowhere.",
                "Enrolling anew: usherctl factor remove {person} FACTOR. If the codes were not "
                "theirs, a stranger knows the password: usherctl user reset {person}."}},
    Refinement{Reason::factor_throttled,
               Step::wrong_codes_from_unknown,
               {"The password was right, and 60 wrong codes had come from unknown hosts since the "
                "factor was enrolled: from there its codes are not looked at any more.",
                "The console, or a host that {person} is known from. To open the others, enrolling "
                "anew: usherctl factor remove {person} FACTOR. If the codes were not theirs, a "
                "stranger knows the password: usherctl user reset {person}."}},
    Refinement{Reason::factor_throttled,
               Step::wrong_codes_at_once,
               {"The password was right, and three wrong codes had come in the same half minute: "
                "this one was not looked at.",
                "A code of the next half minute."}},
};

constexpr bool is_accepted(Reason reason) {
  return reason == Reason::all_proven || reason == Reason::password_changed ||
         reason == Reason::terms_accepted || reason == Reason::factor_enrolled ||
         reason == Reason::factors_replaced || reason == Reason::recovery_codes_drawn ||
         reason == Reason::contact_confirmed || reason == Reason::factor_help ||
         reason == Reason::code_mailed || reason == Reason::account_open;
}

// {person}, {service}, {until} and {suspension}: nothing else has a value.
constexpr bool names_only_values(std::string_view text) {
  constexpr std::string_view kValues[] = {"{person}", "{service}", "{until}", "{suspension}"};
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const std::string_view rest = text.substr(at);
    if (std::none_of(std::begin(kValues), std::end(kValues),
                     [&](std::string_view value) { return rest.starts_with(value); })) {
      return false;
    }
  }
  return true;
}

constexpr bool is_whole(Reason reason, const Explanation& explanation) {
  return !explanation.why.empty() && explanation.remedy.empty() == is_accepted(reason) &&
         names_only_values(explanation.why) && names_only_values(explanation.remedy);
}

constexpr bool rows_are_whole() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].reason != static_cast<Reason>(i)) return false;
    if (!is_whole(kRows[i].reason, kRows[i].explanation)) return false;
  }
  for (const Refinement& row : kRefinements) {
    if (!is_whole(row.reason, row.explanation)) return false;
  }
  return true;
}
static_assert(rows_are_whole(), "a reason lacks its row or its remedy, or names an unknown value");

constexpr Explanation kWentAway{
    "The person, or the program in front of them, went away before it could be decided.",
    "Answering every question in time. Where a password was right before, it may be a stolen one: "
    "the steps say how far it came."};
constexpr Explanation kHostFailed{
    "Nothing could be decided, and that refuses: something failed on this machine.",
    "A whole machine: the detail of the record and journalctl -u usherd say what failed."};

}  // namespace

Explanation explanation_of(Reason reason, std::span<const daemon::Noted> trail) {
  for (const Refinement& row : kRefinements) {
    const bool taken = std::any_of(trail.begin(), trail.end(),
                                   [&](const auto& noted) { return noted.step == row.step; });
    if (row.reason == reason && taken) return row.explanation;
  }
  return kRows[static_cast<std::size_t>(reason)].explanation;
}

Explanation explanation_of(Errc code) {
  switch (code) {
    case Errc::timed_out:
    case Errc::hung_up:
    case Errc::not_answered:
      return kWentAway;
    case Errc::invalid_input:
    case Errc::not_found:
    case Errc::already_exists:
    case Errc::not_permitted:
    case Errc::unavailable:
    case Errc::exhausted:
    case Errc::damaged:
    case Errc::conflict:
    case Errc::unsupported:
    case Errc::internal:
      return kHostFailed;
  }
  return kHostFailed;
}

std::string fill(std::string_view text, const Circumstances& values) {
  return fmt::format(fmt::runtime(text), fmt::arg("person", values.person),
                     fmt::arg("service", values.service), fmt::arg("until", values.until),
                     fmt::arg("suspension", values.suspension));
}

std::optional<Reason> find_reason(std::string_view name) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(),
                                 [&](const Row& r) { return name_of(r.reason) == name; });
  return row == kRows.end() ? std::nullopt : std::optional(row->reason);
}

std::optional<Errc> find_error(std::string_view name) {
  for (auto i = 0U; i <= static_cast<unsigned>(Errc::internal); ++i) {
    if (usher::name_of(static_cast<Errc>(i)) == name) return static_cast<Errc>(i);
  }
  return std::nullopt;
}

}  // namespace usher::sign_in
