// What staff did to an account, told to its owner: by whom, and why.
#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/context.hpp"
#include "daemon/notices/tell.hpp"

namespace usher::admin {

Result<void> tell_person(store::Database& database, const Request& request,
                         const store::PersonRecord& person, letters::Letter letter,
                         std::vector<letters::Value> values) {
  using letters::Variable;
  const daemon::Services* services = request.context.services;
  if (services == nullptr) {
    // A host without mail writes nobody, and works all the same.
    if (!request.context.config.mail.is_set()) return {};
    return Error(Errc::unavailable, "there are no templates");
  }
  const std::string reason = request.parameters.text("reason");
  values.push_back({Variable::by, request.by});
  if (!reason.empty()) values.push_back({Variable::reason, std::string_view(reason)});
  return notices::tell(database, notices::means_of(*services), person, letter, values, request.now);
}

}  // namespace usher::admin
