// Wrong codes are summed for the life of an enrolment (policy/throttle.hpp). What an enrolment is
// refused for is not counted again: nothing was looked at.
#include "daemon/factors/settle.hpp"

#include "daemon/store/recovery_codes.hpp"
#include "daemon/store/tries.hpp"

namespace usher::factors {
namespace {

using daemon::Context;
using daemon::Step;
using policy::CodeBar;
using policy::CodeFrom;
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

void note_bar(daemon::Trail& trail, CodeBar bar, const policy::CodeTries& tries) {
  switch (bar) {
    case CodeBar::none:
      return;
    case CodeBar::worn_out:
      return trail.note(Step::wrong_codes, tries.all);
    case CodeBar::from_unknown:
      return trail.note(Step::wrong_codes_from_unknown, tries.from_unknown);
    case CodeBar::at_once:
      return trail.note(Step::wrong_codes_at_once, tries.in_step);
  }
}

// The matches that may be looked at.
Result<std::vector<Match>> open_ones(const Context& c, Database& database, CodeFrom from,
                                     policy::Span now, std::span<const Match> matches) {
  std::vector<Match> open;
  for (const Match& match : matches) {
    const policy::CodeTries tries = TRY(store::find_code_tries(database, match.factor));
    const CodeBar bar = policy::bar_against(tries, from, now);
    if (bar == CodeBar::none) open.push_back(match);
    note_bar(c.trail, bar, tries);
  }
  return open;
}

Result<Proof> spend_one(Database& database, const Match& match, ports::Instant now) {
  if (!match.digest.empty()) {
    const store::Spent spent =
        TRY(store::spend_recovery_code(database, match.factor, match.digest, now));
    if (spent == store::Spent::now) return Proof::proven;
    return spent == store::Spent::before ? Proof::spent : Proof::wrong;
  }
  if (!match.counter) return Proof::wrong;
  const bool fresh = TRY(store::advance_counter(database, match.factor, *match.counter));
  return fresh ? Proof::proven : Proof::spent;
}

Result<Proof> spend(Database& database, std::span<const Match> open, ports::Instant now) {
  Proof proof = Proof::wrong;
  for (const Match& match : open) {
    const Proof one = TRY(spend_one(database, match, now));
    if (one == Proof::proven) return one;
    if (one == Proof::spent) proof = one;
  }
  return proof;
}

// A wrong one against each enrolment that looked at it. What is not counted is written all the
// same: it must not be told from a wrong one by the time it takes.
Result<void> count(Database& database, CodeFrom from, policy::Span now,
                   std::span<const Match> matches, Proof proof) {
  for (const Match& match : matches) {
    policy::CodeTries tries = TRY(store::find_code_tries(database, match.factor));
    const bool looked_at = policy::bar_against(tries, from, now) == CodeBar::none;
    if (looked_at && proof == Proof::wrong) tries = policy::with_wrong_code(tries, from, now);
    TRY(store::put_code_tries(database, match.factor, tries));
  }
  return {};
}

// Of no row: what is read is not there, what is written changes nothing.
constexpr store::FactorId kNobodys{0};

}  // namespace

Result<Proof> settle(const Context& c, std::span<const Match> matches, Guesses& guesses) {
  const CodeFrom from = from_of(c);
  const ports::Instant now = c.services.clock.now();
  std::vector<Match> open;
  const Proof proof = TRY(c.services.store.write([&](Database& database) -> Result<Proof> {
    const policy::Timepiece time =
        TRY(store::read_timepiece(database, daemon::reading_of(c.services.clock)));
    open = TRY(open_ones(c, database, from, time.at, matches));
    const Proof spent = open.empty() ? Proof::throttled : TRY(spend(database, open, now));
    if (spent == Proof::proven) {
      TRY(forgive(database, from, guesses));
      const Match& first = open.front();
      if (!first.digest.empty() && guesses.on_row_spent) {
        TRY(guesses.on_row_spent(database, first.factor));
      }
      return spent;
    }
    TRY(count(database, from, time.at, matches, spent));
    TRY(store::put_timepiece(database, time));
    return spent;
  }));
  if (proof == Proof::wrong) {
    for (const Match& match : open) ++guesses.wrong[match.factor];
  }
  return proof;
}

Result<void> settle_nobodys(const Context& c, Spent spent) {
  const ports::Instant now = c.services.clock.now();
  return c.services.store.write([&](Database& database) -> Result<void> {
    const policy::Timepiece time =
        TRY(store::read_timepiece(database, daemon::reading_of(c.services.clock)));
    (void)store::find_code_tries(database, kNobodys);
    if (spent == Spent::as_row) (void)TRY(store::spend_recovery_code(database, kNobodys, "", now));
    (void)store::find_code_tries(database, kNobodys);
    TRY(store::put_code_tries(database, kNobodys, {}));
    return store::put_timepiece(database, time);
  });
}

}  // namespace usher::factors
