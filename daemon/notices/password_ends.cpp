// Found while reading, and looked at once more where it is written: a password may be chosen in
// between.
#include "daemon/notices/password_ends.hpp"

#include <algorithm>
#include <array>

#include "daemon/contacts/usable.hpp"
#include "daemon/lifecycle.hpp"
#include "daemon/memberships.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/warnings.hpp"

namespace usher::notices {
namespace {

using letters::Letter;
using letters::Value;
using letters::Variable;
using store::ContactRecord;
using store::Database;
using store::PersonRecord;

constexpr std::array<std::int64_t, 3> kDaysBefore{1, 3, 7};

struct Due {
  store::PasswordWarning warning;
  ports::Instant ends{};
};

// Most hosts have no password that ends.
bool any_ends(const daemon::Config& config) {
  static constexpr std::chrono::days kNever{0};
  if (config.base_settings().max_age.value_or(kNever) > kNever) return true;
  return std::any_of(config.policies.begin(), config.policies.end(), [](const auto& source) {
    return source.settings.max_age.value_or(kNever) > kNever;
  });
}

// None: the policy lets it stand.
Result<std::optional<ports::Instant>> end_of(Database& database, const Means& means,
                                             const PersonRecord& person,
                                             const store::PasswordRecord& password,
                                             ports::Instant now) {
  using End = std::optional<ports::Instant>;
  const auto policy = means.config.policy_for(TRY(daemon::memberships_of(database, person.id)));
  if (daemon::what_closes(person, policy.inactive_after, now)) return End{};
  const bool asked = policy.actions[policy::Action::change_password].demand != policy::Demand::off;
  const std::chrono::days age = policy.password.max_age;
  return asked && age.count() > 0 ? End(password.changed_at + age) : End{};
}

Result<std::vector<ContactRecord>> addresses_of(Database& database, const PersonRecord& person) {
  auto contacts = TRY(contacts::told_contacts(database, person.id));
  std::erase_if(contacts, [](const ContactRecord& contact) {
    return contact.kind != store::ContactKind::mail;
  });
  return contacts;
}

// What is to be told now, and was not yet.
Result<std::optional<Due>> due_for(Database& database, const Means& means,
                                   const PersonRecord& person, ports::Instant now) {
  using Found = std::optional<Due>;
  if (!person.is_local() || person.state != store::PersonState::active) return Found{};
  const auto password = TRY(store::find_password(database, person.id));
  // That one is due at the next sign-in already.
  if (!password || password->must_change) return Found{};
  const auto ends = TRY(end_of(database, means, person, *password, now));
  const std::int64_t left = ends ? daemon::days_until(*ends, now) : 0;
  const auto day = std::lower_bound(kDaysBefore.begin(), kDaysBefore.end(), left);
  if (left == 0 || day == kDaysBefore.end()) return Found{};
  const auto told = TRY(store::find_password_warning(database, person.id));
  const bool of_this_one = told && told->changed_at == password->changed_at;
  // What a clock that was ahead said was said of another day.
  if (of_this_one && told->told_at <= now && told->days <= *day) return Found{};
  // Whom nothing reaches is told once it does.
  if (TRY(addresses_of(database, person)).empty()) return Found{};
  return Found(Due{{password->changed_at, *day, now}, *ends});
}

Result<void> tell_due(Database& database, const Means& means, const std::string& name,
                      ports::Instant now) {
  const auto person = TRY(store::find_person(database, name));
  const auto due = person ? TRY(due_for(database, means, *person, now)) : std::nullopt;
  if (!due) return {};
  TRY(store::put_password_warning(database, person->id, due->warning));
  const std::int64_t left = daemon::days_until(due->ends, now);
  const Value values[] = {{Variable::days, static_cast<std::uint64_t>(left)},
                          {Variable::until, moment_of(means.clock, due->ends)}};
  for (const ContactRecord& contact : TRY(addresses_of(database, *person))) {
    const Envelope envelope{.to = contact.value, .useful_for = due->ends - now};
    TRY(tell_at(database, means, *person, envelope, Letter::password_expires, values, now));
  }
  return {};
}

// Looked at before it is written: most are not due, and a write waits for the disk.
Result<void> tell_if_due(store::Store& store, const Means& means, const std::string& name,
                         ports::Instant now) {
  const bool is_due = TRY(store.read([&](Database& database) -> Result<bool> {
    const auto person = TRY(store::find_person(database, name));
    return person && TRY(due_for(database, means, *person, now)).has_value();
  }));
  if (!is_due) return {};
  return store.write([&](Database& database) { return tell_due(database, means, name, now); });
}

}  // namespace

Result<void> PasswordEnds::tell_some(store::Store& store, const Means& means) {
  if (!is_sent(means.config, Letter::password_expires) || !any_ends(means.config)) return {};
  const std::unique_lock only(busy_, std::try_to_lock);
  if (!only.owns_lock()) return {};
  const ports::Instant now = means.clock.now();
  std::vector<std::string> names;
  TRY(store.read([&](Database& database) -> Result<void> {
    for (const PersonRecord& person : TRY(store::list_people(database, after_, kAtOnce))) {
      names.emplace_back(person.name.view());
    }
    return {};
  }));
  after_ = std::ssize(names) == kAtOnce ? names.back() : "";
  // Whatever is the matter with one, the others are told.
  Result<void> failure;
  for (const std::string& name : names) {
    if (Result<void> told = tell_if_due(store, means, name, now); !told && failure) {
      failure = told;
    }
  }
  return failure;
}

}  // namespace usher::notices
