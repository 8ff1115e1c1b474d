// Which sources apply, in which order, and who wins.
#include "daemon/policy/policy.hpp"

#include <algorithm>
#include <tuple>

namespace usher::policy {
namespace {

constexpr std::size_t kWithFactor = 8;
constexpr std::size_t kAlone = 15;  // NIST SP 800-63B-4 section 3.1.1.2

template <typename Value>
void fill(std::optional<Value>& own, const std::optional<Value>& other) {
  if (!own) own = other;
}

// `more` replaces what was said before, where it says something.
template <typename Value>
void replace(std::optional<Value>& said, const std::optional<Value>& more) {
  if (more) said = more;
}

template <typename Value>
void keep_greater(std::optional<Value>& said, const std::optional<Value>& more) {
  if (more && (!said || *said < *more)) said = more;
}

// 0 is no limit at all.
void keep_shorter(std::optional<std::chrono::days>& said,
                  const std::optional<std::chrono::days>& more) {
  if (!more) return;
  const bool longer = said && said->count() > 0 && (more->count() == 0 || *more >= *said);
  if (!longer) said = more;
}

void keep_both(std::optional<MinLength>& said, const std::optional<MinLength>& more) {
  if (!more) return;
  if (!said) said = MinLength{};
  said->number = std::max(said->number, more->number);
  said->automatic = said->automatic || more->automatic;
}

void add(std::optional<std::vector<std::string>>& said,
         const std::optional<std::vector<std::string>>& more) {
  if (!more) return;
  if (!said) said.emplace();
  said->insert(said->end(), more->begin(), more->end());
}

void hear(Settings& said, const Settings& more) {
  keep_both(said.min_length, more.min_length);
  replace(said.max_length, more.max_length);
  keep_greater(said.needs_lower, more.needs_lower);
  keep_greater(said.needs_upper, more.needs_upper);
  keep_greater(said.needs_digit, more.needs_digit);
  keep_greater(said.needs_special, more.needs_special);
  keep_greater(said.history, more.history);
  keep_greater(said.min_age, more.min_age);
  keep_shorter(said.max_age, more.max_age);
  add(said.words, more.words);
  keep_greater(said.factor_required, more.factor_required);
  hear(said.actions, more.actions);
  add(said.terms, more.terms);
  keep_shorter(said.inactive_after, more.inactive_after);
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool applies(const Source& source, const Memberships& person) {
  switch (source.scope) {
    case Scope::everybody:
      return true;
    case Scope::organisation:
      return contains(person.organisations, source.whom);
    case Scope::attribute:
      return contains(person.attributes, source.whom);
    case Scope::group:
      return contains(person.groups, source.whom);
  }
  return false;
}

std::vector<const Source*> in_order(std::span<const Source> sources, const Memberships& person) {
  std::vector<const Source*> applying;
  for (const Source& source : sources) {
    if (applies(source, person)) applying.push_back(&source);
  }
  const auto rank = [](const Source* source) {
    return std::tie(source->scope, source->priority, source->name);
  };
  std::sort(applying.begin(), applying.end(),
            [&](const Source* left, const Source* right) { return rank(left) < rank(right); });
  return applying;
}

std::size_t worked_out(const MinLength& length, bool factor_required) {
  const std::size_t automatic = factor_required ? kWithFactor : kAlone;
  return std::max(length.number, length.automatic ? automatic : 0);
}

std::vector<std::string> each_once(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

}  // namespace

std::string_view name_of(Preset preset) {
  switch (preset) {
    case Preset::nist:
      return "nist";
    case Preset::classic:
      return "classic";
  }
  return "nist";
}

Settings settings_of(Preset preset) {
  const bool classic = preset == Preset::classic;
  Settings settings;
  settings.min_length = classic ? MinLength{.number = 8} : MinLength{.automatic = true};
  settings.max_length = kMaxCodePoints;
  settings.needs_lower = classic;
  settings.needs_upper = classic;
  settings.needs_digit = classic;
  settings.needs_special = classic;
  settings.history = 10;
  settings.min_age = std::chrono::days(0);
  settings.max_age = std::chrono::days(0);
  settings.words.emplace();
  return settings;
}

Settings over(const Settings& own, const Settings& preset) {
  Settings all = own;
  fill(all.min_length, preset.min_length);
  fill(all.max_length, preset.max_length);
  fill(all.needs_lower, preset.needs_lower);
  fill(all.needs_upper, preset.needs_upper);
  fill(all.needs_digit, preset.needs_digit);
  fill(all.needs_special, preset.needs_special);
  fill(all.history, preset.history);
  fill(all.min_age, preset.min_age);
  fill(all.max_age, preset.max_age);
  fill(all.words, preset.words);
  fill(all.factor_required, preset.factor_required);
  all.actions = over(all.actions, preset.actions);
  fill(all.terms, preset.terms);
  fill(all.inactive_after, preset.inactive_after);
  return all;
}

Policy merge(const Settings& base, std::span<const Source> sources, const Memberships& person) {
  Settings said;
  Policy policy;
  for (const Source* source : in_order(sources, person)) {
    hear(said, source->settings);
    policy.sources.push_back(source->name);
  }
  add(said.words, base.words);
  const Settings all = over(said, over(base, settings_of(Preset::nist)));
  policy.actions = rules_of(over(all.actions, usual_actions()));
  policy.factor_required = all.factor_required.value_or(true) ||
                           policy.actions[Action::enrol_factor].demand == Demand::required;
  if (policy.factor_required) policy.actions[Action::enrol_factor].demand = Demand::required;
  policy.min_length_alone = worked_out(*all.min_length, false);
  policy.inactive_after = all.inactive_after.value_or(std::chrono::days(0));
  policy.words = *all.words;
  policy.terms = each_once(all.terms.value_or(std::vector<std::string>()));
  policy.password = {.min_length = worked_out(*all.min_length, policy.factor_required),
                     .max_length = *all.max_length,
                     .needs_lower = *all.needs_lower,
                     .needs_upper = *all.needs_upper,
                     .needs_digit = *all.needs_digit,
                     .needs_special = *all.needs_special,
                     .history = *all.history,
                     .min_age = *all.min_age,
                     .max_age = *all.max_age};
  return policy;
}

std::size_t longest_history(const Settings& base, std::span<const Source> sources) {
  std::size_t longest = merge(base, {}, {}).password.history;
  for (const Source& source : sources) {
    longest = std::max(longest, source.settings.history.value_or(0));
  }
  return longest;
}

}  // namespace usher::policy
