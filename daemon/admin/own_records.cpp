// Two ends out of the audit table: by the order of its records, for the clock may have been set in
// between.
#include "daemon/admin/own_records.hpp"

#include <limits>

#include "daemon/store/audit.hpp"

namespace usher::admin {

Result<std::int64_t> end_of_predecessor(store::Database& database, std::string_view name,
                                        std::int64_t before) {
  constexpr std::string_view kEnds[] = {"admin.DeleteUser"};
  const auto end = TRY(store::find_done_before(database, before, name, kEnds));
  if (!end) return 0;
  // The end of their sessions is recorded after it, by the same call.
  return TRY(store::find_audit_of_request(database, end->request)).back().sequence;
}

Result<std::int64_t> last_of_predecessor(store::Database& database, const Request& request,
                                         std::string_view name) {
  if (request.scope == Scope::anybody) return 0;
  return end_of_predecessor(database, name, std::numeric_limits<std::int64_t>::max());
}

}  // namespace usher::admin
