// Which records of a name are the records of whoever has it now.
#pragma once

#include "daemon/admin/handlers.hpp"

namespace usher::admin {

// A name may be given again once its person is deleted, and records go by the name. Whose
// permission ends at a person, one of a manager's team or the caller, sees nothing of who had the
// name before: only records above this one. 0 where the permission has no such end.
Result<std::int64_t> last_of_predecessor(store::Database& database, const Request& request,
                                         const store::PersonRecord& person);

}  // namespace usher::admin
