// The verb that reads usher.toml and the policies again.
#include <fmt/format.h>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"

namespace usher::admin {
namespace {

using daemon::Difference;
using daemon::Takes;

Json difference_json(const Difference& difference) {
  Json row = Json::object();
  row["key"] = difference.key;
  row["before"] = difference.before;
  row["after"] = difference.after;
  row["takes"] = difference.takes == Takes::at_start ? "at_start" : "now";
  return row;
}

std::string keys_of(const std::vector<Difference>& changed) {
  constexpr std::size_t kLongest = 900;  // an audit reason holds 1,024 bytes
  std::string text;
  for (const Difference& difference : changed) {
    if (text.size() + difference.key.size() > kLongest) return text + " ...";
    text += (text.empty() ? "" : " ") + difference.key;
  }
  return text.empty() ? "nothing" : text;
}

// What is wrong with a file, or with who may write it, is the caller's to mend.
bool is_mistake_in_files(Errc code) {
  return code == Errc::invalid_input || code == Errc::not_found || code == Errc::not_permitted;
}

}  // namespace

Result<Reply> reload_configuration(const Request& request) {
  const auto changed = request.context.configuration.reload();
  if (!changed && is_mistake_in_files(changed.error().code())) {
    return Reply(invalid_parameter("configuration", changed.error().text()));
  }
  if (!changed) return changed.error();
  TRY(request.context.store.write([&](store::Database& database) {
    return record_change(database, request, "", "changed: " + keys_of(*changed));
  }));
  Json rows = Json::array();
  for (const Difference& difference : *changed) rows.push_back(difference_json(difference));
  ReplyOk reply;
  reply.parameters["changed"] = std::move(rows);
  return Reply(std::move(reply));
}

}  // namespace usher::admin
