// When each action is due, and how much it is insisted on.
#include "daemon/sign_in/pending_actions.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace usher::sign_in {
namespace {

using policy::Action;
using policy::Demand;

constexpr ports::Instant kNow{std::chrono::hours(24 * 20'000)};

std::string words_of(const std::vector<PendingAction>& pending) {
  std::string words;
  for (const PendingAction& action : pending) {
    words += fmt::format("{} {}; ", policy::name_of(action.action), policy::name_of(action.demand));
  }
  return words;
}

Standing complete() {
  Standing standing;
  standing.password = store::PasswordRecord{"$phc", false, kNow - std::chrono::hours(1)};
  standing.has_factor = true;
  standing.recovery_codes = 10;
  return standing;
}

std::string pending(const daemon::Config& config, const Standing& standing) {
  return words_of(pending_actions(config, config.policy_for({}), standing, kNow));
}

TEST(PendingActions, M12_NoneIsPendingOfWhoeverHasDoneAll) {
  EXPECT_EQ(pending({}, complete()), "");
}

TEST(PendingActions, M10_ComeInOneOrderWithWhatTheOrganisationWants) {
  daemon::Config config;
  config.terms = {*daemon::terms_of("/t", "Be kind.")};
  config.base.terms = {{"/t"}};
  EXPECT_EQ(pending(config, {}),
            "change-password required; enrol-factor required; accept-terms required; ");
  config.factor_required = false;
  config.base.actions.demands[Action::enrol_factor] = Demand::recommended;
  config.base.actions.demands[Action::accept_terms] = Demand::off;
  EXPECT_EQ(pending(config, {}), "change-password required; enrol-factor recommended; ");
}

TEST(PendingActions, M11_WhatSomebodyDemandedIsRequiredWhateverThePolicySays) {
  daemon::Config config;
  config.base.actions.demands[Action::change_password] = Demand::off;
  Standing standing = complete();
  standing.password->must_change = true;
  EXPECT_EQ(pending(config, standing), "change-password required; ");
  standing.password.reset();
  EXPECT_EQ(pending(config, standing), "change-password required; ");
  // Age is the policy's.
  standing = complete();
  config.base.max_age = std::chrono::days(30);
  standing.password->changed_at = kNow - std::chrono::days(31);
  EXPECT_EQ(pending(config, standing), "");
  config.base.actions.demands[Action::change_password] = Demand::recommended;
  EXPECT_EQ(pending(config, standing), "change-password recommended; ");
}

TEST(PendingActions, G16_RecoveryCodesAreDueOnceNoneIsLeft) {
  Standing standing = complete();
  standing.recovery_codes = 1;
  EXPECT_EQ(pending({}, standing), "");
  standing.recovery_codes = 0;
  EXPECT_EQ(pending({}, standing), "recovery-codes recommended; ");
  // They stand in for a factor; without one there is nothing to stand in for.
  standing.has_factor = false;
  EXPECT_EQ(pending({}, standing), "enrol-factor required; ");
}

store::ContactRecord address() {
  store::ContactRecord contact;
  contact.value = "ada@acme.example";
  return contact;
}

daemon::Config asking_for_contacts() {
  daemon::Config config;
  config.base.actions.demands[Action::confirm_contact] = Demand::recommended;
  config.mail.server.host = "mx.acme.example";
  return config;
}

TEST(PendingActions, S3_AnAddressIsDueWhileOneIsMissingUnconfirmedOrDoubted) {
  const daemon::Config config = asking_for_contacts();
  const auto why = [&](const Standing& standing) {
    const auto all = pending_actions(config, config.policy_for({}), standing, kNow);
    return all.empty() ? "" : std::string(all.front().why);
  };
  Standing standing = complete();
  EXPECT_EQ(pending(config, standing), "confirm-contact recommended; ");
  EXPECT_EQ(why(standing), "no address is known");
  standing.contacts = {address()};
  EXPECT_EQ(why(standing), "an address is not confirmed");
  standing.contacts.front().confirmed_at = kNow;
  standing.contacts.front().counts_from = kNow + std::chrono::hours(24);
  EXPECT_EQ(pending(config, standing), "");
  standing.contacts.push_back(address());
  EXPECT_EQ(why(standing), "an address is not confirmed");
  standing.contacts.pop_back();
  standing.contacts.front().doubted_at = kNow;
  EXPECT_EQ(why(standing), "an address is to be confirmed again");
}

TEST(PendingActions, S2_AMobileNumberIsNeitherAskedForNorEnoughYet) {
  const daemon::Config config = asking_for_contacts();
  Standing standing = complete();
  standing.contacts = {address()};
  standing.contacts.front().kind = store::ContactKind::mobile;
  EXPECT_EQ(pending(config, standing), "confirm-contact recommended; ");
  standing.contacts.push_back(address());
  standing.contacts.back().confirmed_at = standing.contacts.back().counts_from = kNow;
  EXPECT_EQ(pending(config, standing), "");
}

TEST(PendingActions, S4_NoAddressIsDueWithoutAMailServerOrUnlessAskedFor) {
  daemon::Config config = asking_for_contacts();
  config.mail = {};
  EXPECT_EQ(pending(config, complete()), "");
  config = asking_for_contacts();
  config.base.actions.demands[Action::confirm_contact].reset();
  EXPECT_EQ(pending(config, complete()), "");
}

TEST(PendingActions, S8_AnAddressIsAskedForLast) {
  daemon::Config config = asking_for_contacts();
  config.terms = {*daemon::terms_of("/t", "Be kind.")};
  config.base.terms = {{"/t"}};
  EXPECT_EQ(pending(config, complete()), "accept-terms required; confirm-contact recommended; ");
}

TEST(PendingActions, P10_AnotherFactorIsOfferedDuringASuspensionAndDueAfterIt) {
  daemon::Config config;
  config.factor_required = false;
  Standing standing = complete();
  standing.factors_suspended_until = kNow + std::chrono::milliseconds(1);
  EXPECT_EQ(pending(config, standing), "enrol-factor recommended; ");
  standing.factors_suspended_until = kNow;
  EXPECT_EQ(pending(config, standing), "enrol-factor required; ");
  const auto due = pending_actions(config, config.policy_for({}), standing, kNow);
  EXPECT_EQ(due[0].in_the_way, InTheWay::where_it_can_be_done);
  EXPECT_EQ(first_required(due), nullptr);
  // Nothing is left whose place could be taken.
  standing.has_factor = false;
  EXPECT_EQ(pending(config, standing), "");
}

// They would open the account once it is over, to whoever knew the password meanwhile.
TEST(PendingActions, P10_NoRecoveryCodesAreDueDuringASuspension) {
  Standing standing = complete();
  standing.recovery_codes = 0;
  standing.factors_suspended_until = kNow + std::chrono::milliseconds(1);
  EXPECT_EQ(pending({}, standing), "enrol-factor recommended; ");
  standing.factors_suspended_until = kNow;
  EXPECT_EQ(pending({}, standing), "enrol-factor required; recovery-codes recommended; ");
}

TEST(PendingActions, P10_APasswordTooShortToStandAloneIsDueWhileItDoes) {
  daemon::Config config;
  Standing standing = complete();
  standing.code_points_typed = 14;
  EXPECT_EQ(pending(config, standing), "");
  standing.factors_suspended_until = kNow + std::chrono::hours(1);
  EXPECT_EQ(pending(config, standing), "change-password required; enrol-factor recommended; ");
  const auto due = pending_actions(config, config.policy_for({}), standing, kNow);
  EXPECT_EQ(due[0].in_the_way, InTheWay::where_it_can_be_done);
  standing.code_points_typed = 15;
  EXPECT_EQ(pending(config, standing), "enrol-factor recommended; ");
  // Of a stored one nobody knows the length.
  standing.code_points_typed.reset();
  EXPECT_EQ(pending(config, standing), "enrol-factor recommended; ");
  // Whatever else demands another one is in the way everywhere.
  standing.code_points_typed = 14;
  standing.password->must_change = true;
  const auto demanded = pending_actions(config, config.policy_for({}), standing, kNow);
  EXPECT_EQ(demanded[0].in_the_way, InTheWay::at_every_door);
}

// What nobody asks of a person they have not done either.
TEST(PendingActions, M12_WhatIsDoneIsToldFromWhatDoesNotConcernAPerson) {
  const auto asked = [](const daemon::Config& config, const Standing& standing) {
    std::string words;
    for (const auto& one : asked_actions(config, config.policy_for({}), standing, kNow)) {
      words += fmt::format("{}: {}; ", policy::name_of(one.action), one.why);
    }
    return words;
  };
  daemon::Config config;
  EXPECT_EQ(asked(config, complete()), "change-password: ; enrol-factor: ; recovery-codes: ; ");
  EXPECT_EQ(asked(config, {}),
            "change-password: no password is chosen yet; "
            "enrol-factor: no second factor is enrolled; ");
  config.terms = {*daemon::terms_of("/t", "Be kind.")};
  config.base.terms = {{"/t"}};
  config.base.actions.demands[Action::recovery_codes] = Demand::off;
  Standing standing = complete();
  EXPECT_EQ(asked(config, standing),
            "change-password: ; enrol-factor: ; accept-terms: they are new or have changed; ");
  standing.factors_suspended_until = kNow;
  EXPECT_EQ(asked(config, standing),
            "change-password: ; enrol-factor: the second factor was suspended, and another takes "
            "its place; "
            "accept-terms: they are new or have changed; ");
}

TEST(PendingActions, M10_TermsAreDueToThoseWhoHaveNotAcceptedThatText) {
  daemon::Config config;
  config.terms = {*daemon::terms_of("/acme", "Be kind."), *daemon::terms_of("/other", "Be quick.")};
  policy::Source acme{"acme", policy::Scope::organisation, "acme"};
  acme.settings.terms = {{"/acme"}};
  config.policies = {acme};
  const auto due = [&](const policy::Memberships& who, const Standing& standing) {
    return terms_due(config, config.policy_for(who), standing).size();
  };
  Standing standing = complete();
  EXPECT_EQ(due({}, standing), 0U);
  EXPECT_EQ(due({{"acme"}, {}, {}}, standing), 1U);
  standing.accepted = {{config.terms[0].version, kNow}};
  EXPECT_EQ(due({{"acme"}, {}, {}}, standing), 0U);
  config.terms[0] = *daemon::terms_of("/acme", "Be kind, always.");
  EXPECT_EQ(due({{"acme"}, {}, {}}, standing), 1U);
}

TEST(PendingActions, FindTheFirstInTheWay) {
  const std::vector<PendingAction> both{
      {Action::recovery_codes, Demand::recommended, policy::PublicKey::refuse},
      {Action::accept_terms, Demand::required, policy::PublicKey::notice}};
  ASSERT_NE(first_required(both), nullptr);
  EXPECT_EQ(first_required(both)->action, Action::accept_terms);
  EXPECT_EQ(first_required({both[0]}), nullptr);
}

}  // namespace
}  // namespace usher::sign_in
