// Enhanced status codes (RFC 3463, registered by IANA), where the server has them; else the code of
// RFC 5321 section 4.2.2 and the few words that all servers use.
#include "courier/refusal.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace usher::courier {
namespace {

using protocol::courier::Cause;
using protocol::courier::Outcome;

constexpr int kForGood = 500;

struct Status {
  int subject = 0;
  int detail = 0;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// At most three digits, and what is behind them.
std::optional<int> take_number(std::string_view& text) {
  constexpr std::size_t kMostDigits = 3;
  std::size_t digits = 0;
  int number = 0;
  while (digits < text.size() && is_digit(text[digits])) {
    if (digits == kMostDigits) return std::nullopt;
    number = number * 10 + (text[digits++] - '0');
  }
  text.remove_prefix(digits);
  return digits > 0 ? std::optional<int>(number) : std::nullopt;
}

// "550 5.1.1 no such user": 1 and 1.
std::optional<Status> status_of(std::string_view reply) {
  constexpr std::size_t kCodeAndBlank = 4;
  if (reply.size() <= kCodeAndBlank) return std::nullopt;
  reply.remove_prefix(kCodeAndBlank);
  std::array<int, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) {
      if (!reply.starts_with('.')) return std::nullopt;
      reply.remove_prefix(1);
    }
    const auto number = take_number(reply);
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  return Status{numbers[1], numbers[2]};
}

struct StatusRow {
  int subject;
  int detail;  // kAny: each of the subject that has no row above
  Cause about;
};
constexpr int kAny = -1;
constexpr StatusRow kStatuses[] = {
    {1, 7, Cause::denied},                                // the sender's address
    {1, 8, Cause::denied},                                // the sender's system
    {1, kAny, Cause::recipient}, {2, 3, Cause::message},  // longer than this mailbox takes
    {2, kAny, Cause::recipient}, {3, 4, Cause::message},  // too big for the system
    {4, kAny, Cause::recipient},                          // no way to the recipient's system
    {6, kAny, Cause::message},
};

Cause about(const Status& status) {
  const auto* row =
      std::find_if(std::begin(kStatuses), std::end(kStatuses), [&](const StatusRow& each) {
        return each.subject == status.subject &&
               (each.detail == kAny || each.detail == status.detail);
      });
  return row != std::end(kStatuses) ? row->about : Cause::denied;
}

bool says(std::string_view reply, std::string_view words) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  return std::search(reply.begin(), reply.end(), words.begin(), words.end(), same) != reply.end();
}

// A bare 550 is "no such user" of one server and "relaying denied" of the next.
Cause about(Stage stage, int code, std::string_view reply) {
  constexpr int kTooLong = 552;
  constexpr std::string_view kNobody[] = {"user unknown", "unknown user",       "no such user",
                                          "mailbox",      "no such recipient",  "user not found",
                                          "unrouteable",  "recipient not found"};
  if (code == kTooLong) return stage == Stage::message ? Cause::message : Cause::recipient;
  // Some look the sender up as well, and say of it the same.
  if (stage == Stage::message || says(reply, "sender")) return Cause::denied;
  const bool is_nobody = std::any_of(std::begin(kNobody), std::end(kNobody),
                                     [&](std::string_view words) { return says(reply, words); });
  return is_nobody ? Cause::recipient : Cause::denied;
}

}  // namespace

Sent refusal(Stage stage, int code, std::string_view reply) {
  const auto status = status_of(reply);
  const Cause cause = status ? about(*status) : about(stage, code, reply);
  if (stage == Stage::sender && cause != Cause::message) {
    return {Outcome::service_down, Cause::sender, {}};
  }
  if (code < kForGood) {
    return {Outcome::later, stage == Stage::recipient ? Cause::recipient : Cause::message, {}};
  }
  if (cause == Cause::denied) return {Outcome::later, Cause::denied, {}};
  return {Outcome::refused, cause, {}};
}

}  // namespace usher::courier
