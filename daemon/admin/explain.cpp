// usherctl explain: an audit record as sentences. The reasons' texts are sign_in/explanation.cpp's,
// the steps' daemon/trail.cpp's; here they are put together with who, when and where from.
#include <fmt/format.h>

#include <ctime>
#include <limits>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/own_records.hpp"
#include "daemon/admin/record_json.hpp"
#include "daemon/origin.hpp"
#include "daemon/sign_in/explanation.hpp"

namespace usher::admin {
namespace {

using daemon::Noted;
using daemon::Step;
using sign_in::Circumstances;
using store::AuditRecord;
using store::Database;

// 2026-01-31T14:03:11+01:00, where this machine is.
std::string local_time(std::int64_t milliseconds) {
  const time_t seconds = milliseconds / 1000;
  tm local{};
  char text[32];  // YYYY-MM-DDTHH:MM:SS+hhmm
  const bool told = localtime_r(&seconds, &local) != nullptr &&
                    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local) == 24;
  return told ? fmt::format("{:.22}:{}", text, text + 22) : fmt::format("@{}", seconds);
}

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || number > INT64_MAX / 10 - 9) return 0;
    number = number * 10 + (c - '0');
  }
  return number;
}

// A person of Usher's by name, root, else the number.
Result<std::string> who_is(Database& database, std::int64_t uid) {
  if (uid < 0 || uid > UINT32_MAX) return std::string("nobody");
  if (uid == kRootUid.number) return std::string("root");
  const auto person =
      TRY(store::find_person_by_uid(database, Uid{static_cast<std::uint32_t>(uid)}));
  return person ? std::string(person->name.view()) : fmt::format("uid {}", uid);
}

// --- Who, when, where from ---

struct Wish {
  std::string_view operation;
  std::string_view sentence;
};
constexpr Wish kWishes[] = {
    {"authenticate", "{at}: somebody wanted to sign in as {person} through {service}."},
    {"account", "{at}: {service} asked whether {person} may come in."},
    {"accept-terms", "{at}: {person} was shown the terms of use, signing in through {service}."},
    {"enrol-factor", "{at}: {person} enrolled a second factor, signing in through {service}."},
    {"recovery-codes", "{at}: {person} drew recovery codes, signing in through {service}."},
    {"confirm-contact", "{at}: {person} confirmed an address, signing in through {service}."},
    {"forgot", "{at}: somebody asked through {service} for a new password for {person}."},
    {"factor-help", "{at}: {person} asked for help with the code, signing in through {service}."},
    {"not-you", "{at}: {person} said through {service} that what they were told of was not them."},
    {"reset", "{at}: {person} chose a new password with a mailed code, through {service}."},
    {"change-password",
     "{at}: somebody wanted to change the password of {person} through {service}."},
    {"prepare-change", "{at}: {service} asked whether {person} can change the password here."},
    {"admin.EndSessions", "{at}: {by} wanted the sessions of {person} to end."},
};
constexpr std::string_view kCall = "{at}: {by} called {operation}.";
constexpr std::string_view kCallAbout = "{at}: {by} called {operation}, about {person}.";
constexpr std::string_view kUnknownWish =
    "{at}: {operation}, which this usherd does not know: the record is of another version.";

bool is_administrative(const AuditRecord& record) {
  return record.operation.starts_with("admin.");
}

std::string_view sentence_of_wish(const AuditRecord& record) {
  for (const Wish& wish : kWishes) {
    if (wish.operation == record.operation) return wish.sentence;
  }
  if (!is_administrative(record)) return kUnknownWish;
  return record.person.empty() ? kCall : kCallAbout;
}

std::string wish_of(const AuditRecord& record, const Circumstances& known, const std::string& by) {
  const std::string_view sentence = sentence_of_wish(record);
  return fmt::format(fmt::runtime(sentence), fmt::arg("at", local_time(milliseconds(record.at))),
                     fmt::arg("person", known.person), fmt::arg("service", known.service),
                     fmt::arg("by", by), fmt::arg("operation", record.operation));
}

std::string_view place_called(daemon::Origin origin) {
  switch (origin) {
    case daemon::Origin::local_seat:
      return "the console or the greeter of this machine";
    case daemon::Origin::own_privilege:
      return "their own sudo or polkit";
    case daemon::Origin::known_host:
      return "a host they are known from";
    case daemon::Origin::unknown_host:
      return "a host they are not known from";
    case daemon::Origin::su_by_other:
      return "somebody else on this machine";
    case daemon::Origin::non_root_self:
      return "a program of their own, without privilege";
  }
  return "";
}

std::string place_of(const AuditRecord& record) {
  std::string_view place;
  for (auto i = 0U; i <= static_cast<unsigned>(daemon::Origin::non_root_self); ++i) {
    const auto origin = static_cast<daemon::Origin>(i);
    if (daemon::name_of(origin) == record.origin) place = place_called(origin);
  }
  if (place.empty()) return "";
  std::string text = fmt::format("It came from {} ({}", place, record.origin);
  if (!record.rhost.empty()) text += ", " + record.rhost;
  if (!record.tty.empty()) text += ", terminal " + record.tty;
  return text + ").";
}

// --- What happened ---

std::string value_shown(const Noted& noted) {
  switch (daemon::shown_as(noted.step)) {
    case daemon::Shown::as_it_is:
      return noted.value;
    case daemon::Shown::as_time:
      return local_time(number_in(noted.value));
  }
  return noted.value;
}

std::string sentence_for(const Noted& noted) {
  return fmt::format(fmt::runtime(daemon::sentence_of(noted.step)),
                     fmt::arg("value", value_shown(noted)));
}

Result<std::string> suspension_before(Database& database, const AuditRecord& record) {
  constexpr std::string_view kSuspending[] = {"admin.SuspendUser", "admin.HandBackUser"};
  const auto doing =
      TRY(store::find_done_before(database, record.sequence, record.person, kSuspending));
  if (!doing) return std::string();
  const std::int64_t end = TRY(end_of_predecessor(database, record.person, record.sequence));
  if (doing->sequence <= end) return std::string();
  return fmt::format(" since {}, by {}: {}", local_time(milliseconds(doing->at)),
                     TRY(who_is(database, doing->peer_uid)), doing->detail);
}

Result<Circumstances> circumstances_of(Database& database, const AuditRecord& record,
                                       std::span<const Noted> trail) {
  Circumstances known;
  known.person = record.person.empty() ? "somebody who is not here" : record.person;
  known.service = record.service.empty() ? "a program of their own" : record.service;
  known.until = "the day is over";
  for (const Noted& noted : trail) {
    if (noted.step == Step::refused_until) known.until = value_shown(noted);
  }
  if (record.reason == sign_in::name_of(sign_in::Reason::suspended)) {
    known.suspension = TRY(suspension_before(database, record));
  }
  return known;
}

// --- What was decided ---

constexpr sign_in::Explanation kDone{"The caller may do this, and usherd did it.", ""};
constexpr sign_in::Explanation kNotTheirs{
    "The caller's role does not reach so far, as the record says.",
    "A role that does: ROLES in usherctl(1)."};

constexpr sign_in::Explanation kNotDone{
    "usherd could not do it, as the record says. What other records of the same call say stands.",
    "usherctl doctor names what is missing; then the same again."};

sign_in::Explanation explanation_of(const AuditRecord& record, std::span<const Noted> trail) {
  if (is_administrative(record) && record.outcome == "error") return kNotDone;
  if (record.outcome == "error") {
    const auto code = sign_in::find_error(record.reason);
    return sign_in::explanation_of(code.value_or(Errc::internal));
  }
  if (const auto reason = sign_in::find_reason(record.reason)) {
    return sign_in::explanation_of(*reason, trail);
  }
  if (is_administrative(record)) return record.outcome == "accept" ? kDone : kNotTheirs;
  return {"This usherd does not know the reason: the record is of another version.", ""};
}

struct ClosedNow {
  store::PersonState state;
  std::string_view sentence;
};
constexpr ClosedNow kClosedNow[] = {
    {store::PersonState::suspended,
     "The account is suspended now, which nothing typed gets past: usherctl user resume {person}."},
    {store::PersonState::disabled,
     "The account is disabled now, which nothing typed gets past: usherctl user enable {person}."},
};

// What else is in the way by now, of a refusal that had another reason.
Result<std::string> also_closed(Database& database, const AuditRecord& record) {
  const bool said = record.reason == sign_in::name_of(sign_in::Reason::suspended) ||
                    record.reason == sign_in::name_of(sign_in::Reason::disabled);
  if (said || record.outcome == "accept" || is_administrative(record)) return std::string();
  const auto person = TRY(store::find_person(database, record.person));
  for (const ClosedNow& row : kClosedNow) {
    if (person && person->state == row.state) return " " + std::string(row.sentence);
  }
  return std::string();
}

// Who had the name before is somebody else.
Result<bool> is_of_predecessor(Database& database, const AuditRecord& record) {
  if (record.person.empty()) return false;
  return record.sequence <=
         TRY(end_of_predecessor(database, record.person, std::numeric_limits<std::int64_t>::max()));
}

Result<Json> explained(Database& database, const AuditRecord& record) {
  const std::vector<Noted> trail = daemon::read_trail(record.steps);
  const Circumstances known = TRY(circumstances_of(database, record, trail));
  const sign_in::Explanation explanation = explanation_of(record, trail);
  const bool of_predecessor = TRY(is_of_predecessor(database, record));
  Json story = Json::array();
  story.push_back(wish_of(record, known, TRY(who_is(database, record.peer_uid))));
  if (of_predecessor) {
    story.push_back(
        fmt::format("This is about an earlier {}, who was deleted since.", record.person));
  }
  if (const std::string place = place_of(record); !place.empty()) story.push_back(place);
  for (const Noted& noted : trail) story.push_back(sentence_for(noted));
  if (!record.factor.empty()) story.push_back("What was proven: " + record.factor + ".");
  if (!record.detail.empty()) story.push_back("The record says: " + record.detail);
  Json row = Json::object();
  row["record"] = audit_json(record);
  row["story"] = std::move(story);
  row["why"] = sign_in::fill(explanation.why, known);
  row["remedy"] =
      of_predecessor
          ? std::string()
          : sign_in::fill(std::string(explanation.remedy) + TRY(also_closed(database, record)),
                          known);
  return row;
}

Result<Reply> explanations_of(Database& database, std::span<const AuditRecord> records) {
  // Fewer than a frame holds: kMaxOfRequest of the longest records do not fit one.
  Page page(kDefaultPage);
  for (const AuditRecord& record : records) {
    if (!TRY(page.add(TRY(explained(database, record))))) break;
  }
  ReplyOk reply;
  reply.parameters["explanations"] = page.take_rows();
  return Reply(std::move(reply));
}

}  // namespace

Result<Reply> explain(const Request& request) {
  const std::string id = request.parameters.text("id");
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const auto records = TRY(store::find_audit_of_request(database, id));
    if (records.empty()) return Reply(no_such_request(id));
    if (records.front().request != records.back().request) {
      return Error(Errc::conflict, "several requests begin like this; give more of the id");
    }
    return explanations_of(database, records);
  });
}

Result<Reply> explain_refusal(const Request& request) {
  const std::string name = request.parameters.text("name");
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    auto record = TRY(store::find_latest_refusal(database, name));
    // A deleted person's refusals can still be explained.
    if (!record) TRY(person_named(database, request));
    const std::int64_t predecessors = TRY(last_of_predecessor(database, request, name));
    if (record && record->sequence <= predecessors) record.reset();
    if (!record) return explanations_of(database, {});
    return explanations_of(database, {&*record, 1});
  });
}

}  // namespace usher::admin
