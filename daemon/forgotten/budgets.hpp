// How often a code may be asked for: by a person and a class of origins, by an address that several
// accounts share, and by all whom nobody knows together. Each counts what it lets through, by the
// time that nobody sets, in the transaction that decides.
#pragma once

#include "daemon/forgotten/case.hpp"

namespace usher::forgotten {

Result<bool> is_over_budget(const Case& c, const store::PersonRecord& person);
Result<bool> is_over_budget(const Case& c, std::string_view shared_address);
// Never from the local seat or a known host: what strangers ask takes nothing from those.
Result<bool> are_strangers_over_budget(const Case& c);

}  // namespace usher::forgotten
