// Whether an attempt comes from a host its person has completed sign-ins from, or from a network
// the administrator trusts. Settled before the conversation, and after a sign-in noted.
#pragma once

#include "daemon/context.hpp"

namespace usher::sign_in {

// origin_of(facts), with known_host where it is one. One read where the address is numeric, for
// every name alike; else none.
Result<daemon::Origin> find_origin(daemon::Services& services, const daemon::Facts& facts);

// Whether they have completed sign-ins from there, by whatever name or address they are asked for.
Result<bool> is_known_to(store::Database& database, const store::PersonRecord& person,
                         std::string_view rhost, ports::Instant now);

// After a completed sign-in, in the transaction that records it: a host with a numeric address is
// known from then on.
Result<void> note_host(const daemon::Context& context, store::Database& database,
                       const store::PersonRecord& person);

// Will it be?
enum class Remembered : std::uint8_t { no, yes };
// Of a host that was not known the person is told, but after the very first sign-in: no host was
// known then. Of one that cannot become known, once in an hour.
Result<void> tell_of_host(const daemon::Context& context, store::Database& database,
                          const store::PersonRecord& person, Remembered remembered);

}  // namespace usher::sign_in
