// What the throttle refuses of a person, and the verb that lifts it.
#include "daemon/admin/handlers.hpp"
#include "daemon/context.hpp"
#include "daemon/store/factors.hpp"
#include "daemon/store/tries.hpp"
#include "daemon/throttle_limits.hpp"

namespace usher::admin {
namespace {

using policy::CodeFrom;
using policy::Verdict;
using store::Database;

Json refusal(std::string_view what, std::string_view origin) {
  Json row = Json::object();
  row["what"] = what;
  row["origin"] = origin;
  return row;
}

}  // namespace

Result<Json> throttled_json(Database& database, const Request& request, store::PersonId person) {
  const policy::ClockReading reading = daemon::reading_of(request.context.clock);
  const policy::Span now = TRY(store::read_timepiece(database, reading)).at;
  Json rows = Json::array();
  for (const store::TriesFrom& row : TRY(store::list_tries(database, person))) {
    const auto opens = policy::opens_at(row.tries, daemon::limits_of(row.origin), now);
    if (!opens) continue;
    rows.push_back(refusal("password", row.origin));
    rows.back()["until"] = milliseconds(request.now + (*opens - now));
  }
  for (const store::FactorRecord& factor : TRY(store::list_factors(database, person))) {
    const policy::CodeTries tries = TRY(store::find_code_tries(database, factor.id));
    const bool worn_out = tries.all >= policy::kMaxWrongCodes;
    if (worn_out) {
      rows.push_back(refusal(factor.kind, ""));
    } else if (tries.from_unknown >= policy::kMaxWrongCodesFromUnknown) {
      rows.push_back(refusal(factor.kind, daemon::name_of(daemon::Origin::unknown_host)));
    }
  }
  return rows;
}

Result<Reply> lift_throttle(const Request& request) {
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const store::PersonRecord person = TRY(person_named(database, request));
    TRY(store::delete_tries(database, person.id));
    TRY(record_change(database, request, person.name.view(), ""));
    return Reply(ReplyOk{});
  });
}

}  // namespace usher::admin
