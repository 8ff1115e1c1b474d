// The rules hold for every source of people: a directory server is as good as hostile here.
#include "daemon/directory/fitness.hpp"

#include "base/text.hpp"
#include "daemon/directory/reserved_names.hpp"
#include "published/format.hpp"

namespace usher::directory {
namespace {

bool is_field(std::string_view text, std::size_t limit) {
  return text.size() <= limit && text.find(':') == std::string_view::npos &&
         is_plain_text(text, Newlines::refused);
}

// Empty is passwd(5)'s word for / and /bin/sh; we publish no such guess.
bool is_absolute_path(std::string_view text) {
  return text.starts_with('/') && is_field(text, published::kMaxPath);
}

}  // namespace

std::string_view fault_of_name(std::string_view name) {
  if (!UserName::is_one(name)) return "the name is none";
  if (is_reserved_name(name)) return "the name is reserved";
  return {};
}

std::string_view fault_of(const PublishedPerson& person) {
  if (const std::string_view fault = fault_of_name(person.name); !fault.empty()) return fault;
  if (!published::is_publishable_id(person.uid)) return "the uid is outside the ranges";
  if (!published::is_publishable_id(person.gid)) return "the gid is outside the ranges";
  if (!is_field(person.gecos, published::kMaxGecos)) return "the full name is unfit";
  if (!is_absolute_path(person.home)) return "the home directory is unfit";
  if (!is_absolute_path(person.shell)) return "the shell is unfit";
  return {};
}

std::string_view fault_of_group(std::string_view name, std::uint32_t gid) {
  if (const std::string_view fault = fault_of_name(name); !fault.empty()) return fault;
  if (!published::is_publishable_id(gid)) return "the gid is outside the ranges";
  return {};
}

}  // namespace usher::directory
