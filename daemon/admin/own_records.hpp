// Which records of a name are the records of whoever has it now.
#pragma once

#include "daemon/admin/handlers.hpp"

namespace usher::admin {

// A name may be given again once its person is deleted, and records go by the name: the last
// sequence of the latest deletion before `before`. 0: nobody had the name before.
Result<std::int64_t> end_of_predecessor(store::Database& database, std::string_view name,
                                        std::int64_t before);

// The same for whose permission ends at a person, one of a manager's team or the caller: they see
// nothing of who had the name before, only records above this one. 0 where it has no such end.
Result<std::int64_t> last_of_predecessor(store::Database& database, const Request& request,
                                         std::string_view name);

}  // namespace usher::admin
