// What `usherctl enable` keeps on the disk: the files as they were and as it leaves them, and how
// far it is. All of it in one directory that is root's alone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "ctl/host.hpp"
#include "ctl/host_files.hpp"

namespace usher::ctl {

inline constexpr std::string_view kStateDirectory = "/var/lib/usher-enable";

// One file of the host.
struct Change {
  std::string path;  // without the host's root
  MaybeFile before;
  MaybeFile after;
  bool differs() const { return before != after; }
};

enum class Phase : std::uint8_t {
  none,       // nothing is changed; what lies in the directory is a leftover
  armed,      // some or all is changed, and will be put back unless confirmed
  confirmed,  // all is changed, for good; the copies are for `disable`
};
Result<Phase> phase_of(const Host& host);
// Each is one rename or one new file, and on the disk before it returns.
Result<void> arm(const Host& host);
Result<void> confirm_armed(const Host& host);
Result<void> disarm(const Host& host);
// Since when, in milliseconds since 1970; none: it is not. Errc::not_permitted: only root may look.
Result<std::optional<std::int64_t>> armed_since(const Host& host);

// Complete, or load_changes() finds nothing: the list is written last.
Result<void> save_changes(const Host& host, std::span<const Change> changes);
Result<std::vector<Change>> load_changes(const Host& host);
// Removes the directory. Only where nothing is left to put back.
Result<void> forget_changes(const Host& host);

// One at a time; the holder's death frees it. Errc::conflict while another is at work.
Result<UniqueFd> lock_host(const Host& host);

}  // namespace usher::ctl
