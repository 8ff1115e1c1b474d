// The audit table: one record a decision, chained by hash. Append only (triggers refuse UPDATE and
// DELETE). A chain proves nothing against usherd itself: the journal's copy does.
#pragma once

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
};

// Sets sequence; hash = SHA-256(previous hash || canonical record).
Result<std::int64_t> append_audit(Database& database, const AuditRecord& record);
// Newest first, below `before` (0: from the end), at most `limit`; of one person if not empty.
Result<std::vector<AuditRecord>> list_audit(Database& database, std::int64_t before,
                                            std::int64_t limit, std::string_view person);
// The first sequence whose hash does not follow from the one before; none when the chain holds.
Result<std::optional<std::int64_t>> first_broken_audit(Database& database);

}  // namespace usher::store
