// A cause is logged when it is new: the same people are left out at each publication until somebody
// changes them.
#include "daemon/publishing.hpp"

#include <malloc.h>

#include "daemon/directory/content.hpp"
#include "daemon/directory/public_folder.hpp"
#include "daemon/log.hpp"

namespace usher::daemon {

Result<void> Publishing::publish(const std::atomic<bool>& stopping) {
  const auto lease = in_force_.lease();
  const std::string folder = lease.config().at_start.state_directory + "/public";
  TRY(directory::prepare_public_folder(folder));
  published_.emplace(TRY(directory::publish(
      folder + "/directory.cdb", lease.config().enumerate, [&](directory::Edition& edition) {
        return store_.read([&](store::Database& database) {
          return directory::fill_from_store(edition, database, stopping);
        });
      })));
  say_who_is_left_out(published_->left_out());
  return {};
}

Result<void> Publishing::settle() {
  const auto published = std::exchange(published_, std::nullopt);
  // An edition's tables are some megabytes at 100,000 people, and usherd is idle most of the time.
  (void)::malloc_trim(0);
  if (!published) return {};
  return published->make_durable();
}

void Publishing::report(const std::optional<Error>& failure) {
  if (failure) {
    log(Level::error, failure->in("names are not published, trying again").text());
  } else {
    log(Level::notice, "names are published again");
  }
}

void Publishing::say_who_is_left_out(const directory::LeftOut& left_out) {
  if (left_out == said_) return;
  said_ = left_out;
  if (left_out.count == 0) {
    log(Level::notice, "nobody is left out of the published names any more");
  } else {
    log(Level::error, fmt::format("{} left out of the published names, the first: {}",
                                  left_out.count, left_out.first));
  }
}

}  // namespace usher::daemon
