// An organisation's policy as one value. Every file says only what it changes; what holds for a
// person is worked out here, from all that apply. Pure: no file, no store.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/policy/actions.hpp"
#include "daemon/policy/password_rules.hpp"

namespace usher::policy {

enum class Preset : std::uint8_t {
  nist,     // length and lists, no composition (SP 800-63B-4)
  classic,  // 8 to 400 characters with a lower, an upper, a digit and a special
};
std::string_view name_of(Preset preset);

// A least length, or "auto", or of two files both: the greater one counts.
struct MinLength {
  std::size_t number = 0;
  bool automatic = false;
  friend bool operator==(const MinLength&, const MinLength&) = default;
};

// What one file says. Empty: it does not say.
struct Settings {
  std::optional<MinLength> min_length{};
  std::optional<std::size_t> max_length{};
  std::optional<bool> needs_lower{};
  std::optional<bool> needs_upper{};
  std::optional<bool> needs_digit{};
  std::optional<bool> needs_special{};
  std::optional<std::size_t> history{};
  std::optional<std::chrono::days> min_age{};
  std::optional<std::chrono::days> max_age{};
  std::optional<std::vector<std::string>> words{};
  std::optional<bool> factor_required{};
  ActionSettings actions{};
  std::optional<std::vector<std::string>> terms{};    // files to be accepted
  std::optional<std::chrono::days> inactive_after{};  // an account nobody signs in to; 0: never
  friend bool operator==(const Settings&, const Settings&) = default;
};

// All a preset says; `mfa.required`, the actions and the terms are no part of one.
Settings settings_of(Preset preset);
// What `own` says, and what `preset` says about the rest.
Settings over(const Settings& own, const Settings& preset);

enum class Scope : std::uint8_t { everybody, organisation, attribute, group };

// One file of policies/.
struct Source {
  std::string name;  // the file's, without ".toml"
  Scope scope = Scope::everybody;
  std::string whom{};         // the organisation's or the group's name, or department=sales
  std::int64_t priority = 0;  // among groups
  Settings settings{};
};

// What of a person decides which sources apply.
struct Memberships {
  std::vector<std::string> organisations{};
  std::vector<std::string> groups{};
  std::vector<std::string> attributes{};  // department=sales
};

struct Policy {
  PasswordRules password{};
  std::vector<std::string> words{};  // the organisation's, not to be used as a password
  bool factor_required = true;
  ActionRules actions{};
  std::vector<std::string> terms{};  // files, each once
  std::size_t min_length_alone = 0;  // while no factor is asked for beside the password
  std::chrono::days inactive_after{0};
  std::vector<std::string> sources{};  // whose settings count, in the order they were read
};

// usher.toml's settings hold where no source that applies says otherwise. Sources are read in the
// order everybody, organisations, attributes, groups by rising priority, then by name. Where
// several speak of a security floor (lengths from below, classes, history, ages, the factor, the
// actions) the strictest wins; of the rest the last one does, and words and terms add up. `base`
// says everything. Whoever must enrol a factor is one of whom a factor is required, however it was
// said.
Policy merge(const Settings& base, std::span<const Source> sources, const Memberships& person);

// The longest history any person may have under these settings.
std::size_t longest_history(const Settings& base, std::span<const Source> sources);

}  // namespace usher::policy
