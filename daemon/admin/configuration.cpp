// The verb that reads usher.toml and the policies again.
#include <fmt/format.h>

#include "daemon/admin/errors.hpp"
#include "daemon/admin/handlers.hpp"

namespace usher::admin {
namespace {

using daemon::Difference;
using daemon::Takes;

// A list of words may be long, and many policies may have changed: the reply is one frame.
std::string shortened(std::string_view value) {
  constexpr std::size_t kLongest = 120;
  if (value.size() <= kLongest) return std::string(value);
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;  // UTF-8
  return std::string(value.substr(0, end)) + " ...";
}

Json difference_json(const Difference& difference) {
  Json row = Json::object();
  row["key"] = difference.key;
  row["before"] = shortened(difference.before);
  row["after"] = shortened(difference.after);
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
  const auto changed =
      request.context.configuration.reload([&](const std::vector<Difference>& differences) {
        return request.context.store.write([&](store::Database& database) {
          return record_change(database, request, "", "changed: " + keys_of(differences));
        });
      });
  if (!changed && is_mistake_in_files(changed.error().code())) {
    return Reply(invalid_parameter("configuration", changed.error().text()));
  }
  if (!changed) return changed.error();
  // What does not fit is in force all the same: how many keys it is, is said.
  Page page(static_cast<std::int64_t>(changed->size()));
  for (const Difference& difference : *changed) {
    if (!TRY(page.add(difference_json(difference)))) break;
  }
  ReplyOk reply;
  reply.parameters["changed"] = page.take_rows();
  reply.parameters["keys"] = changed->size();
  return Reply(std::move(reply));
}

}  // namespace usher::admin
