// What can be seen of the world after a conversation.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/store/factors.hpp"
#include "daemon/store/passwords.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

// Each row as one text. A new table must be named here, or the dump says so. The throttle's and
// what was asked for at a prompt are the exceptions from "nothing is written before the first
// factor is proven"; what was told is read once, and news.scenario's.
constexpr const char* kTables =
    "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE type = 'table' "
    "AND name NOT LIKE 'sqlite_%' ORDER BY name)";
constexpr const char* kKnownTables =
    "accepted_terms account_news aliases attributes audit breached_passwords campaign_contacts "
    "campaigns codes contact_codes "
    "contacts factors group_members "
    "ids known_hosts letters_asked "
    "local_groups "
    "memberships organisations outbox password_history password_warnings passwords people "
    "put_off_actions "
    "recovery_codes reset_requests resets_asked "
    "settings timepiece tries";
constexpr const char* kRows[] = {
    "SELECT 'alias ' || alias || ' ' || person FROM aliases ORDER BY 1",
    "SELECT 'id ' || space || number || ' ' || owner FROM ids ORDER BY 1",
    "SELECT 'group ' || id || uuid || name || ' ' || gid || ' ' || created_at FROM local_groups "
    "ORDER BY 1",
    "SELECT 'known ' || person || ' ' || host || ' ' || seen_at FROM known_hosts ORDER BY 1",
    "SELECT 'member ' || local_group || ' ' || person FROM group_members ORDER BY 1",
    "SELECT 'code ' || person || handle || purpose || hex(digest) || epoch || expires_at || "
    "ifnull(spent_at, '-') || ifnull(contact, '-') || ifnull(ends_at, '-') FROM codes ORDER BY 1",
    "SELECT 'factor ' || id || ' ' || person || uuid || kind || label || hex(sealed) || ' ' || "
    "counter || ' ' || pending || ' ' || created_at FROM factors ORDER BY 1",
    "SELECT 'password ' || person || phc || must_change || changed_at FROM passwords ORDER BY 1",
    "SELECT 'history ' || id || ' ' || person || phc || accepted_at FROM password_history "
    "ORDER BY 1",
    "SELECT 'person ' || id || uuid || name || display_name || uid || state || state_reason || "
    "epoch || ' ' || created_at || ' ' || ifnull(last_sign_in_at, '-') || ' ' || ifnull(gid, '-') "
    "|| ' ' || ifnull(home, '-') || ' ' || "
    "ifnull(shell, '-') || ' ' || ifnull(language, '-') || greeted FROM people ORDER BY 1",
    "SELECT 'organisation ' || id || name || ' ' || display_name || ' ' || support "
    "FROM organisations ORDER BY 1",
    "SELECT 'membership ' || organisation || ' ' || person FROM memberships ORDER BY 1",
    "SELECT 'attribute ' || person || name || '=' || value FROM attributes ORDER BY 1",
    "SELECT 'terms ' || person || ' ' || version FROM accepted_terms ORDER BY 1",
    "SELECT 'recovery ' || factor || hex(digest) || ifnull(spent_at, '-') FROM recovery_codes "
    "ORDER BY 1",
    "SELECT 'message ' || id || uuid || ifnull(person, '-') || event || recipient || state FROM "
    "outbox ORDER BY 1",
    "SELECT 'contact ' || id || ' ' || person || kind || value || source || added_at || "
    "ifnull(confirmed_at, '-') || ifnull(counts_from, '-') || ifnull(doubted_at, '-') FROM "
    "contacts "
    "ORDER BY 1",
    "SELECT 'contact code ' || person || kind || value || ifnull(replaces, '-') || hex(digest) || "
    "epoch || ' ' || sent_at || ' ' || tries FROM contact_codes ORDER BY 1",
    "SELECT 'campaign ' || id || kind || scope || whom || ifnull(stopped_at, '-') FROM campaigns "
    "ORDER BY 1",
    "SELECT 'asked ' || campaign || ' ' || contact || doubted FROM campaign_contacts ORDER BY 1",
    "SELECT 'warned ' || person || ' ' || changed_at || ' ' || days FROM password_warnings "
    "ORDER BY 1",
    "SELECT 'breached ' || person || ' ' || changed_at FROM breached_passwords ORDER BY 1",
    "SELECT 'put off ' || person || action || at FROM put_off_actions ORDER BY 1",
    "SELECT 'setting ' || name || '=' || value FROM settings ORDER BY 1",
};

Result<std::string> text_of(store::Database& database, const char* sql) {
  store::Query query = TRY(database.query(sql));
  std::string text;
  while (TRY(query.next())) text += query.text(0) + "\n";
  return text;
}

}  // namespace

store::PersonRecord World::person(std::string_view name) {
  auto found =
      store_->read([&](store::Database& database) { return store::find_person(database, name); });
  EXPECT_TRUE(found.has_value() && found->has_value()) << "nobody is called " << name;
  return **found;
}

std::optional<store::PasswordRecord> World::password(std::string_view name) {
  const auto id = person(name).id;
  return store_->read([&](store::Database& database) { return store::find_password(database, id); })
      .release_value();
}

std::string World::device_name(std::string_view name) {
  const auto id = person(name).id;
  const auto factors =
      store_->read([&](store::Database& database) { return store::list_factors(database, id); })
          .release_value();
  return factors.empty() ? "" : factors.front().label;
}

std::string World::dump() {
  auto dumped = store_->read([](store::Database& database) -> Result<std::string> {
    std::string text;
    EXPECT_EQ(TRY(text_of(database, kTables)), std::string(kKnownTables) + "\n");
    for (const char* sql : kRows) text += TRY(text_of(database, sql));
    return text;
  });
  EXPECT_TRUE(dumped.has_value()) << dumped.error().text();
  return dumped.has_value() ? *dumped : "";
}

std::int64_t World::last_audit() {
  const auto newest =
      store_->read([](store::Database& database) { return store::list_audit(database, 0, 1, ""); });
  return newest->empty() ? 0 : newest->front().sequence;
}

std::vector<store::AuditRecord> World::audit_after(std::int64_t sequence) {
  auto records =
      store_
          ->read([](store::Database& database) { return store::list_audit(database, 0, 100, ""); })
          .release_value();
  std::reverse(records.begin(), records.end());
  std::erase_if(records, [&](const auto& record) { return record.sequence <= sequence; });
  return records;
}

bool World::audit_chain_holds() {
  const auto broken =
      store_->read([](store::Database& database) { return store::first_broken_audit(database); });
  return broken.has_value() && !broken->has_value();
}

}  // namespace usher::sign_in
