// The store's file as the operating system sees it: whose it is, whether it is all there, how a new
// one gets its name. Everything here happens before SQLite opens it; nothing here changes what is
// in it.
#pragma once

#include <string>

#include "base/result.hpp"

namespace usher::store {

// Errc::damaged with the cure in its text.
Error damaged(std::string what);

// The path with its directory's links resolved: SQLite is told to refuse links everywhere in it.
Result<std::string> settled_path(const std::string& path);
// Errc::not_permitted: a link, another's file, or one that others may write. Looks without opening:
// closing a second descriptor of the file would drop SQLite's locks on it.
Result<void> check_owner_and_mode(const std::string& path);
// An empty file, 0600 whatever the umask says: SQLite's logs take their mode from it.
Result<void> create_if_missing(const std::string& path);

enum class Looks : std::uint8_t {
  missing,   // and no log of a lost file is there, which SQLite would play into a new one
  whole,     // ended cleanly, and every page has its checksum
  doubtful,  // only SQLite can tell: there is a log beside it, or a page is not whole
};
// Errors: damaged or not_permitted. Only before there is a connection in this process: it opens and
// closes the file.
Result<Looks> look_at_store(const std::string& path);

// A new store is made under another name and gets its own when it is whole: a first start that is
// cut off leaves no half store.
Result<std::string> unfinished_name(const std::string& path);  // and nothing is there
Result<void> give_name(const std::string& unfinished, const std::string& path);

}  // namespace usher::store
