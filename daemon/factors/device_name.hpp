// What a person calls a device: asked when it is enrolled, unique among theirs, so that it can be
// listed, renamed and revoked by it.
#pragma once

#include <optional>
#include <span>

#include "daemon/context.hpp"
#include "daemon/ports/person.hpp"
#include "daemon/store/factors.hpp"

namespace usher::factors {

inline constexpr std::size_t kMaxDeviceName = 40;  // code points

enum class NameFault : std::uint8_t { not_usable, taken };
// None: it may be the name of another of this person's devices. `own` keeps the name it has.
// Not usable: empty, over 40 code points, no text, or something every person's list has a meaning
// for.
std::optional<NameFault> fault_of(std::string_view name,
                                  std::span<const store::FactorRecord> enrolled,
                                  std::optional<store::FactorId> own = std::nullopt);

// Asked at most three times; Enter takes `usual`, or the first of "usual 2", "usual 3" that is
// free. None: no usable name was given.
Result<std::optional<std::string>> ask_device_name(const daemon::Context& context,
                                                   ports::Person& person,
                                                   std::span<const store::FactorRecord> enrolled,
                                                   std::string_view usual);

}  // namespace usher::factors
