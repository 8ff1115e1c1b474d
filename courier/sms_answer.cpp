// The gateway's own words first, then the status, by one table (RFC 9110 section 15).
#include "courier/sms_answer.hpp"

#include <algorithm>
#include <optional>

#include "courier/json_pointer.hpp"
#include "courier/server_reply.hpp"

namespace usher::courier {
namespace {

using protocol::courier::Cause;
using protocol::courier::Gateway;
using protocol::courier::Match;
using protocol::courier::Outcome;

std::optional<std::string_view> found_by(const Match& match, std::string_view body) {
  if (match.pointer.empty()) return std::nullopt;
  return find_in_json(body, match.pointer);
}

bool is_meant_by(const Match& match, const std::optional<std::string_view>& found) {
  return found && (match.values.empty() || std::find(match.values.begin(), match.values.end(),
                                                     *found) != match.values.end());
}

struct Row {
  int first, last;
  Outcome outcome;
  Cause cause;
};
constexpr Row kRows[] = {
    // Of the ways to say that it was taken, one that is not this gateway's.
    {200, 299, Outcome::later, Cause::unclear},
    // The number, the sender or the template may be what is wrong.
    {400, 400, Outcome::later, Cause::denied},
    {401, 401, Outcome::service_down, Cause::login_refused},
    {402, 402, Outcome::service_down, Cause::no_credit},
    {403, 403, Outcome::service_down, Cause::login_refused},
    {408, 408, Outcome::service_down, Cause::busy},
    {413, 413, Outcome::refused, Cause::message},
    {422, 422, Outcome::later, Cause::denied},
    {429, 429, Outcome::service_down, Cause::busy},
    // It will not now; the others of their hundred may come behind a message that was taken.
    {503, 503, Outcome::service_down, Cause::busy},
    {500, 599, Outcome::later, Cause::unclear},
};

Sent refusal_of(int status) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& each) {
    return status >= each.first && status <= each.last;
  });
  if (row == std::end(kRows)) return {Outcome::service_down, Cause::unwelcome, {}};
  return {row->outcome, row->cause, {}};
}

bool may_be_taken(const Gateway& gateway, int status) {
  return std::find(gateway.statuses.begin(), gateway.statuses.end(), status) !=
         gateway.statuses.end();
}

std::string detail_of(int status, std::string_view words,
                      std::span<const std::string_view> secrets) {
  std::string line = std::to_string(status) + " ";
  line += words;
  return reportable(line, secrets);
}

}  // namespace

Sent outcome_of(const Gateway& gateway, const SmsAnswer& answer,
                std::span<const std::string_view> secrets) {
  const std::string words = detail_of(answer.status, answer.body, secrets);
  if (is_meant_by(gateway.bad_number, found_by(gateway.bad_number, answer.body))) {
    return {Outcome::refused, Cause::recipient, words};
  }
  if (may_be_taken(gateway, answer.status)) {
    const auto found = found_by(gateway.sent, answer.body);
    // Of an answer that may repeat the message, no more than its number there.
    if (is_meant_by(gateway.sent, found) || gateway.sent.pointer.empty()) {
      return {Outcome::sent, Cause::none, detail_of(answer.status, found.value_or(""), secrets)};
    }
    if (found) return {Outcome::later, Cause::denied, words};
  }
  Sent refusal = refusal_of(answer.status);
  refusal.detail = words;
  if (refusal.cause == Cause::busy || refusal.cause == Cause::unclear) {
    refusal.wait = std::min(answer.wait, protocol::courier::kMaxWait);
  }
  return refusal;
}

}  // namespace usher::courier
