// How often a code may be asked for: by a person and a class of origins, by an address that several
// accounts share, and by all whom nobody knows together. Counted by the time that nobody sets, in
// the transaction that decides: wishes of a person, but of the others the letters that left.
#pragma once

#include "daemon/forgotten/case.hpp"

namespace usher::forgotten {

// Counts the wish that it lets through.
Result<bool> is_over_budget(const Case& c, const store::PersonRecord& person);

Result<bool> is_over_budget(const Case& c, std::string_view shared_address);
// Never from the local seat or a known host: what strangers ask takes nothing from those.
Result<bool> are_strangers_over_budget(const Case& c);

Result<void> note_letter_to(const Case& c, std::string_view shared_address);
// Of nobody who is known.
Result<void> note_letter_of_strangers(const Case& c);

}  // namespace usher::forgotten
