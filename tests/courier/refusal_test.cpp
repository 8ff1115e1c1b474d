// What servers say no to, in their words: no message dies of what is wrong with us.
#include "courier/refusal.hpp"

#include <gtest/gtest.h>

#include <charconv>

namespace usher::courier {
namespace {

using protocol::courier::Cause;
using protocol::courier::Outcome;

struct Case {
  Stage stage;
  std::string_view reply;
  Outcome outcome;
  Cause cause;
};

Sent said(const Case& each) {
  int code = 0;
  std::from_chars(each.reply.data(), each.reply.data() + 3, code);
  return refusal(each.stage, code, each.reply);
}

void expect(std::span<const Case> cases) {
  for (const Case& each : cases) {
    EXPECT_EQ(said(each).outcome, each.outcome) << each.reply;
    EXPECT_EQ(said(each).cause, each.cause) << each.reply;
    EXPECT_TRUE(fit_together(each.outcome, each.cause)) << each.reply;
  }
}

TEST(Refusal, OfTheSenderIsNoMessagesFault) {
  constexpr Case kCases[] = {
      {Stage::sender, "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
       Outcome::service_down, Cause::sender},
      {Stage::sender, "530 5.7.0 Authentication required", Outcome::service_down, Cause::sender},
      {Stage::sender, "553 sender not owned", Outcome::service_down, Cause::sender},
      {Stage::sender, "501 5.1.7 Bad sender address syntax", Outcome::service_down, Cause::sender},
      {Stage::sender, "452 4.3.1 Insufficient system storage", Outcome::service_down,
       Cause::sender},
  };
  expect(kCases);
}

TEST(Refusal, KillsAMessageOnlyForItsRecipientOrItself) {
  constexpr Case kCases[] = {
      {Stage::recipient, "550 5.1.1 <a@b>: Recipient address rejected: User unknown",
       Outcome::refused, Cause::recipient},
      {Stage::recipient, "550 5.1.10 null MX", Outcome::refused, Cause::recipient},
      {Stage::recipient, "550 5.4.1 Recipient address rejected: Access denied", Outcome::refused,
       Cause::recipient},
      {Stage::recipient, "552 5.2.2 mailbox full", Outcome::refused, Cause::recipient},
      {Stage::recipient, "550 No Such User Here", Outcome::refused, Cause::recipient},
      {Stage::recipient, "553 sorry, no mailbox here by that name. (#5.1.1)", Outcome::refused,
       Cause::recipient},
      {Stage::message, "554 5.6.0 bad header", Outcome::refused, Cause::message},
      {Stage::message, "552 too big", Outcome::refused, Cause::message},
      {Stage::sender, "552 5.3.4 Message size exceeds fixed limit", Outcome::refused,
       Cause::message},
  };
  expect(kCases);
}

TEST(Refusal, KillsNoneForWhatMayBeOurSetUp) {
  constexpr Case kCases[] = {
      {Stage::recipient, "554 5.7.1 <a@b>: Relay access denied", Outcome::later, Cause::denied},
      {Stage::recipient, "553 5.7.1 <x@y>: Sender address rejected: not owned by user usher",
       Outcome::later, Cause::denied},
      {Stage::recipient, "550 5.1.8 Sender address rejected: Domain not found", Outcome::later,
       Cause::denied},
      {Stage::recipient, "550 relay not permitted", Outcome::later, Cause::denied},
      {Stage::recipient, "550 Verification failed for the sender: No Such User Here",
       Outcome::later, Cause::denied},
      {Stage::recipient, "530 Authentication required", Outcome::later, Cause::denied},
      {Stage::recipient, "550 5.1", Outcome::later, Cause::denied},
      {Stage::recipient, "550 5.1111.1 x", Outcome::later, Cause::denied},
      {Stage::recipient, "550", Outcome::later, Cause::denied},
      {Stage::message, "550 5.7.26 This mail is unauthenticated", Outcome::later, Cause::denied},
      {Stage::message, "554 Transaction failed", Outcome::later, Cause::denied},
  };
  expect(kCases);
}

TEST(Refusal, ForNowIsForNowWhateverItIsAbout) {
  constexpr Case kCases[] = {
      {Stage::recipient, "450 4.7.1 Greylisted", Outcome::later, Cause::recipient},
      {Stage::recipient, "450 4.1.1 no such user, it seems", Outcome::later, Cause::recipient},
      {Stage::message, "451 4.7.1 try again", Outcome::later, Cause::message},
  };
  expect(kCases);
}

}  // namespace
}  // namespace usher::courier
