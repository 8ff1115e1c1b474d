// Two counters a failure. The person's own says when strangers are refused. The bucket's says how
// long anybody waits: it counts every name that falls into it, so the wait tells nothing about one.
#include "daemon/sign_in/throttling.hpp"

#include "daemon/store/tries.hpp"
#include "daemon/throttle_limits.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using daemon::Origin;
using policy::Timepiece;
using policy::Tries;
using policy::Verdict;
using store::Database;
using store::TriesOf;

// A known host is one person's, so a wait of its own would tell who is one here.
Origin waiting_class(Origin origin) {
  return origin == Origin::known_host ? Origin::unknown_host : origin;
}

constexpr unsigned kBuckets = 1024;

// Keyed, so that nobody can choose names that fall into one's own.
TriesOf bucket_of(const Context& c) {
  const std::string digest = c.services.sealer.code_digest("throttle", "", c.facts.user);
  const unsigned number =
      static_cast<unsigned char>(digest[0]) * 256U + static_cast<unsigned char>(digest[1]);
  return TriesOf{-1 - static_cast<std::int64_t>(number % kBuckets)};
}

// What the record tells of the counters. Two limits: the one that is reached, else the nearer one.
Failure described(const Tries& before, const Tries& after,
                  const std::optional<policy::Limits>& limits, policy::Span now) {
  const unsigned all = policy::sum_of(after.all);
  const unsigned standing = policy::sum_of(after.standing);
  Failure failure;
  failure.counted = all != policy::sum_of(policy::aged(before, now).all);
  const bool by_all = limits && all >= limits->all;
  failure.wrong = by_all ? all : standing;
  if (limits) failure.limit = by_all ? limits->all : limits->standing;
  return failure;
}

}  // namespace

Result<Verdict> judge_password(const Context& c, Database& database, const Account& account) {
  const Timepiece time = TRY(store::read_timepiece(database, daemon::reading_of(c.services.clock)));
  const Tries own =
      TRY(store::find_tries(database, store::tries_of(account.id()), daemon::name_of(c.origin)));
  if (!account.record) return Verdict::go_on;
  return policy::judge(own, daemon::limits_of(c.origin), time.at);
}

Result<Failure> count_failure(const Context& c, const Account& account, const Secret& password,
                              const Secret& answer) {
  const TriesOf person = store::tries_of(account.id());
  const TriesOf bucket = bucket_of(c);
  const std::string_view origin = daemon::name_of(c.origin);
  const std::string_view waiting = daemon::name_of(waiting_class(c.origin));
  const std::string strike = c.services.sealer.passing_digest(c.facts.user, password.view());
  const std::string blind = c.services.sealer.passing_digest(c.facts.user, answer.view());
  // A power cut may forget the last half-minute's: docs/adr/0017.
  return c.services.store.write(store::Survives::crash, [&](Database& database) -> Result<Failure> {
    const Timepiece time =
        TRY(store::read_timepiece(database, daemon::reading_of(c.services.clock)));
    const Tries own = TRY(store::find_tries(database, person, origin));
    const Tries shared = TRY(store::find_tries(database, bucket, waiting));
    const auto limits = daemon::limits_of(c.origin);
    const bool refused = policy::judge(own, limits, time.at) == Verdict::refuse;
    const Tries counted = refused ? own : policy::with_failure(own, strike, time.at);
    const Tries waited = policy::with_failure(shared, blind, time.at);
    TRY(store::put_tries(database, person, origin, counted));
    TRY(store::put_tries(database, bucket, waiting, waited));
    TRY(store::put_timepiece(database, time));
    Failure failure = described(own, counted, limits, time.at);
    failure.throttled = refused && account.record;
    failure.delay = policy::delay_after(waited, time.at);
    if (const auto opens = policy::opens_at(own, limits, time.at)) {
      failure.until = c.services.clock.now() + (*opens - time.at);
    }
    return failure;
  });
}

}  // namespace usher::sign_in
