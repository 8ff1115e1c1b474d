// What becomes of "I forgot my password": who is meant, whether a code may be asked for from there,
// and which letter goes where. Decided apart from the prompt that took the wish, which says the
// same to everybody and takes as long for everybody: docs/adr/0030.
#pragma once

#include "daemon/notices/tell.hpp"
#include "daemon/store/store.hpp"

namespace usher::forgotten {

// As many as wait, the local seat's first, at most kAtOnce. One that cannot be decided is dropped
// and recorded; it holds up no other.
inline constexpr int kAtOnce = 64;
Result<void> decide_waiting(store::Store& store, const notices::Means& means);

}  // namespace usher::forgotten
