// The verbs on second factors: seen, renamed and removed here, enrolled only by the person.
#include "daemon/store/factors.hpp"

#include <algorithm>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/factors/device_name.hpp"
#include "daemon/factors/factor.hpp"
#include "daemon/store/lifecycle.hpp"

namespace usher::admin {
namespace {

using store::Database;
using store::FactorRecord;
using Factors = std::vector<FactorRecord>;

// The factor with that id or that name; null when there is none. No two of a person have one name,
// and no name looks like an id.
const FactorRecord* choose(const Factors& factors, std::string_view id_or_label) {
  const auto found = std::find_if(factors.begin(), factors.end(), [&](const FactorRecord& factor) {
    return factor.uuid == id_or_label || factor.label == id_or_label;
  });
  return found == factors.end() ? nullptr : &*found;
}

// What stands in for a factor goes with the last one, and so does what was said of it.
Result<void> remove_what_stands_alone(Database& database, store::PersonId person) {
  const Factors left = TRY(store::list_factors(database, person));
  if (factors::asked_factor(left) != nullptr) return {};
  for (const FactorRecord& factor : left) {
    (void)TRY(store::delete_factor(database, person, factor.uuid));
  }
  // Nothing is left that could be suspended, or wait for another in its place.
  return store::suspend_factors(database, person, std::nullopt);
}

std::string_view text_of(factors::NameFault fault) {
  switch (fault) {
    case factors::NameFault::not_usable:
      return "a device's name is 1 to 40 characters of plain text, and no factor's id";
    case factors::NameFault::taken:
      return "another factor of this person has that name";
  }
  return "";
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

Result<Reply> rename_factor(const Request& request) {
  const std::string wanted = request.parameters.text("factor");
  const std::string label = request.parameters.text("label");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const store::PersonRecord person = TRY(person_named(database, request));
    const Factors enrolled = TRY(store::list_factors(database, person.id));
    const FactorRecord* factor = choose(enrolled, wanted);
    if (factor == nullptr) return Reply(no_such_factor(wanted));
    if (const auto fault = factors::fault_of(label, enrolled, factor->id)) {
      return Reply(invalid_parameter("label", text_of(*fault)));
    }
    if (label == factor->label) return Reply(ReplyOk{});
    if (!TRY(store::rename_factor(database, factor->id, label))) {
      return Error(Errc::internal, "a factor that was listed could not be renamed");
    }
    TRY(record_change(database, request, person.name.view(), factor->kind + " " + factor->uuid));
    return Reply(ReplyOk{});
  });
}

Result<Reply> remove_factor(const Request& request) {
  const std::string wanted = request.parameters.text("factor");
  return request.context.store.write([&](Database& database) -> Result<Reply> {
    const store::PersonRecord person = TRY(person_named(database, request));
    const Factors enrolled = TRY(store::list_factors(database, person.id));
    const FactorRecord* factor = choose(enrolled, wanted);
    if (factor == nullptr) return Reply(no_such_factor(wanted));
    if (!TRY(store::delete_factor(database, person.id, factor->uuid))) {
      return Error(Errc::internal, "a factor that was listed could not be deleted");
    }
    TRY(remove_what_stands_alone(database, person.id));
    // A factor reset like any other: tokens and codes of before die with it.
    TRY(store::raise_epoch(database, person.id));
    TRY(tell_person(database, request, person, letters::Letter::factor_removed,
                    {{letters::Variable::device, std::string_view(factor->label)}}));
    TRY(record_change(database, request, person.name.view(), factor->kind + " " + factor->uuid));
    return Reply(ReplyOk{});
  });
}

}  // namespace usher::admin
