// The table of messages on their way to people. One that was taken is offered again when nothing is
// heard of it for a while: each is sent at least once, and twice only where usher-courier or the
// machine went down between the sending and the word of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/store/people.hpp"

namespace usher::store {

enum class MessageId : std::int64_t {};

enum class Service : std::uint8_t { mail, sms };
std::string_view name_of(Service service);

enum class MessageState : std::uint8_t {
  queued,  // waits for its time, or for word of it
  sent,    // a server has taken it; the text is gone
  dead,    // refused, or too old; sent again on an administrator's word, while it is of use
};
std::string_view name_of(MessageState state);

// Of what is due, that for which somebody waits at a prompt is taken first.
enum class Urgency : std::uint8_t { none, waited_for };

struct NewMessage {
  std::string uuid;  // 32 hexadecimal digits
  std::optional<PersonId> person = {};
  Service service = Service::mail;
  std::string event;      // 1 to 32 characters
  std::string recipient;  // 1 to 254 bytes
  std::string sealed;
  ports::Instant queued_at{};
  ports::Instant ends_at{};
  Urgency urgency = Urgency::none;
};

struct MessageRecord {
  MessageId id{};
  std::string uuid;
  std::string person;  // the name; empty for nobody's
  Service service = Service::mail;
  std::string event;
  std::string recipient;
  MessageState state = MessageState::queued;
  ports::Instant queued_at{};
  ports::Instant due_at{};
  ports::Instant ends_at{};
  std::int64_t tries = 0;
  std::optional<ports::Instant> done_at;
  std::string detail;
};

struct TakenMessage {
  MessageRecord record;
  std::string sealed;
};

Result<MessageId> queue_message(Database& database, const NewMessage& message);
// What waits, or could be sent again, and holds no more.
struct Superseded {
  Service service = Service::mail;
  std::string_view event;
  std::optional<PersonId> person = {};  // none: to nobody of Usher's
  std::string_view recipient = {};      // empty: to whichever
  std::string_view why = "a newer one took its place";
};
Result<void> withdraw_messages(Database& database, const Superseded& old, ports::Instant now);
// The urgent one that has been due for longest, or any if there is none; not past its end. It is
// not due again before `again_at`, and its tries are counted. None: nothing is due.
Result<std::optional<TakenMessage>> take_message(Database& database, Service service,
                                                 ports::Instant now, ports::Instant again_at);
// When the next one of the service is due, of those that are not past their end: that which
// take_message() would take, if one is due.
struct NextDue {
  ports::Instant at{};
  Urgency urgency = Urgency::none;
};
Result<std::optional<NextDue>> next_message_due(Database& database, Service service,
                                                ports::Instant now);
enum class Waiting : std::uint8_t {
  all,
  beyond_reason,  // due later than anybody puts off, or queued later than now: the clock was ahead
};
// What waits is due now.
Result<void> bring_forward(Database& database, Service service, ports::Instant now, Waiting which);
Result<std::optional<MessageRecord>> find_message(Database& database, std::string_view uuid);

// Of one that is queued (sent: or dead, because it left all the same); false: it is not, or there
// is none. `detail` is cut at 200 bytes.
Result<bool> message_sent(Database& database, std::string_view uuid, ports::Instant now,
                          std::string_view detail);
Result<bool> message_refused(Database& database, std::string_view uuid, ports::Instant now,
                             std::string_view detail);
Result<bool> message_put_off(Database& database, std::string_view uuid, ports::Instant due_at,
                             std::string_view detail);
// Takes back that it was taken: the service failed, the message did not.
Result<bool> message_not_tried(Database& database, std::string_view uuid, ports::Instant due_at,
                               std::string_view detail);
// A dead one that is not past its end is queued again. False: it is not, or there is none.
Result<bool> requeue_message(Database& database, std::string_view uuid, ports::Instant now);
// The oldest `limit` of those. How many there were.
Result<std::int64_t> requeue_messages(Database& database, ports::Instant now, std::int64_t limit);

struct Sweep {
  ports::Instant now{};
  ports::Instant oldest{};  // what was done before is forgotten
  // Texts past their end and what is to be forgotten go. Else the clock may be ahead, and nothing
  // is done that a clock set back would not undo.
  bool for_good = false;
  std::int64_t at_once = 0;  // rows of each sort, at most
};
struct Swept {
  std::int64_t given_up = 0;
  bool more = false;  // it was not all
};
// Queued ones past their end are dead, and queued once more where the clock was ahead.
Result<Swept> sweep_messages(Database& database, const Sweep& sweep);

struct MessageFilter {
  std::optional<MessageState> state{};
  std::optional<PersonId> person{};
  std::int64_t before = 0;  // ids below it; 0: from the newest
};
// Newest first, at most `limit`.
Result<std::vector<MessageRecord>> list_messages(Database& database, const MessageFilter& filter,
                                                 std::int64_t limit);
Result<std::int64_t> count_messages(Database& database, Service service, MessageState state);
// Of that event to that person, whatever became of them, queued after `since` and not later than
// `now`: what an advanced clock dated ahead is not held against anybody.
Result<std::int64_t> count_messages_about(Database& database, PersonId person,
                                          std::string_view event, ports::Instant since,
                                          ports::Instant now);
// Text messages, whatever became of them, queued after `since` and not later than `now`; of all, or
// to one person.
Result<std::int64_t> count_sms(Database& database, ports::Instant since, ports::Instant now);
Result<std::int64_t> count_sms_to(Database& database, PersonId person, ports::Instant since,
                                  ports::Instant now);
// What was on its way to a person who is deleted is not sent any more.
Result<void> drop_messages_of(Database& database, PersonId person);

}  // namespace usher::store
