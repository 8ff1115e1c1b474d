// The outbox table. Every change of state names the state it starts from: whoever comes second
// changes nothing.
#include "daemon/store/outbox.hpp"

#include <limits>

#include "daemon/store/columns.hpp"

namespace usher::store {
namespace {

constexpr std::size_t kMaxDetail = 200;
// Nobody puts a message off for longer.
constexpr std::chrono::hours kLongestWait{2};

#define USHER_OUTBOX_COLUMNS                                                                    \
  "m.id, m.uuid, coalesce(p.name, ''), m.service, m.event, m.recipient, m.state, m.queued_at, " \
  "m.due_at, m.ends_at, m.tries, m.done_at, m.detail"
constexpr int kSealedColumn = 13;

constexpr MessageState kStates[] = {MessageState::queued, MessageState::sent, MessageState::dead};

// The table's CHECK knows no other word.
MessageState state_of(std::string_view name) {
  for (const MessageState state : kStates) {
    if (name == name_of(state)) return state;
  }
  return MessageState::dead;
}

MessageRecord read_message(const Query& query) {
  MessageRecord message;
  message.id = MessageId(query.integer(0));
  message.uuid = query.text(1);
  message.person = query.text(2);
  message.service = query.view(3) == name_of(Service::sms) ? Service::sms : Service::mail;
  message.event = query.text(4);
  message.recipient = query.text(5);
  message.state = state_of(query.view(6));
  message.queued_at = instant_of(query.integer(7));
  message.due_at = instant_of(query.integer(8));
  message.ends_at = instant_of(query.integer(9));
  message.tries = query.integer(10);
  if (!query.is_null(11)) message.done_at = instant_of(query.integer(11));
  message.detail = query.text(12);
  return message;
}

Result<bool> changed_one(Database& database, Query& query) {
  TRY(query.run());
  return database.changed_rows() == 1;
}

Result<bool> put_off(Database& database, std::string_view uuid, ports::Instant due_at,
                     std::string_view detail, std::int64_t tries_taken_back) {
  Query query =
      TRY(database.query("UPDATE outbox SET due_at = ?, detail = ?, tries = max(0, tries - ?) "
                         "WHERE uuid = ? AND state = 'queued'"));
  query.bind(number_of(due_at)).bind(detail.substr(0, kMaxDetail));
  query.bind(tries_taken_back).bind(uuid);
  return changed_one(database, query);
}

// `sql` takes a moment and how many rows at most.
Result<std::int64_t> changed_by(Database& database, const char* sql, ports::Instant at,
                                std::int64_t at_once) {
  Query query = TRY(database.query(sql));
  TRY(query.bind(number_of(at)).bind(at_once).run());
  return database.changed_rows();
}

}  // namespace

std::string_view name_of(Service service) {
  return service == Service::mail ? "mail" : "sms";
}

std::string_view name_of(MessageState state) {
  switch (state) {
    case MessageState::queued:
      return "queued";
    case MessageState::sent:
      return "sent";
    case MessageState::dead:
      return "dead";
  }
  return "";
}

Result<MessageId> queue_message(Database& database, const NewMessage& message) {
  Query query = TRY(database.query(
      "INSERT INTO outbox (uuid, person, service, event, recipient, sealed, state, queued_at, "
      "due_at, ends_at, urgent) VALUES (?1, NULLIF(?2, 0), ?3, ?4, ?5, ?6, 'queued', ?7, ?7, ?8, "
      "?9) RETURNING id"));
  query.bind(message.uuid).bind(message.person ? number_of(*message.person) : 0);
  query.bind(name_of(message.service)).bind(message.event).bind(message.recipient);
  query.bind_blob(message.sealed).bind(number_of(message.queued_at));
  query.bind(number_of(message.ends_at)).bind(message.urgency == Urgency::waited_for ? 1 : 0);
  if (!TRY(query.next())) return Error(Errc::internal, "a new message has no number");
  return MessageId(query.integer(0));
}

Result<void> withdraw_messages(Database& database, const Superseded& old, ports::Instant now) {
  Query query =
      TRY(database.query("UPDATE outbox SET sealed = NULL, state = 'dead', "
                         "done_at = coalesce(done_at, ?1), "
                         "detail = iif(state = 'queued', ?6, detail) WHERE state <> 'sent' "
                         "AND sealed IS NOT NULL AND service = ?2 AND event = ?3 "
                         "AND person IS NULLIF(?4, 0) AND ?5 IN ('', recipient)"));
  query.bind(number_of(now)).bind(name_of(old.service)).bind(old.event);
  query.bind(old.person ? number_of(*old.person) : 0).bind(old.recipient).bind(old.why);
  return query.run();
}

Result<std::optional<TakenMessage>> take_message(Database& database, Service service,
                                                 ports::Instant now, ports::Instant again_at) {
  std::optional<TakenMessage> taken;
  {
    Query query = TRY(database.query(
        "SELECT " USHER_OUTBOX_COLUMNS
        ", m.sealed FROM outbox AS m LEFT JOIN people AS p ON p.id = m.person WHERE m.service = ?1 "
        "AND m.state = 'queued' AND m.due_at <= ?2 AND m.ends_at > ?2 "
        "ORDER BY m.urgent DESC, m.due_at, m.id LIMIT 1"));
    query.bind(name_of(service)).bind(number_of(now));
    if (!TRY(query.next())) return taken;
    taken = TakenMessage{read_message(query), query.text(kSealedColumn)};
  }
  Query query = TRY(database.query("UPDATE outbox SET due_at = ?, tries = tries + 1 WHERE id = ?"));
  query.bind(number_of(again_at)).bind(static_cast<std::int64_t>(taken->record.id));
  TRY(query.run());
  ++taken->record.tries;
  return taken;
}

Result<std::optional<NextDue>> next_message_due(Database& database, Service service,
                                                ports::Instant now) {
  using Due = std::optional<NextDue>;
  Query query = TRY(database.query(
      "SELECT due_at, 1 AS first FROM (SELECT due_at FROM outbox WHERE service = ?1 AND state = "
      "'queued' AND ends_at > ?2 AND urgent = 1 AND due_at <= ?2 ORDER BY due_at LIMIT 1) "
      "UNION ALL SELECT due_at, 0 FROM (SELECT due_at FROM outbox WHERE service = ?1 AND state = "
      "'queued' AND ends_at > ?2 ORDER BY due_at LIMIT 1) ORDER BY first DESC LIMIT 1"));
  query.bind(name_of(service)).bind(number_of(now));
  if (!TRY(query.next())) return Due();
  return Due(
      {instant_of(query.integer(0)), query.integer(1) == 1 ? Urgency::waited_for : Urgency::none});
}

Result<void> bring_forward(Database& database, Service service, ports::Instant now, Waiting which) {
  Query query = TRY(
      database.query("UPDATE outbox SET due_at = ?1 WHERE service = ?2 AND state = 'queued' AND "
                     "due_at > ?1 AND (?3 OR due_at > ?4 OR queued_at > ?1)"));
  query.bind(number_of(now)).bind(name_of(service)).bind(which == Waiting::all ? 1 : 0);
  return query.bind(number_of(now + kLongestWait)).run();
}

Result<std::optional<MessageRecord>> find_message(Database& database, std::string_view uuid) {
  using Found = std::optional<MessageRecord>;
  Query query = TRY(database.query("SELECT " USHER_OUTBOX_COLUMNS
                                   " FROM outbox AS m LEFT JOIN people AS p ON p.id = m.person "
                                   "WHERE m.uuid = ?"));
  query.bind(uuid);
  if (!TRY(query.next())) return Found();
  return Found(read_message(query));
}

Result<bool> message_sent(Database& database, std::string_view uuid, ports::Instant now,
                          std::string_view detail) {
  Query query =
      TRY(database.query("UPDATE outbox SET state = 'sent', sealed = NULL, done_at = ?, detail = ? "
                         "WHERE uuid = ? AND state <> 'sent'"));
  query.bind(number_of(now)).bind(detail.substr(0, kMaxDetail)).bind(uuid);
  return changed_one(database, query);
}

Result<bool> message_refused(Database& database, std::string_view uuid, ports::Instant now,
                             std::string_view detail) {
  Query query =
      TRY(database.query("UPDATE outbox SET state = 'dead', done_at = ?, detail = ? "
                         "WHERE uuid = ? AND state = 'queued'"));
  query.bind(number_of(now)).bind(detail.substr(0, kMaxDetail)).bind(uuid);
  return changed_one(database, query);
}

Result<bool> message_put_off(Database& database, std::string_view uuid, ports::Instant due_at,
                             std::string_view detail) {
  return put_off(database, uuid, due_at, detail, 0);
}

Result<bool> message_not_tried(Database& database, std::string_view uuid, ports::Instant due_at,
                               std::string_view detail) {
  return put_off(database, uuid, due_at, detail, 1);
}

Result<bool> requeue_message(Database& database, std::string_view uuid, ports::Instant now) {
  Query query = TRY(
      database.query("UPDATE outbox SET state = 'queued', done_at = NULL, due_at = ?1, tries = 0 "
                     "WHERE uuid = ?2 AND state = 'dead' AND sealed IS NOT NULL AND ends_at > ?1"));
  query.bind(number_of(now)).bind(uuid);
  return changed_one(database, query);
}

Result<std::int64_t> requeue_messages(Database& database, ports::Instant now, std::int64_t limit) {
  Query query = TRY(database.query(
      "UPDATE outbox SET state = 'queued', done_at = NULL, due_at = ?1, tries = 0 WHERE id IN "
      "(SELECT id FROM outbox WHERE done_at IS NOT NULL AND state = 'dead' AND sealed IS NOT NULL "
      "AND ends_at > ?1 ORDER BY id LIMIT ?2)"));
  TRY(query.bind(number_of(now)).bind(limit).run());
  return database.changed_rows();
}

Result<Swept> sweep_messages(Database& database, const Sweep& sweep) {
  const std::int64_t revived = TRY(changed_by(
      database,
      "UPDATE outbox SET state = 'queued', done_at = NULL, due_at = ?1 WHERE id IN (SELECT id FROM "
      "outbox WHERE state = 'dead' AND sealed IS NOT NULL AND done_at >= ends_at AND ends_at > ?1 "
      "LIMIT ?2)",
      sweep.now, sweep.at_once));
  const std::int64_t given_up = TRY(changed_by(
      database,
      "UPDATE outbox SET state = 'dead', done_at = ?1, detail = substr(CASE detail WHEN '' THEN "
      "'past its end' ELSE 'past its end; ' || detail END, 1, 200) WHERE id IN (SELECT id FROM "
      "outbox WHERE state = 'queued' AND ends_at <= ?1 LIMIT ?2)",
      sweep.now, sweep.at_once));
  Swept swept{given_up, revived == sweep.at_once || given_up == sweep.at_once};
  if (!sweep.for_good) return swept;
  const std::int64_t wiped = TRY(changed_by(
      database,
      "UPDATE outbox SET sealed = NULL WHERE id IN (SELECT id FROM outbox WHERE state = 'dead' AND "
      "sealed IS NOT NULL AND ends_at <= ?1 LIMIT ?2)",
      sweep.now, sweep.at_once));
  TRY(changed_by(
      database,
      "UPDATE outbox SET done_at = ?1 WHERE id IN (SELECT id FROM outbox WHERE done_at > "
      "?1 LIMIT ?2)",
      sweep.now, sweep.at_once));
  const std::int64_t deleted = TRY(changed_by(
      database,
      "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < ?1 LIMIT ?2)",
      sweep.oldest, sweep.at_once));
  swept.more = swept.more || wiped == sweep.at_once || deleted == sweep.at_once;
  return swept;
}

Result<std::vector<MessageRecord>> list_messages(Database& database, const MessageFilter& filter,
                                                 std::int64_t limit) {
  Query query = TRY(database.query(
      "SELECT " USHER_OUTBOX_COLUMNS
      " FROM outbox AS m LEFT JOIN people AS p ON p.id = m.person WHERE m.id < ?1 "
      "AND (?2 = '' OR m.state = ?2) AND (?3 = 0 OR m.person = ?3) ORDER BY m.id DESC LIMIT ?4"));
  query.bind(filter.before > 0 ? filter.before : std::numeric_limits<std::int64_t>::max());
  query.bind(filter.state ? name_of(*filter.state) : std::string_view());
  query.bind(filter.person ? number_of(*filter.person) : 0).bind(limit < 0 ? 0 : limit);
  std::vector<MessageRecord> messages;
  while (TRY(query.next())) messages.push_back(read_message(query));
  return messages;
}

Result<std::int64_t> count_messages(Database& database, Service service, MessageState state) {
  Query query = TRY(database.query("SELECT count(*) FROM outbox WHERE service = ? AND state = ?"));
  query.bind(name_of(service)).bind(name_of(state));
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

Result<std::int64_t> count_messages_about(Database& database, PersonId person,
                                          std::string_view event, ports::Instant since,
                                          ports::Instant now) {
  Query query =
      TRY(database.query("SELECT count(*) FROM outbox WHERE person = ? AND event = ? "
                         "AND queued_at > ? AND queued_at <= ?"));
  query.bind(number_of(person)).bind(event).bind(number_of(since)).bind(number_of(now));
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

Result<std::int64_t> count_sms(Database& database, ports::Instant since, ports::Instant now) {
  Query query = TRY(database.query(
      "SELECT count(*) FROM outbox WHERE service = 'sms' AND queued_at > ? AND queued_at <= ?"));
  query.bind(number_of(since)).bind(number_of(now));
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

Result<std::int64_t> count_sms_to(Database& database, PersonId person, ports::Instant since,
                                  ports::Instant now) {
  Query query =
      TRY(database.query("SELECT count(*) FROM outbox WHERE service = 'sms' AND person = ? "
                         "AND queued_at > ? AND queued_at <= ?"));
  query.bind(number_of(person)).bind(number_of(since)).bind(number_of(now));
  if (!TRY(query.next())) return Error(Errc::internal, "a count has no answer");
  return query.integer(0);
}

Result<void> drop_messages_of(Database& database, PersonId person) {
  Query query = TRY(database.query(
      "UPDATE outbox SET state = 'dead', sealed = NULL, done_at = coalesce(done_at, queued_at) "
      "WHERE person = ? AND state <> 'sent'"));
  return query.bind(number_of(person)).run();
}

}  // namespace usher::store
