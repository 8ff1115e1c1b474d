// A checksum in every page of the store's file. SQLite by itself notices a damaged tree, not a
// damaged value: a flipped bit in a uid would be served.
#pragma once

namespace usher::store {

// The name of the file layer to open a store with; once register_page_checksums() has succeeded.
inline constexpr const char* kCheckedPages = "usher-pages";
// What SQLite must leave free at the end of each page, and the only page size there is.
inline constexpr int kChecksumBytes = 8;
inline constexpr int kPageBytes = 4096;

// True when the file is as long as its header says and every page has its checksum. False proves
// no damage: a crash may leave torn pages whose good copies are in the log.
bool every_page_is_whole(int fd);

// Returns an SQLite result code. Once a process, before the first store is opened.
int register_page_checksums();

}  // namespace usher::store
