// Verbs that take a person's access away take the open sessions too, where they are told to or
// nobody said otherwise.
#pragma once

#include <functional>

#include "daemon/admin/handlers.hpp"

namespace usher::admin {

enum class SessionsEnd : std::uint8_t {
  unless_said_otherwise,  // all of them
  where_said,
};

using Change = std::function<Result<Reply>(store::Database&, const store::PersonRecord&)>;

// Makes the change to the person named, in a transaction; once that stands, ends sessions as the
// parameters "sessions" and "keep" say, adds to the reply what came of it, and records it. Sessions
// that could not be ended undo nothing. A refusal ends none.
Result<Reply> change_and_end_sessions(const Request& request, SessionsEnd unsaid,
                                      const Change& change);

}  // namespace usher::admin
