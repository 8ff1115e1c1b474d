// Asks until a page says that it was the last, or is empty.
#include "ctl/pages.hpp"

#include <algorithm>

namespace usher::ctl {

using protocol::varlink::Json;
using protocol::varlink::ReplyOk;

Result<Json> all_rows(Session& session, std::string_view method, Json parameters,
                      std::string_view member, std::string (*last)(const Json& row)) {
  Json rows = Json::array();
  for (;;) {
    ReplyOk page = TRY(session.call(method, parameters));
    const Json& fresh = rows_member(page.parameters, member);
    for (const Json& row : fresh) rows.push_back(row);
    if (fresh.empty() || !protocol::varlink::truth_of(page.parameters, "more")) {
      page.parameters.erase("more");
      page.parameters[std::string(member)] = std::move(rows);
      return std::move(page.parameters);
    }
    parameters["after"] = last(fresh.back());
  }
}

Result<Newest> newest_rows(Session& session, std::string_view method, Json parameters,
                           std::string_view member, std::int64_t limit) {
  constexpr std::int64_t kPage = 100;
  Newest newest{Json::array()};
  for (;;) {
    const auto left = limit - static_cast<std::int64_t>(newest.rows.size());
    if (left <= 0) return newest;
    parameters["limit"] = std::min(left, kPage);
    const ReplyOk page = TRY(session.call(method, parameters));
    const Json& fresh = rows_member(page.parameters, member);
    for (const Json& row : fresh) newest.rows.push_back(row);
    newest.more = !fresh.empty() && protocol::varlink::truth_of(page.parameters, "more");
    if (!newest.more) return newest;
    parameters["before"] = protocol::varlink::number_of(fresh.back(), "sequence").value_or(1);
  }
}

std::string name_of_row(const Json& row) {
  return text_member(row, "name");
}

std::string row_itself(const Json& row) {
  const auto* text = row.get_ptr<const std::string*>();
  return text == nullptr ? "" : *text;
}

}  // namespace usher::ctl
