// The audit table: one record a decision, chained by hash. Append only (triggers refuse UPDATE and
// DELETE). A chain proves nothing against usherd itself: the journal's copy does.
#pragma once

#include <span>
#include <vector>

#include "daemon/ports/clock.hpp"
#include "daemon/store/database.hpp"

namespace usher::store {

// Texts hold no secret and no raw unknown name; unset ones stay empty.
struct AuditRecord {
  std::int64_t sequence = 0;  // set by the store
  ports::Instant at{};
  std::string request;    // 32 hex digits, the conversation's id; also in the log
  std::string operation;  // "authenticate", "account", "change-password", "admin.AddUser" ...
  std::string outcome;    // "accept", "refuse", ...
  std::string reason;     // the rule that decided: "wrong-password", "code-spent", ...
  std::string person;     // canonical name; empty when unknown
  std::string factor;     // kinds that were proven, "password+totp"
  std::string service;
  std::string origin;  // origin class
  std::string rhost;
  std::string tty;
  std::int64_t peer_uid = -1;
  std::string detail;  // an Error's text, an admin's reason
  std::string steps;   // what happened on the way (daemon/trail.hpp); empty in old records
};

// Sets sequence; hash = SHA-256(previous hash || canonical record).
Result<std::int64_t> append_audit(Database& database, const AuditRecord& record);
// Newest first, below `before` (0: from the end) and above `after`, at most `limit`; of one person
// if not empty.
Result<std::vector<AuditRecord>> list_audit(Database& database, std::int64_t before,
                                            std::int64_t limit, std::string_view person,
                                            std::int64_t after = 0);
// Oldest first, above `after`, at most `limit`; of one person if not empty.
Result<std::vector<AuditRecord>> list_audit_after(Database& database, std::int64_t after,
                                                  std::int64_t limit, std::string_view person);
// The last record before `since`, found by the records' order: each halving looks at one. 0: there
// is none. Where the clock was set back in between, it is one of the places where `since` is
// passed.
Result<std::int64_t> last_audit_before(Database& database, ports::Instant since);
// Like list_audit, of what the person's own sign-ins ended in: each authenticate, and each account
// at sshd, which is all there is of a public key's. Nothing that cron or administrators did.
Result<std::vector<AuditRecord>> list_sign_ins(Database& database, std::int64_t before,
                                               std::int64_t limit, std::string_view person);
// Those of the one request whose id begins with `id`, hex digits, oldest first; of several requests
// the records of no more than two. At most kMaxOfRequest each.
inline constexpr std::size_t kMaxOfRequest = 16;
Result<std::vector<AuditRecord>> find_audit_of_request(Database& database, std::string_view id);
// The newest record of the person in which a sign-in or a change was not accepted. Where they only
// hung up, the no of the ten minutes before it, if no sign-in came between.
Result<std::optional<AuditRecord>> find_latest_refusal(Database& database, std::string_view person);
// The newest record before `before` in which one of these operations on the person was done.
Result<std::optional<AuditRecord>> find_done_before(Database& database, std::int64_t before,
                                                    std::string_view person,
                                                    std::span<const std::string_view> operations);
// How many sign-ins of the person failed by a wrong password or code since one last succeeded. It
// looks at the newest 500 records: of more it says as many as there were among these.
Result<std::int64_t> count_failures_before(Database& database, std::string_view person);
// The first sequence whose hash does not follow from the one before; none when the chain holds.
Result<std::optional<std::int64_t>> first_broken_audit(Database& database);

}  // namespace usher::store
