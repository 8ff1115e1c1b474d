// The tables of forgotten passwords: what was asked for at a prompt and waits to be decided, and
// how often somebody's was decided lately. Whether a name is anybody's is not known here.
#pragma once

#include "daemon/policy/throttle.hpp"
#include "daemon/store/people.hpp"

namespace usher::store {

struct ResetRequest {
  std::int64_t id = 0;
  std::string asked_for;  // a name or an address; empty: nothing is wanted
  std::string origin;
  std::string service;
  std::string rhost;
  std::string request;  // the conversation's
  ports::Instant asked_at{};
  std::int64_t tries = 0;  // that failed
};

// As many of one class may wait; what strangers ask takes no place of the local seat's.
inline constexpr std::int64_t kMostWaiting = 200;

// The same statement for every name. Where the class is full nothing happens, and where the
// same is waiting it is asked anew: whoever asks learns of neither.
Result<void> put_reset_request(Database& database, const ResetRequest& request);
// The oldest of that class that is due, or of any if there is none of it.
Result<std::optional<ResetRequest>> next_reset_request(Database& database,
                                                       std::string_view first_origin,
                                                       ports::Instant now);
// It was tried, and is due again then.
Result<void> put_off_reset_request(Database& database, std::int64_t id, ports::Instant due_at);
// False: it is gone already.
Result<bool> delete_reset_request(Database& database, std::int64_t id);
// Those that were asked before `oldest`, or after `now`: a clock that was ahead was set back.
Result<std::vector<ResetRequest>> list_stale_reset_requests(Database& database,
                                                            ports::Instant oldest,
                                                            ports::Instant now, std::int64_t most);

// How many were decided for the person and that class after `since`, in the throttle's time.
Result<std::int64_t> count_resets(Database& database, PersonId person, std::string_view origin,
                                  policy::Span since);
// Forgets what is older than `forget`.
Result<void> note_reset(Database& database, PersonId person, std::string_view origin,
                        policy::Span at, policy::Span forget);
Result<void> delete_resets(Database& database, PersonId person);

// Likewise of letters: to an address of several accounts, or with kWholeHost to whomever.
inline constexpr std::string_view kWholeHost;
Result<std::int64_t> count_letters(Database& database, std::string_view whose,
                                   std::string_view origin, policy::Span since);
// Forgets what is older than `forget`, whosever.
Result<void> note_letter(Database& database, std::string_view whose, std::string_view origin,
                         policy::Span at, policy::Span forget);

}  // namespace usher::store
