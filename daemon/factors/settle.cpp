// Wrong codes are summed for the life of an enrolment (policy/throttle.hpp). What an enrolment is
// refused for is not counted again: nothing was looked at.
#include "daemon/factors/settle.hpp"

#include "daemon/store/tries.hpp"

namespace usher::factors {
namespace {

using daemon::Context;
using policy::CodeFrom;
using policy::Verdict;
using store::Database;

CodeFrom from_of(const Context& c) {
  return c.origin == daemon::Origin::unknown_host ? CodeFrom::unknown_host : CodeFrom::elsewhere;
}

Result<void> forgive(Database& database, CodeFrom from, const Guesses& guesses) {
  for (const auto& [factor, wrong] : guesses.wrong) {
    const policy::CodeTries tries = TRY(store::find_code_tries(database, factor));
    TRY(store::put_code_tries(database, factor, policy::with_forgiven_codes(tries, from, wrong)));
  }
  return {};
}

// The matches that may be looked at.
Result<std::vector<Match>> open_ones(Database& database, CodeFrom from, policy::Span now,
                                     std::span<const Match> matches) {
  std::vector<Match> open;
  for (const Match& match : matches) {
    const policy::CodeTries tries = TRY(store::find_code_tries(database, match.factor));
    if (policy::judge_code(tries, from, now) == Verdict::go_on) open.push_back(match);
  }
  return open;
}

Result<Proof> spend(Database& database, std::span<const Match> open) {
  Proof proof = Proof::wrong;
  for (const Match& match : open) {
    if (!match.counter) continue;
    if (TRY(store::advance_counter(database, match.factor, *match.counter))) return Proof::proven;
    proof = Proof::spent;
  }
  return proof;
}

Result<void> count(Database& database, CodeFrom from, policy::Span now,
                   std::span<const Match> open) {
  for (const Match& match : open) {
    const policy::CodeTries tries = TRY(store::find_code_tries(database, match.factor));
    TRY(store::put_code_tries(database, match.factor, policy::with_wrong_code(tries, from, now)));
  }
  return {};
}

}  // namespace

Result<Proof> settle(const Context& c, std::span<const Match> matches, Guesses& guesses) {
  const CodeFrom from = from_of(c);
  std::vector<Match> open;
  const Proof proof = TRY(c.services.store.write([&](Database& database) -> Result<Proof> {
    const policy::Timepiece time =
        TRY(store::read_timepiece(database, daemon::reading_of(c.services.clock)));
    open = TRY(open_ones(database, from, time.at, matches));
    if (open.empty()) return Proof::throttled;
    const Proof spent = TRY(spend(database, open));
    if (spent == Proof::proven) TRY(forgive(database, from, guesses));
    if (spent != Proof::wrong) return spent;
    TRY(count(database, from, time.at, open));
    TRY(store::put_timepiece(database, time));
    return Proof::wrong;
  }));
  if (proof == Proof::wrong) {
    for (const Match& match : open) ++guesses.wrong[match.factor];
  }
  return proof;
}

}  // namespace usher::factors
