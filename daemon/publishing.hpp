// What usherd publishes, and what it says of it: reads a snapshot of the store, writes an edition,
// logs whom it had to leave out. When it runs is daemon/directory/publication.hpp's.
#pragma once

#include <atomic>
#include <optional>

#include "daemon/config_in_force.hpp"
#include "daemon/directory/publisher.hpp"
#include "daemon/store/store.hpp"

namespace usher::daemon {

// Used by the publication's thread alone.
class Publishing {
 public:
  Publishing(ConfigInForce& in_force, store::Store& store) : in_force_(in_force), store_(store) {}

  // The folder is looked at each time: somebody may have cured it.
  Result<void> publish(const std::atomic<bool>& stopping);
  // Once nobody waits any more: the disk, and the memory that reading everybody took.
  Result<void> settle();

  static void report(const std::optional<Error>& failure);

 private:
  void say_who_is_left_out(const directory::LeftOut& left_out);

  ConfigInForce& in_force_;
  store::Store& store_;
  std::optional<directory::Published> published_;
  directory::LeftOut said_;
};

}  // namespace usher::daemon
