// A layer over SQLite's own files ("VFS shim", sqlite.org/vfs.html): pages of the main file get
// their checksum when they are written and are checked when they are read. The log beside it has
// SQLite's own checksums. Never repairs, never changes anything but the reserved bytes of a page.
#include "daemon/store/sqlite_pages.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace usher::store {
namespace {

// SQLite allocates szOsFile bytes a file: ours, and behind it the real one.
struct CheckedFile {
  sqlite3_file base;
};

struct CheckedVfs {
  sqlite3_vfs base;
  sqlite3_vfs* real;
};

sqlite3_vfs* real_vfs(sqlite3_vfs* ours) {
  return reinterpret_cast<CheckedVfs*>(ours)->real;
}
sqlite3_file* real_file(sqlite3_file* ours) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<CheckedFile*>(ours) + 1);
}

bool is_page(int size, sqlite3_int64 offset) {
  return size == kPageBytes && offset % kPageBytes == 0;
}

// Each step is a bijection of the running value, so any change within one word is always noticed.
// The page's number is mixed in: a page in another one's place is wrong too. Against accidents, not
// against attackers: who can write the file can write a checksum.
std::uint64_t checksum(const unsigned char* page, sqlite3_int64 offset) {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;  // odd: invertible modulo 2^64
  std::uint64_t sum = static_cast<std::uint64_t>(offset / kPageBytes) + 1;
  for (int at = 0; at < kPageBytes - kChecksumBytes; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, page + at, sizeof word);
    sum = (sum ^ word) * kMultiplier;
    sum ^= sum >> 32U;  // the upper half would never reach the lower one
  }
  return sum;
}

bool has_its_checksum(const unsigned char* page, sqlite3_int64 offset) {
  std::uint64_t stored = 0;
  std::memcpy(&stored, page + kPageBytes - kChecksumBytes, sizeof stored);
  return stored == checksum(page, offset);
}

// sqlite.org/fileformat2.html section 1.3.8: "in-header database size", big-endian.
std::int64_t pages_in_header(const unsigned char* header) {
  std::uint32_t pages = 0;
  for (int at = 28; at < 32; ++at) pages = (pages << 8U) | header[at];
  return pages;
}

int close_file(sqlite3_file* file) {
  return real_file(file)->pMethods->xClose(real_file(file));
}

bool ends_behind(sqlite3_file* file, sqlite3_int64 offset) {
  sqlite3_int64 end = 0;
  return real_file(file)->pMethods->xFileSize(real_file(file), &end) != SQLITE_OK || end > offset;
}

int read_file(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  const int rc = real_file(file)->pMethods->xRead(real_file(file), bytes, size, offset);
  if (!is_page(size, offset)) return rc;
  // SQLite takes a short read for zeros. Behind the end that is right; a page that was cut is not.
  if (rc == SQLITE_IOERR_SHORT_READ && ends_behind(file, offset)) return SQLITE_IOERR_DATA;
  if (rc != SQLITE_OK) return rc;
  const bool whole = has_its_checksum(static_cast<const unsigned char*>(bytes), offset);
  return whole ? SQLITE_OK : SQLITE_IOERR_DATA;
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  if (!is_page(size, offset)) {
    return real_file(file)->pMethods->xWrite(real_file(file), bytes, size, offset);
  }
  unsigned char page[kPageBytes];
  std::memcpy(page, bytes, kPageBytes);
  const std::uint64_t sum = checksum(page, offset);
  std::memcpy(page + kPageBytes - kChecksumBytes, &sum, sizeof sum);
  return real_file(file)->pMethods->xWrite(real_file(file), page, size, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return real_file(file)->pMethods->xTruncate(real_file(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
  return real_file(file)->pMethods->xSync(real_file(file), flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real_file(file)->pMethods->xFileSize(real_file(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return real_file(file)->pMethods->xLock(real_file(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return real_file(file)->pMethods->xUnlock(real_file(file), level);
}
int check_reserved_lock(sqlite3_file* file, int* held) {
  return real_file(file)->pMethods->xCheckReservedLock(real_file(file), held);
}
int control_file(sqlite3_file* file, int operation, void* argument) {
  return real_file(file)->pMethods->xFileControl(real_file(file), operation, argument);
}
int sector_size(sqlite3_file* file) {
  return real_file(file)->pMethods->xSectorSize(real_file(file));
}
int device_characteristics(sqlite3_file* file) {
  int characteristics = real_file(file)->pMethods->xDeviceCharacteristics(real_file(file));
#ifdef SQLITE_IOCAP_SUBPAGE_READ
  // Newer SQLite would read parts of pages, past the check.
  characteristics &= ~SQLITE_IOCAP_SUBPAGE_READ;
#endif
  return characteristics;
}
int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  return real_file(file)->pMethods->xShmMap(real_file(file), region, size, extend, memory);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real_file(file)->pMethods->xShmLock(real_file(file), offset, count, flags);
}
void order_shared(sqlite3_file* file) {
  real_file(file)->pMethods->xShmBarrier(real_file(file));
}
int unmap_shared(sqlite3_file* file, int remove) {
  return real_file(file)->pMethods->xShmUnmap(real_file(file), remove);
}
// No mapped pages: they would be read past the check. SQLite then calls xRead.
int fetch_page(sqlite3_file*, sqlite3_int64, int, void** page) {
  *page = nullptr;
  return SQLITE_OK;
}
int release_page(sqlite3_file*, sqlite3_int64, void*) {
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 3,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = order_shared,
    .xShmUnmap = unmap_shared,
    .xFetch = fetch_page,
    .xUnfetch = release_page,
};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  // Logs and temporary files are the real layer's own, in the same memory.
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) {
    return real_vfs(vfs)->xOpen(real_vfs(vfs), name, file, flags, out_flags);
  }
  file->pMethods = nullptr;  // null: SQLite does not close it
  const int rc = real_vfs(vfs)->xOpen(real_vfs(vfs), name, real_file(file), flags, out_flags);
  // The real layer may ask to be closed even after it failed.
  if (real_file(file)->pMethods != nullptr) file->pMethods = &kMethods;
  return rc;
}

}  // namespace

bool every_page_is_whole(int fd) {
  std::vector<unsigned char> pages(std::size_t{64} * kPageBytes);
  std::int64_t expected = 0;
  std::int64_t seen = 0;
  while (true) {
    const ssize_t got = ::pread(fd, pages.data(), pages.size(), seen * kPageBytes);
    if (got < 0 || got % kPageBytes != 0) return false;
    if (got == 0) return seen > 0 && seen == expected;
    if (seen == 0) expected = pages_in_header(pages.data());
    for (ssize_t at = 0; at < got; at += kPageBytes, ++seen) {
      if (!has_its_checksum(pages.data() + at, seen * kPageBytes)) return false;
    }
  }
}

int register_page_checksums() {
  sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
  if (real == nullptr || real->iVersion < 3) return SQLITE_ERROR;
  // SQLite keeps the pointer for the life of the process. A copy: everything but opening is the
  // real layer's, which finds its pAppData in ours too.
  static CheckedVfs checked{*real, real};
  checked.base.pNext = nullptr;
  checked.base.szOsFile = real->szOsFile + static_cast<int>(sizeof(CheckedFile));
  checked.base.zName = kCheckedPages;
  checked.base.xOpen = open_file;
  return sqlite3_vfs_register(&checked.base, 0);
}

}  // namespace usher::store
