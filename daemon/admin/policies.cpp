// The verbs on policies: they are files, so here they are read, judged and tried, never written.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/admin/handlers.hpp"
#include "daemon/admin/walk.hpp"
#include "daemon/config_policies.hpp"
#include "daemon/memberships.hpp"
#include "daemon/policy/lint.hpp"
#include "daemon/sign_in/pending_actions.hpp"
#include "daemon/store/groups.hpp"
#include "daemon/store/organisations.hpp"

namespace usher::admin {
namespace {

using daemon::Config;
using store::Database;
using store::PersonRecord;

Json actions_json(const policy::Policy& policy) {
  Json actions = Json::array();
  for (const policy::Action action : policy::kActions) {
    const policy::ActionRule& rule = policy.actions[action];
    Json row = Json::object();
    row["action"] = policy::name_of(action);
    row["demand"] = policy::name_of(rule.demand);
    row["public_key"] = policy::name_of(rule.public_key);
    actions.push_back(std::move(row));
  }
  return actions;
}

// All policies together may forbid more words than a reply holds.
Result<void> add_words(const std::vector<std::string>& words, Json& json) {
  constexpr std::int64_t kMostWords = 256;
  Page page(kMostWords);
  for (const std::string& word : words) {
    if (!TRY(page.add(word))) break;
  }
  json["words"] = page.take_rows();
  json["further_words"] = words.size() - json["words"].size();
  return {};
}

Result<Json> policy_json(const policy::Policy& policy) {
  const policy::PasswordRules& rules = policy.password;
  Json json = Json::object();
  json["min_length"] = rules.min_length;
  json["max_length"] = rules.max_length;
  json["needs_lower"] = rules.needs_lower;
  json["needs_upper"] = rules.needs_upper;
  json["needs_digit"] = rules.needs_digit;
  json["needs_special"] = rules.needs_special;
  json["history"] = rules.history;
  json["min_age_days"] = rules.min_age.count();
  json["max_age_days"] = rules.max_age.count();
  json["factor_required"] = policy.factor_required;
  json["actions"] = actions_json(policy);
  json["terms"] = policy.terms;
  json["inactive_days"] = policy.inactive_after.count();
  TRY(add_words(policy.words, json));
  json["sources"] = policy.sources;
  return json;
}

Json finding_row(std::string_view policy, std::string_view key, std::string_view standard,
                 std::string_view text) {
  return {{"policy", policy}, {"key", key}, {"standard", standard}, {"text", text}};
}

Json findings_of(std::string_view name, const policy::Policy& policy, const Config& config) {
  const auto breaches =
      config.breach_filter.empty() ? policy::BreachList::none : policy::BreachList::present;
  Json rows = Json::array();
  for (const policy::Finding& finding : policy::lint(policy, breaches)) {
    rows.push_back(finding_row(name, finding.key, finding.standard, finding.says));
  }
  return rows;
}

// Of the whole host, beside what its base policy costs.
void add_of_host(const Config& config, Json& rows) {
  if (!config.mailed_password) return;
  rows.push_back(finding_row(
      "usher.toml", "compat.mailed_password", "OWASP Forgot Password Cheat Sheet",
      "Whoever reads the mail has a password that works for an hour; the code of twelve "
      "characters does the same and cannot be taken for one."));
}

// A policy for a name that nobody gave to anything: mistyped, or not there yet.
Result<void> add_if_for_nobody(Database& database, const policy::Source& source, Json& rows) {
  const bool missing =
      (source.scope == policy::Scope::organisation &&
       !TRY(store::find_organisation(database, source.whom))) ||
      (source.scope == policy::Scope::group && !TRY(store::find_group(database, source.whom)));
  if (!missing) return {};
  const std::string_view noun = source.scope == policy::Scope::group ? "group" : "organisation";
  rows.insert(rows.begin(),
              finding_row(source.name, "for", "",
                          fmt::format("Nobody is meant: Usher has no {} {}.", noun, source.whom)));
  return {};
}

// A person of the source's only.
policy::Memberships one_of(const policy::Source& source) {
  switch (source.scope) {
    case policy::Scope::everybody:
      return {};
    case policy::Scope::organisation:
      return {{source.whom}, {}, {}};
    case policy::Scope::attribute:
      return {{}, {}, {source.whom}};
    case policy::Scope::group:
      return {{}, {source.whom}, {}};
  }
  return {};
}

// The configuration with one policy more, or with another one in its place. Terms that are in force
// already stay as they were read; Errc::invalid_input where a file of others is missing or no text.
Result<Config> with(const Config& config, policy::Source source) {
  Config changed = config;
  std::vector<std::string> unread = source.settings.terms.value_or(std::vector<std::string>());
  std::erase_if(unread, [&](const std::string& path) {
    return std::any_of(config.terms.begin(), config.terms.end(),
                       [&](const daemon::Terms& terms) { return terms.path == path; });
  });
  auto read = daemon::load_terms(std::move(unread));
  if (!read) return Error(Errc::invalid_input, read.error().text());
  for (daemon::Terms& terms : *read) {
    changed.terms.push_back(std::move(terms));
  }
  std::erase_if(changed.policies,
                [&](const policy::Source& present) { return present.name == source.name; });
  changed.policies.push_back(std::move(source));
  return changed;
}

// What is asked of somebody, action by action.
policy::PerAction<policy::Demand> demands_on(const Config& config,
                                             const policy::Memberships& memberships,
                                             const sign_in::Standing& standing,
                                             ports::Instant now) {
  policy::PerAction<policy::Demand> demands;
  const policy::Policy policy = config.policy_for(memberships);
  for (const auto& pending : sign_in::pending_actions(config, policy, standing, now)) {
    demands[pending.action] = pending.demand;
  }
  return demands;
}

// What the changed configuration asks of the person that the present one does not, or insists on
// more; else nothing.
Result<std::optional<Json>> effect_on(Database& database, const Request& request,
                                      const PersonRecord& person, const Config& changed) {
  // Whoever is shut out by an administrator meets no rule.
  const bool closed =
      person.state == store::PersonState::suspended || person.state == store::PersonState::disabled;
  if (closed) return std::optional<Json>();
  const auto memberships = TRY(daemon::memberships_of(database, person.id));
  const auto standing = TRY(sign_in::read_standing(database, person.id));
  const auto before = demands_on(request.context.config, memberships, standing, request.now);
  const auto after = demands_on(changed, memberships, standing, request.now);
  Json actions = Json::array();
  for (const policy::Action action : policy::kActions) {
    if (after[action] <= before[action]) continue;
    actions.push_back({{"action", policy::name_of(action)}, {"demand", name_of(after[action])}});
  }
  if (actions.empty()) return std::optional<Json>();
  Json row = Json::object();
  row["name"] = person.name.view();
  row["actions"] = std::move(actions);
  // A first factor is set up at the console, or by whoever has just redeemed a code: anybody
  // without a password comes with one.
  const bool factor_first = after[policy::Action::enrol_factor] == policy::Demand::required &&
                            before[policy::Action::enrol_factor] != policy::Demand::required;
  row["only_at_console"] = factor_first && changed.enrol_from == daemon::EnrolFrom::local &&
                           standing.password.has_value();
  return std::optional<Json>(std::move(row));
}

}  // namespace

Result<Reply> lint_policies(const Request& request) {
  const Config& config = request.context.config;
  const auto after = request.parameters.optional_text("after");
  Page page(kMaxPage);
  if (!after) {
    const auto base = policy::merge(config.base_settings(), {}, {});
    Json rows = findings_of("usher.toml", base, config);
    add_of_host(config, rows);
    TRY(page.add_all(std::move(rows)));
  }
  bool more = false;
  // They stand in the order of their names. What one has to say is in one page, so that the next
  // page can begin behind a name.
  for (const policy::Source& source : config.policies) {
    if (after && source.name <= *after) continue;
    Json rows = findings_of(source.name, config.policy_for(one_of(source)), config);
    TRY(request.context.store.read(
        [&](Database& database) { return add_if_for_nobody(database, source, rows); }));
    more = !TRY(page.add_all(std::move(rows)));
    if (more) break;
  }
  ReplyOk reply;
  reply.parameters["findings"] = page.take_rows();
  reply.parameters["more"] = more;
  return Reply(std::move(reply));
}

Result<Reply> show_policy(const Request& request) {
  const Config& config = request.context.config;
  policy::Memberships memberships;
  if (request.parameters.optional_text("name")) {
    memberships =
        TRY(request.context.store.read([&](Database& database) -> Result<policy::Memberships> {
          return daemon::memberships_of(database, TRY(person_named(database, request)).id);
        }));
  }
  ReplyOk reply;
  reply.parameters["policy"] = TRY(policy_json(config.policy_for(memberships)));
  return Reply(std::move(reply));
}

Result<Reply> simulate_policy(const Request& request) {
  const std::string policy_name = request.parameters.text("policy");
  const Config changed = TRY(
      with(request.context.config, TRY(daemon::parse_policy(request.parameters.text("text"),
                                                            policy_name, policy_name + ".toml"))));
  Page page(request.parameters.number("limit").value_or(kDefaultPage));
  std::string after = request.parameters.text("after");
  Walked walked = Walked::on;
  while (walked == Walked::on) {
    // A read a piece: whoever signs in meanwhile does not wait for everybody to be looked at.
    walked = TRY(request.context.store.read([&](Database& database) -> Result<Walked> {
      const auto people = TRY(store::list_people(database, after, kPeopleAtOnce));
      for (const PersonRecord& person : people) {
        auto effect = TRY(effect_on(database, request, person, changed));
        if (effect && !TRY(page.add(std::move(*effect)))) return Walked::page_full;
        after = person.name.view();
      }
      return people.empty() ? Walked::to_the_end : Walked::on;
    }));
  }
  ReplyOk reply;
  reply.parameters["effects"] = page.take_rows();
  reply.parameters["more"] = walked == Walked::page_full;
  return Reply(std::move(reply));
}

}  // namespace usher::admin
