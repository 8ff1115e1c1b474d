// Lists that come in pages: usherd's replies have a limit, what an administrator sees has none.
#pragma once

#include "ctl/session.hpp"

namespace usher::ctl {

// All pages of `method` as one reply without "more"; `member` is its array, `last` says what names
// the last row of a page in the next call's "after".
Result<protocol::varlink::Json> all_rows(Session& session, std::string_view method,
                                         protocol::varlink::Json parameters,
                                         std::string_view member,
                                         std::string (*last)(const protocol::varlink::Json& row));

// The newest rows of a list that `sequence` counts, newest first, at most `limit`.
struct Newest {
  protocol::varlink::Json rows;
  bool more = false;  // there are older ones
};
Result<Newest> newest_rows(Session& session, std::string_view method,
                           protocol::varlink::Json parameters, std::string_view member,
                           std::int64_t limit);

// For rows that are objects with a name, and for rows that are names.
std::string name_of_row(const protocol::varlink::Json& row);
std::string row_itself(const protocol::varlink::Json& row);

}  // namespace usher::ctl
