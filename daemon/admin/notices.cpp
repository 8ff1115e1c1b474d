// What staff did to an account, told to its owner: by whom, and why.
#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/context.hpp"
#include "daemon/notices/tell.hpp"

namespace usher::admin {
namespace {

using letters::Value;
using letters::Variable;

// None: a host without mail writes nobody, and works all the same.
Result<std::optional<notices::Means>> means_for(const Request& request) {
  const daemon::Services* services = request.context.services;
  if (services != nullptr) return std::optional(notices::means_of(*services));
  if (!request.context.config.mail.is_set()) return std::optional<notices::Means>();
  return Error(Errc::unavailable, "there are no templates");
}

std::vector<Value> by_staff(const Request& request, std::string_view reason,
                            std::vector<Value> values) {
  values.push_back({Variable::by, request.by});
  if (!reason.empty()) values.push_back({Variable::reason, reason});
  return values;
}

}  // namespace

Result<void> tell_person(store::Database& database, const Request& request,
                         const store::PersonRecord& person, letters::Letter letter,
                         std::vector<Value> values) {
  const auto means = TRY(means_for(request));
  if (!means) return {};
  const std::string reason = request.parameters.text("reason");
  return notices::tell(database, *means, person, letter,
                       by_staff(request, reason, std::move(values)), request.now);
}

Result<void> tell_at(store::Database& database, const Request& request,
                     const store::PersonRecord& person, std::string_view address,
                     letters::Letter letter, std::vector<Value> values) {
  const auto means = TRY(means_for(request));
  if (!means) return {};
  const std::string reason = request.parameters.text("reason");
  return notices::tell_at(database, *means, person, {.to = address}, letter,
                          by_staff(request, reason, std::move(values)), request.now);
}

}  // namespace usher::admin
