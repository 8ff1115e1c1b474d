// The audit table and its chain. Only ever appends.
#include "daemon/store/audit.hpp"

#include <algorithm>
#include <limits>

#include "daemon/crypto/framed_fields.hpp"
#include "daemon/crypto/sodium.hpp"
#include "daemon/store/audit_chain.hpp"
#include "daemon/store/columns.hpp"

// The order read_audit() reads them in. A macro: statements are literals.
#define USHER_AUDIT_COLUMNS                                                                     \
  "sequence, at, request, operation, outcome, reason, person, factor, service, origin, rhost, " \
  "tty, peer_uid, detail, steps"

namespace usher::store {
namespace {

// Of a front end that asks again after a no.
constexpr std::chrono::minutes kAskedAgain{10};
constexpr int kHashColumn = 15;  // after USHER_AUDIT_COLUMNS

// What the first record's hash follows from.
std::string start_of_chain() {
  return std::string(crypto::kDigestBytes, '\0');
}

// Every field in the table's order: no two records read the same. Part of every stored hash: never
// change it. Records without steps are older than that column.
std::string hash_of(std::string_view previous, const AuditRecord& record) {
  std::string canonical(previous);
  crypto::append_number(canonical, static_cast<std::uint64_t>(record.sequence));
  crypto::append_number(canonical, static_cast<std::uint64_t>(number_of(record.at)));
  for (const std::string* text :
       {&record.request, &record.operation, &record.outcome, &record.reason, &record.person,
        &record.factor, &record.service, &record.origin, &record.rhost, &record.tty}) {
    crypto::append_text(canonical, *text);
  }
  crypto::append_number(canonical, static_cast<std::uint64_t>(record.peer_uid));
  crypto::append_text(canonical, record.detail);
  if (!record.steps.empty()) crypto::append_text(canonical, record.steps);
  return crypto::digest(canonical);
}

AuditRecord read_audit(const Query& row) {
  return {.sequence = row.integer(0),
          .at = instant_of(row.integer(1)),
          .request = row.text(2),
          .operation = row.text(3),
          .outcome = row.text(4),
          .reason = row.text(5),
          .person = row.text(6),
          .factor = row.text(7),
          .service = row.text(8),
          .origin = row.text(9),
          .rhost = row.text(10),
          .tty = row.text(11),
          .peer_uid = row.integer(12),
          .detail = row.text(13),
          .steps = row.text(14)};
}

// The highest sequence ever given, also when its record was cut off.
Result<std::int64_t> last_sequence(Database& database) {
  Query query = TRY(database.query("SELECT seq FROM sqlite_sequence WHERE name = 'audit'"));
  if (!TRY(query.next())) return 0;
  return query.integer(0);
}

Result<std::string> last_hash(Database& database) {
  Query query = TRY(database.query("SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1"));
  if (!TRY(query.next())) return start_of_chain();
  return query.text(0);
}

// Of the records that are there, and of those that were.
Result<std::int64_t> end_of_chain(Database& database) {
  Query query = TRY(database.query("SELECT ifnull(max(sequence), 0) FROM audit"));
  if (!TRY(query.next())) return Error(Errc::internal, "a greatest number has no answer");
  return std::max(query.integer(0), TRY(last_sequence(database)));
}

Result<std::vector<AuditRecord>> read_all(Query& query) {
  std::vector<AuditRecord> records;
  while (TRY(query.next())) records.push_back(read_audit(query));
  return records;
}

Result<std::optional<AuditRecord>> read_one(Query& query) {
  if (!TRY(query.next())) return std::optional<AuditRecord>();
  return std::optional<AuditRecord>(read_audit(query));
}

}  // namespace

Result<std::int64_t> append_audit(Database& database, const AuditRecord& record) {
  Transaction transaction = TRY(Transaction::begin(database));
  AuditRecord numbered = record;
  numbered.sequence = TRY(last_sequence(database)) + 1;
  const std::string hash = hash_of(TRY(last_hash(database)), numbered);
  {
    Query query = TRY(database.query(
        "INSERT INTO audit (" USHER_AUDIT_COLUMNS
        ", hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, ''), ?)"));
    TRY(query.bind(numbered.sequence)
            .bind(number_of(numbered.at))
            .bind(numbered.request)
            .bind(numbered.operation)
            .bind(numbered.outcome)
            .bind(numbered.reason)
            .bind(numbered.person)
            .bind(numbered.factor)
            .bind(numbered.service)
            .bind(numbered.origin)
            .bind(numbered.rhost)
            .bind(numbered.tty)
            .bind(numbered.peer_uid)
            .bind(numbered.detail)
            .bind(numbered.steps)
            .bind_blob(hash)
            .run());
  }
  TRY(transaction.commit());
  return numbered.sequence;
}

Result<std::vector<AuditRecord>> list_audit(Database& database, std::int64_t before,
                                            std::int64_t limit, std::string_view person,
                                            std::int64_t after) {
  const std::int64_t below = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  const std::int64_t at_most = limit < 0 ? 0 : limit;  // SQLite reads a negative limit as "all"
  if (person.empty()) {
    Query query = TRY(database.query("SELECT " USHER_AUDIT_COLUMNS " FROM audit WHERE sequence < ? "
                                     "AND sequence > ? ORDER BY sequence DESC LIMIT ?"));
    query.bind(below).bind(after).bind(at_most);
    return read_all(query);
  }
  // person <> '' lets SQLite use the index, which leaves records of nobody out.
  Query query = TRY(database.query("SELECT " USHER_AUDIT_COLUMNS
                                   " FROM audit WHERE person = ? AND person <> '' AND sequence < ? "
                                   "AND sequence > ? ORDER BY sequence DESC LIMIT ?"));
  query.bind(person).bind(below).bind(after).bind(at_most);
  return read_all(query);
}

Result<std::int64_t> count_failures_before(Database& database, std::string_view person) {
  Query query = TRY(database.query(
      "SELECT outcome = 'accept', reason IN ('wrong-password', 'throttled', 'wrong-code', "
      "'factor-throttled') FROM (SELECT sequence, operation, outcome, reason FROM audit WHERE "
      "person = ? AND person <> '' ORDER BY sequence DESC LIMIT 500) WHERE operation = "
      "'authenticate' ORDER BY sequence DESC"));
  query.bind(person);
  std::int64_t failures = 0;
  while (TRY(query.next())) {
    if (query.integer(0) != 0) break;
    failures += query.integer(1);
  }
  return failures;
}

Result<std::int64_t> last_audit_before(Database& database, ports::Instant since) {
  std::int64_t before = 0;                                // a record of before, or none
  std::int64_t later = TRY(last_sequence(database)) + 1;  // one of since then, or past the end
  while (later - before > 1) {
    const std::int64_t middle = before + (later - before) / 2;
    // The chain has no gaps; a record that somebody took out is not waited for.
    Query query =
        TRY(database.query("SELECT sequence, at FROM audit WHERE sequence >= ? "
                           "ORDER BY sequence LIMIT 1"));
    query.bind(middle);
    const bool found = TRY(query.next());
    if (found && query.integer(0) < later && instant_of(query.integer(1)) < since) {
      before = query.integer(0);
    } else {
      later = middle;
    }
  }
  return before;
}

Result<std::vector<AuditRecord>> list_audit_after(Database& database, std::int64_t after,
                                                  std::int64_t limit, std::string_view person) {
  const std::int64_t at_most = limit < 0 ? 0 : limit;
  if (person.empty()) {
    Query query = TRY(database.query("SELECT " USHER_AUDIT_COLUMNS " FROM audit WHERE sequence > ? "
                                     "ORDER BY sequence LIMIT ?"));
    query.bind(after).bind(at_most);
    return read_all(query);
  }
  Query query = TRY(database.query("SELECT " USHER_AUDIT_COLUMNS
                                   " FROM audit WHERE person = ? AND person <> '' AND sequence > ? "
                                   "ORDER BY sequence LIMIT ?"));
  query.bind(person).bind(after).bind(at_most);
  return read_all(query);
}

Result<std::vector<AuditRecord>> list_sign_ins(Database& database, std::int64_t before,
                                               std::int64_t limit, std::string_view person) {
  const std::int64_t below = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  Query query =
      TRY(database.query("SELECT " USHER_AUDIT_COLUMNS
                         " FROM audit WHERE person = ? AND person <> '' AND sequence < ? "
                         "AND (operation = 'authenticate' OR (operation = 'account' "
                         "AND steps LIKE 'front-end=sshd%')) ORDER BY sequence DESC LIMIT ?"));
  query.bind(person).bind(below).bind(limit < 0 ? 0 : limit);
  return read_all(query);
}

Result<std::vector<AuditRecord>> find_audit_of_request(Database& database, std::string_view id) {
  std::vector<AuditRecord> found;
  std::string above(id);  // the last request whose records were read
  for (int requests = 0; requests < 2; ++requests) {
    std::string request;
    {
      Query query = TRY(database.query(
          "SELECT request FROM audit WHERE request >= ?1 AND request < ?2 AND request <> ?3 "
          "ORDER BY request LIMIT 1"));
      // 'g' follows every hex digit.
      query.bind(above).bind(std::string(id) + "g").bind(found.empty() ? "" : above);
      if (!TRY(query.next())) return found;
      request = query.text(0);
    }
    Query query = TRY(database.query("SELECT " USHER_AUDIT_COLUMNS
                                     " FROM audit WHERE request = ? ORDER BY sequence LIMIT ?"));
    query.bind(request).bind(static_cast<std::int64_t>(kMaxOfRequest));
    for (AuditRecord& record : TRY(read_all(query))) found.push_back(std::move(record));
    above = request;
  }
  return found;
}

Result<std::optional<AuditRecord>> find_latest_refusal(Database& database,
                                                       std::string_view person) {
  Query query =
      TRY(database.query("SELECT " USHER_AUDIT_COLUMNS
                         " FROM audit WHERE person = ? AND person <> '' AND outcome <> 'accept' "
                         "AND operation NOT LIKE 'admin.%' ORDER BY sequence DESC LIMIT 1"));
  query.bind(person);
  auto latest = TRY(read_one(query));
  if (!latest || latest->reason != usher::name_of(Errc::hung_up)) return latest;
  // Front ends ask again after a no, and people then hang up: the no is what they wonder about.
  Query before = TRY(database.query(
      "SELECT " USHER_AUDIT_COLUMNS
      " FROM audit WHERE person = ?1 AND outcome <> 'accept' AND reason <> ?2 AND at >= ?3 "
      "AND operation NOT LIKE 'admin.%' AND sequence > coalesce((SELECT max(sequence) FROM audit "
      "WHERE person = ?1 AND outcome = 'accept' AND operation = 'authenticate'), 0) "
      "ORDER BY sequence DESC LIMIT 1"));
  before.bind(person).bind(usher::name_of(Errc::hung_up)).bind(number_of(latest->at - kAskedAgain));
  auto refusal = TRY(read_one(before));
  return refusal ? std::move(refusal) : std::move(latest);
}

Result<std::optional<AuditRecord>> find_done_before(Database& database, std::int64_t before,
                                                    std::string_view person,
                                                    std::span<const std::string_view> operations) {
  std::optional<AuditRecord> newest;
  for (const std::string_view operation : operations) {
    Query query = TRY(database.query(
        "SELECT " USHER_AUDIT_COLUMNS
        " FROM audit WHERE person = ? AND person <> '' AND sequence < ? AND operation = ? "
        "AND outcome = 'accept' ORDER BY sequence DESC LIMIT 1"));
    query.bind(person).bind(before).bind(operation);
    auto found = TRY(read_one(query));
    if (found && (!newest || found->sequence > newest->sequence)) newest = std::move(found);
  }
  return newest;
}

Result<ChainCheck> check_chain(Database& database, ChainCheck check, std::int64_t at_most) {
  if (!check.last) check.last = TRY(end_of_chain(database));
  if (check.hash.empty()) check.hash = start_of_chain();
  Query query = TRY(database.query("SELECT " USHER_AUDIT_COLUMNS
                                   ", hash FROM audit WHERE sequence > ? AND sequence <= ? "
                                   "ORDER BY sequence LIMIT ?"));
  // What somebody put in front of the first is to be seen too.
  const bool at_the_start = check.follows == 0;
  query.bind(at_the_start ? std::numeric_limits<std::int64_t>::min() : check.follows);
  query.bind(*check.last).bind(at_most);
  std::int64_t read = 0;
  for (; TRY(query.next()); ++read) {
    const std::int64_t expected = check.follows + 1;
    const AuditRecord record = read_audit(query);
    const std::string hash = query.text(kHashColumn);
    if (record.sequence != expected || hash != hash_of(check.hash, record)) {
      check.broken = expected;
      return check;
    }
    check.follows = expected;
    check.hash = hash;
  }
  // There are no more, and there were to be: cut off at the end.
  if (read < at_most && !check.ended()) check.broken = check.follows + 1;
  return check;
}

Result<std::optional<std::int64_t>> first_broken_audit(Database& database) {
  const auto all = std::numeric_limits<std::int64_t>::max();
  return TRY(check_chain(database, {}, all)).broken;
}

}  // namespace usher::store
