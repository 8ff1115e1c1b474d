// The verbs on second factors: seen and removed here, enrolled only by the person.
#include "daemon/store/factors.hpp"

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::FactorRecord;

// The factor with that id, or the only one with that label; null when there is none.
Result<const FactorRecord*> choose(const std::vector<FactorRecord>& factors,
                                   std::string_view id_or_label) {
  const FactorRecord* chosen = nullptr;
  for (const FactorRecord& factor : factors) {
    if (factor.uuid == id_or_label) return &factor;
    if (factor.label != id_or_label) continue;
    if (chosen != nullptr) {
      return Error(Errc::conflict, "several factors have this label; give the factor's id");
    }
    chosen = &factor;
  }
  return chosen;
}

}  // namespace

Result<Reply> list_factors(const Request& request) {
  return request.context.store.read([&](Database& database) -> Result<Reply> {
    const store::PersonRecord person = TRY(person_named(database, request));
    ReplyOk reply;
    reply.parameters["factors"] = TRY(factors_json(database, person.id));
    return Reply(std::move(reply));
  });
}

Result<Reply> remove_factor(const Request& request) {
  const std::string wanted = request.parameters.text("factor");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const store::PersonRecord person = TRY(person_named(database, request));
    const auto factors = TRY(store::list_factors(database, person.id));
    const FactorRecord* factor = TRY(choose(factors, wanted));
    if (factor == nullptr) return Reply(no_such_factor(wanted));
    if (!TRY(store::delete_factor(database, person.id, factor->uuid))) {
      return Error(Errc::internal, "a factor that was listed could not be deleted");
    }
    // A factor reset like any other: tokens and codes of before die with it.
    TRY(store::raise_epoch(database, person.id));
    TRY(record_change(database, request, person.name.view(), factor->kind + " " + factor->uuid));
    return Reply(ReplyOk{});
  });
}

}  // namespace usher::admin
