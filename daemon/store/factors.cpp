// The factors table. Sees sealed values only; a counter is advanced by one compare-and-set, so that
// one code has one winner.
#include "daemon/store/factors.hpp"

#include "daemon/store/columns.hpp"

// The order read_factor() reads them in. A macro: statements are literals.
#define USHER_FACTOR_COLUMNS "id, person, uuid, kind, label, sealed, counter, pending, created_at"

namespace usher::store {
namespace {

std::int64_t number_of(FactorId id) {
  return static_cast<std::int64_t>(id);
}

FactorRecord read_factor(const Query& row) {
  return {.id = FactorId{row.integer(0)},
          .person = PersonId{row.integer(1)},
          .uuid = row.text(2),
          .kind = row.text(3),
          .label = row.text(4),
          .sealed = row.text(5),
          .counter = row.integer(6),
          .pending = row.integer(7) != 0,
          .created_at = instant_of(row.integer(8))};
}

Result<void> check_label(std::string_view label) {
  if (!is_plain_text(label, Newlines::refused)) {
    return Error(Errc::invalid_input, "a factor's label holds control characters");
  }
  return {};
}

}  // namespace

Result<std::vector<FactorRecord>> list_factors(Database& database, PersonId person) {
  Query query =
      TRY(database.query("SELECT " USHER_FACTOR_COLUMNS
                         " FROM factors WHERE person = ? AND pending = 0 ORDER BY created_at, id"));
  query.bind(number_of(person));
  std::vector<FactorRecord> factors;
  while (TRY(query.next())) factors.push_back(read_factor(query));
  return factors;
}

Result<std::optional<FactorRecord>> find_pending_factor(Database& database, PersonId person,
                                                        std::string_view kind,
                                                        ports::Instant oldest) {
  Query query = TRY(database.query(
      "SELECT " USHER_FACTOR_COLUMNS
      " FROM factors WHERE person = ? AND kind = ? AND pending = 1 AND created_at >= ?"));
  query.bind(number_of(person)).bind(kind).bind(number_of(oldest));
  if (!TRY(query.next())) return std::optional<FactorRecord>();
  return std::optional<FactorRecord>(read_factor(query));
}

Result<FactorId> put_pending_factor(Database& database, const FactorRecord& factor) {
  TRY(check_label(factor.label));
  Transaction transaction = TRY(Transaction::begin(database));
  {
    Query query =
        TRY(database.query("DELETE FROM factors WHERE person = ? AND kind = ? AND pending = 1"));
    TRY(query.bind(number_of(factor.person)).bind(factor.kind).run());
  }
  {
    Query query = TRY(database.query(
        "INSERT INTO factors (person, uuid, kind, label, sealed, counter, pending, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, 1, ?)"));
    TRY(query.bind(number_of(factor.person))
            .bind(factor.uuid)
            .bind(factor.kind)
            .bind(factor.label)
            .bind_blob(factor.sealed)
            .bind(factor.counter)
            .bind(number_of(factor.created_at))
            .run());
  }
  const FactorId id{database.last_row_id()};
  TRY(transaction.commit());
  return id;
}

Result<bool> confirm_factor(Database& database, FactorId id, std::int64_t counter,
                            std::string_view label) {
  TRY(check_label(label));
  Query query =
      TRY(database.query("UPDATE factors SET pending = 0, counter = ?, label = ? "
                         "WHERE id = ? AND pending = 1 AND (SELECT state FROM people "
                         "WHERE id = factors.person) IN ('invited', 'active')"));
  TRY(query.bind(counter).bind(label).bind(number_of(id)).run());
  return database.changed_rows() == 1;
}

Result<bool> advance_counter(Database& database, FactorId id, std::int64_t new_counter) {
  Query query =
      TRY(database.query("UPDATE factors SET counter = ?1 "
                         "WHERE id = ?2 AND counter < ?1 AND pending = 0"));
  TRY(query.bind(new_counter).bind(number_of(id)).run());
  return database.changed_rows() == 1;
}

Result<policy::CodeTries> find_code_tries(Database& database, FactorId id) {
  Query query =
      TRY(database.query("SELECT wrong_codes, wrong_codes_from_unknown, wrong_codes_step, "
                         "wrong_codes_in_step FROM factors WHERE id = ? AND pending = 0"));
  query.bind(number_of(id));
  if (!TRY(query.next())) return Error(Errc::conflict, "a factor was removed meanwhile");
  const auto count = [&](int column) { return static_cast<unsigned>(query.integer(column)); };
  return policy::CodeTries{
      .all = count(0), .from_unknown = count(1), .step = query.integer(2), .in_step = count(3)};
}

Result<void> put_code_tries(Database& database, FactorId id, const policy::CodeTries& tries) {
  Query query = TRY(
      database.query("UPDATE factors SET wrong_codes = ?, wrong_codes_from_unknown = ?, "
                     "wrong_codes_step = ?, wrong_codes_in_step = ? WHERE id = ? AND pending = 0"));
  return query.bind(std::int64_t{tries.all})
      .bind(std::int64_t{tries.from_unknown})
      .bind(tries.step)
      .bind(std::int64_t{tries.in_step})
      .bind(number_of(id))
      .run();
}

Result<bool> rename_factor(Database& database, FactorId id, std::string_view label) {
  TRY(check_label(label));
  Query query = TRY(database.query("UPDATE factors SET label = ? WHERE id = ? AND pending = 0"));
  TRY(query.bind(label).bind(number_of(id)).run());
  return database.changed_rows() == 1;
}

Result<bool> delete_factor(Database& database, PersonId person, std::string_view label_or_uuid) {
  Query query =
      TRY(database.query("DELETE FROM factors WHERE person = ?1 AND pending = 0 "
                         "AND (label = ?2 OR uuid = ?2)"));
  TRY(query.bind(number_of(person)).bind(label_or_uuid).run());
  return database.changed_rows() == 1;
}

Result<void> delete_factors_of_kind(Database& database, PersonId person, std::string_view kind) {
  Query query = TRY(database.query("DELETE FROM factors WHERE person = ? AND kind = ?"));
  return query.bind(number_of(person)).bind(kind).run();
}

Result<void> delete_factors(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM factors WHERE person = ?"));
  return query.bind(number_of(person)).run();
}

Result<std::int64_t> delete_factors_but(Database& database, PersonId person, FactorId kept) {
  Query query =
      TRY(database.query("DELETE FROM factors WHERE person = ? AND id <> ? AND pending = 0"));
  TRY(query.bind(number_of(person)).bind(number_of(kept)).run());
  return database.changed_rows();
}

Result<void> delete_pending_factors(Database& database, PersonId person) {
  Query query = TRY(database.query("DELETE FROM factors WHERE person = ? AND pending = 1"));
  return query.bind(number_of(person)).run();
}

}  // namespace usher::store
