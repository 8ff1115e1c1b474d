// Nothing is swapped before all that the new configuration names is open.
#include "daemon/config_in_force.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>

#include "daemon/config_sms.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/settings.hpp"

namespace usher::daemon {
namespace {

// Empty where the kernel has none to tell.
std::string host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

Result<PasswordSources> open_password_sources(const Config& config) {
  PasswordSources sources;
  if (!config.breach_filter.empty()) {
    sources.breached.emplace(TRY(BreachFilter::open(config.breach_filter)));
  }
  policy::add_words(sources.host_words, host_name());
  return sources;
}

// Beside usher.toml, in templates/. At the start a letter is worth less than everybody's sign-in.
Result<letters::Letterhead> open_letterhead(const Config& config, OnMistake on_mistake) {
  const std::string& path = config.at_start.file.path;
  const std::string folder = path.substr(0, path.rfind('/') + 1) + "templates";
  std::string host = host_name();
  if (host.empty()) host = "this machine";
  std::vector<std::string> mistakes;
  const auto note = [&](const Error& mistake) -> Result<void> {
    if (on_mistake == OnMistake::refuse) return mistake;
    mistakes.emplace_back(mistake.text());
    return {};
  };
  return letters::Letterhead{TRY(letters::Templates::load(folder, note)), std::move(host),
                             std::move(mistakes)};
}

// A text message is worth less than everybody's sign-in, too.
Result<SmsInForce> open_gateway(const Config& config, OnMistake on_mistake) {
  auto settings = open_sms(config.sms);
  if (settings) return SmsInForce{settings.release_value()};
  if (on_mistake == OnMistake::refuse) return settings.error();
  return SmsInForce{{}, std::string(settings.error().text())};
}

// A history that was shortened in the settings is forgotten now; people need not come by for it.
Result<void> trim_histories(store::Store& store, const Config& config) {
  constexpr std::string_view kSetting = "password-history-kept";
  const std::size_t longest = policy::longest_history(config.base_settings(), config.policies);
  return store.write([&](store::Database& database) -> Result<void> {
    const std::string wanted = std::to_string(longest);
    if (TRY(store::find_setting(database, kSetting)) == wanted) return {};
    TRY(store::trim_password_histories(database, longest));
    return store::put_setting(database, kSetting, wanted);
  });
}

Takes takes_of(std::string_view key) {
  const auto keys = config_keys();
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const KeyDescription& row) { return row.name == key; });
  return found == keys.end() ? Takes::at_reload : found->takes;  // policies and front ends
}

std::string value_in(const Said& said, const std::string& key) {
  const auto found = said.find(key);
  return found == said.end() ? "" : found->second;
}

}  // namespace

std::vector<Difference> differences(const Said& before, const Said& after) {
  Said keys = before;
  keys.insert(after.begin(), after.end());
  std::vector<Difference> changed;
  for (const auto& [key, value] : keys) {
    Difference row{key, value_in(before, key), value_in(after, key), takes_of(key)};
    if (row.before != row.after) changed.push_back(std::move(row));
  }
  return changed;
}

Result<void> check_named_files(const Config& config) {
  TRY(open_password_sources(config));
  TRY(open_letterhead(config, OnMistake::refuse));
  TRY(open_gateway(config, OnMistake::refuse));
  return {};
}

Result<std::unique_ptr<ConfigInForce>> ConfigInForce::create(Config config, store::Store& store) {
  // NOLINTNEXTLINE(modernize-make-unique): the constructor is private
  std::unique_ptr<ConfigInForce> created(new ConfigInForce(store));
  created->put_in_force(TRY(open_edition(std::move(config), OnMistake::stand_in)));
  TRY(trim_histories(store, created->lease().config()));
  return created;
}

ConfigInForce::Lease ConfigInForce::lease() {
  const std::lock_guard lock(mutex_);
  const Place present = std::prev(editions_.end());
  ++present->users;
  return {*this, present};
}

Result<std::vector<Difference>> ConfigInForce::reload(const Agree& agree) {
  const std::lock_guard lock(reloading_);
  const Lease present = lease();
  const ConfigFile& file = present.config().at_start.file;
  Config fresh = TRY(load_config(file.path, file.must_exist));
  auto changed = differences(present.config().said, fresh.said);
  fresh.at_start = present.config().at_start;
  Edition edition = TRY(open_edition(std::move(fresh), OnMistake::refuse));
  TRY(agree(changed));
  put_in_force(std::move(edition));
  // What is not trimmed now is at the next start; until then it is only stricter.
  (void)trim_histories(store_, lease().config());
  return changed;
}

Result<ConfigInForce::Edition> ConfigInForce::open_edition(Config config, OnMistake on_mistake) {
  PasswordSources sources = TRY(open_password_sources(config));
  letters::Letterhead letterhead = TRY(open_letterhead(config, on_mistake));
  SmsInForce sms = TRY(open_gateway(config, on_mistake));
  return Edition{std::move(config), std::move(sources), std::move(letterhead), std::move(sms)};
}

void ConfigInForce::put_in_force(Edition edition) {
  const std::lock_guard lock(mutex_);
  editions_.push_back(std::move(edition));
  std::erase_if(editions_,
                [&](const Edition& old) { return &old != &editions_.back() && old.users == 0; });
}

void ConfigInForce::give_back(Place place) {
  const std::lock_guard lock(mutex_);
  --place->users;
  if (place->users == 0 && place != std::prev(editions_.end())) editions_.erase(place);
}

}  // namespace usher::daemon
