// One table of keys. A policy says whom it is for, or it is none.
#include "daemon/config_policies.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <memory>

#include "base/text.hpp"
#include "daemon/config_values.hpp"
#include "daemon/directory/account_fields.hpp"

namespace usher::daemon {
namespace {

struct Draft {
  policy::Source source;
  std::optional<policy::Preset> preset;
  std::optional<std::int64_t> priority;
  bool says_whom = false;
};

// "sales" behind "department=", as an attribute's value is stored.
bool is_attribute(std::string_view whom) {
  const std::size_t sign = whom.find('=');
  return sign != std::string_view::npos && directory::is_attribute_name(whom.substr(0, sign)) &&
         directory::is_attribute_value(whom.substr(sign + 1));
}
bool is_nobody_in_particular(std::string_view whom) {
  return whom.empty();
}

struct WhomRow {
  std::string_view start;
  policy::Scope scope;
  bool (*is_one)(std::string_view whom);
};
constexpr WhomRow kWhom[] = {
    {"everybody", policy::Scope::everybody, is_nobody_in_particular},
    {"organisation ", policy::Scope::organisation, directory::is_organisation_name},
    {"attribute ", policy::Scope::attribute, is_attribute},
    {"group ", policy::Scope::group, UserName::is_one},
};
constexpr const char* kWhomMust =
    "\"everybody\", \"organisation NAME\", \"attribute NAME=VALUE\" or \"group NAME\"";

Complaint read_whom(const toml::node& node, Draft& draft) {
  const std::string text = node.value_exact<std::string>().value_or("");
  for (const WhomRow& row : kWhom) {
    if (!text.starts_with(row.start) || !row.is_one(text.substr(row.start.size()))) continue;
    draft.source.scope = row.scope;
    draft.source.whom = text.substr(row.start.size());
    draft.says_whom = true;
    return std::nullopt;
  }
  return fmt::format("must be {}", kWhomMust);
}

using Node = toml::node;
using policy::Action;
constexpr std::array kKeys{
    Key<Draft>{"for", read_whom},
    Key<Draft>{"priority",
               [](const Node& n, Draft& d) { return read_number(n, d.priority, 0, 1000); }},
    Key<Draft>{"preset", [](const Node& n, Draft& d) { return read_preset(n, d.preset); }},
    Key<Draft>{
        "password.min_length",
        [](const Node& n, Draft& d) { return read_min_length(n, d.source.settings.min_length); }},
    Key<Draft>{"password.max_length",
               [](const Node& n, Draft& d) {
                 return read_number(n, d.source.settings.max_length, 64, 400);
               }},
    Key<Draft>{"password.needs_lower",
               [](const Node& n, Draft& d) { return read_flag(n, d.source.settings.needs_lower); }},
    Key<Draft>{"password.needs_upper",
               [](const Node& n, Draft& d) { return read_flag(n, d.source.settings.needs_upper); }},
    Key<Draft>{"password.needs_digit",
               [](const Node& n, Draft& d) { return read_flag(n, d.source.settings.needs_digit); }},
    Key<Draft>{
        "password.needs_special",
        [](const Node& n, Draft& d) { return read_flag(n, d.source.settings.needs_special); }},
    Key<Draft>{
        "password.history",
        [](const Node& n, Draft& d) { return read_number(n, d.source.settings.history, 0, 24); }},
    Key<Draft>{
        "password.min_age_days",
        [](const Node& n, Draft& d) { return read_number(n, d.source.settings.min_age, 0, 365); }},
    Key<Draft>{
        "password.max_age_days",
        [](const Node& n, Draft& d) { return read_number(n, d.source.settings.max_age, 0, 3650); }},
    Key<Draft>{"password.words",
               [](const Node& n, Draft& d) { return read_words(n, d.source.settings.words); }},
    Key<Draft>{"account.inactive_days",
               [](const Node& n, Draft& d) {
                 return read_number(n, d.source.settings.inactive_after, 0, 3650);
               }},
    Key<Draft>{
        "mfa.required",
        [](const Node& n, Draft& d) { return read_flag(n, d.source.settings.factor_required); }},
    Key<Draft>{"actions.change_password",
               [](const Node& n, Draft& d) {
                 return read_demand(n, d.source.settings.actions.demands[Action::change_password]);
               }},
    Key<Draft>{"actions.enrol_factor",
               [](const Node& n, Draft& d) {
                 return read_demand(n, d.source.settings.actions.demands[Action::enrol_factor]);
               }},
    Key<Draft>{"actions.recovery_codes",
               [](const Node& n, Draft& d) {
                 return read_demand(n, d.source.settings.actions.demands[Action::recovery_codes]);
               }},
    Key<Draft>{"actions.accept_terms",
               [](const Node& n, Draft& d) {
                 return read_demand(n, d.source.settings.actions.demands[Action::accept_terms]);
               }},
    Key<Draft>{"actions.confirm_contact",
               [](const Node& n, Draft& d) {
                 return read_offer(n, d.source.settings.actions.demands[Action::confirm_contact]);
               }},
    Key<Draft>{"public_key.change_password",
               [](const Node& n, Draft& d) {
                 return read_public_key(
                     n, d.source.settings.actions.public_keys[Action::change_password]);
               }},
    Key<Draft>{"public_key.enrol_factor",
               [](const Node& n, Draft& d) {
                 return read_public_key(
                     n, d.source.settings.actions.public_keys[Action::enrol_factor]);
               }},
    Key<Draft>{"public_key.recovery_codes",
               [](const Node& n, Draft& d) {
                 return read_public_key(
                     n, d.source.settings.actions.public_keys[Action::recovery_codes]);
               }},
    Key<Draft>{"public_key.accept_terms",
               [](const Node& n, Draft& d) {
                 return read_public_key(
                     n, d.source.settings.actions.public_keys[Action::accept_terms]);
               }},
    Key<Draft>{"terms.file",
               [](const Node& n, Draft& d) { return read_terms(n, d.source.settings.terms); }},
};

// A key that would be right in usher.toml.
bool is_of_usher_toml(std::string_view name) {
  const auto keys = config_keys();
  return std::any_of(keys.begin(), keys.end(),
                     [&](const KeyDescription& key) { return key.name == name; });
}

Result<void> read_policy_key(std::string_view file, const std::string& name, const toml::node& node,
                             Draft& draft) {
  const bool known = std::any_of(kKeys.begin(), kKeys.end(),
                                 [&](const Key<Draft>& key) { return key.name == name; });
  if (!known && is_of_usher_toml(name)) {
    return complaint_at(
        file, node, fmt::format("'{}' is the same for everybody: it belongs in usher.toml", name));
  }
  return read_key<Draft>(file, name, node, kKeys, draft);
}

bool is_section(std::string_view name) {
  return std::any_of(kKeys.begin(), kKeys.end(), [&](const Key<Draft>& key) {
    return key.name.starts_with(name) && key.name.substr(name.size()).starts_with('.');
  });
}

Result<void> read_section(std::string_view file, std::string_view section, const toml::table& table,
                          Draft& draft) {
  if (table.empty() && !is_section(section)) {
    return complaint_at(file, table, fmt::format("unknown section '[{}]'", section));
  }
  for (const auto& [key, node] : table) {
    TRY(read_policy_key(file, fmt::format("{}.{}", section, key.str()), node, draft));
  }
  return {};
}

Result<void> check(std::string_view file, const Draft& draft) {
  if (!draft.says_whom) {
    return Error(Errc::invalid_input, fmt::format("{}:1: for is missing: {}", file, kWhomMust));
  }
  if (draft.priority && draft.source.scope != policy::Scope::group) {
    return Error(Errc::invalid_input,
                 fmt::format("{}:1: priority is for groups: organisations have none", file));
  }
  return check_ages(file, draft.source.settings);
}

// A policy's name from its file's, or empty.
std::string_view policy_of(std::string_view file) {
  constexpr std::string_view kEnding = ".toml";
  return file.ends_with(kEnding) ? file.substr(0, file.size() - kEnding.size())
                                 : std::string_view();
}

Result<std::vector<std::string>> names_in(const std::string& directory) {
  UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (!fd.valid() && errno == ENOENT) return std::vector<std::string>();
  if (!fd.valid()) return system_error("opening " + directory);
  TRY(check_owner(fd, directory, S_IFDIR));
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(fd.release()), ::closedir);
  if (!entries) return system_error("reading " + directory);
  std::vector<std::string> names;
  errno = 0;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): a directory stream of our own
  while (const dirent* entry = ::readdir(entries.get())) {
    const std::string_view name = policy_of(&entry->d_name[0]);
    if (!name.empty()) names.emplace_back(name);
  }
  if (errno != 0) return system_error("reading " + directory);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Result<void> check_ages(std::string_view file, const policy::Settings& settings) {
  const auto least = settings.min_age.value_or(std::chrono::days(0));
  const auto greatest = settings.max_age.value_or(std::chrono::days(0));  // 0: none
  if (greatest.count() == 0 || least <= greatest) return {};
  return Error(Errc::invalid_input,
               fmt::format("{}: password.min_age_days ({}) is more than password.max_age_days ({})",
                           file, least.count(), greatest.count()));
}

Result<policy::Source> parse_policy(std::string_view toml, const std::string& name,
                                    std::string_view file_name) {
  if (!UserName::is_one(name)) {
    return Error(Errc::invalid_input,
                 fmt::format("{}:1: a policy's name is like a login name: a-z, 0-9, '_', '.', '-'",
                             file_name));
  }
  const toml::table root = TRY(parse_toml(toml, file_name));
  Draft draft;
  draft.source.name = name;
  for (const auto& [key, node] : root) {
    if (const toml::table* section = node.as_table()) {
      TRY(read_section(file_name, key.str(), *section, draft));
    } else {
      TRY(read_policy_key(file_name, std::string(key.str()), node, draft));
    }
  }
  TRY(check(file_name, draft));
  draft.source.priority = draft.priority.value_or(0);
  if (draft.preset) {
    draft.source.settings = over(draft.source.settings, policy::settings_of(*draft.preset));
  }
  return std::move(draft.source);
}

Result<std::vector<policy::Source>> load_policies(const std::string& directory, Said& said) {
  const std::vector<std::string> names = TRY(names_in(directory));
  if (names.size() > kMaxPolicies) {
    return Error(Errc::invalid_input, directory + " holds over 256 policies");
  }
  std::vector<policy::Source> sources;
  for (const std::string& name : names) {
    const std::string path = fmt::format("{}/{}.toml", directory, name);
    const std::string text = TRY(read_config_file(path));
    sources.push_back(TRY(parse_policy(text, name, path)));
    TRY(note_as_written(text, fmt::format("policies/{} ", name), said));
  }
  return sources;
}

std::vector<std::string_view> policy_keys() {
  std::vector<std::string_view> names;
  names.reserve(std::size(kKeys));
  for (const Key<Draft>& key : kKeys) names.push_back(key.name);
  return names;
}

}  // namespace usher::daemon
