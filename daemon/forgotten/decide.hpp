// What becomes of "I forgot my password": who is meant, whether a code may be asked for from there,
// and which letter goes where. Decided apart from the prompt that took the wish, which says the
// same to everybody and takes as long for everybody: docs/adr/0030.
#pragma once

#include "daemon/forgotten/case.hpp"
#include "daemon/store/store.hpp"

namespace usher::forgotten {

inline constexpr std::string_view kOperation = "forgot";  // of its records

// In the transaction that takes the wish out.
Result<void> decide(const Case& c);

// As many as wait, the local seat's first, at most kAtOnce. One that cannot be decided is tried
// once more where that may help, then dropped and recorded; it holds up no other.
inline constexpr int kAtOnce = 64;
Result<void> decide_waiting(store::Store& store, const notices::Means& means);

// What nobody waits for any more goes, also where no usher-courier comes.
Result<void> sweep(store::Store& store, ports::Instant now);

}  // namespace usher::forgotten
