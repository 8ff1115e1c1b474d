// Slots and their readers.
//
// A reader counts itself into the slot that `current` names, then looks whether `current` still
// names it; if not, it counts itself out again. A writer moves `current` first and looks at the
// count afterwards. Both in one total order: either the writer sees the reader, or the reader sees
// that the slot is no longer current. So a slot without readers that is not current can go.
//
// fork() in the middle: the counts of threads that the child does not have would stay for ever, and
// so would a writer's flag. They stand in a page that the kernel clears in the child
// (MADV_WIPEONFORK, Linux 4.14); the slots do not, because their mappings are the child's too.
#include "nss_module/shared_mapping.hpp"

#include <sys/mman.h>

#include <array>
#include <atomic>

namespace usher::nss_module {
namespace {

using published::Directory;
using published::View;

constexpr std::size_t kSlots = 4;
constexpr std::size_t kNone = kSlots;
constexpr std::size_t kPageSize = 4096;

struct Counts {
  std::atomic<std::uint32_t> stamp;  // 0: nobody has used this page since the last fork
  std::atomic<std::uint32_t> writing;
  std::array<std::atomic<std::uint32_t>, kSlots> readers;
};
static_assert(sizeof(Counts) <= kPageSize);

struct Slot {
  // Set last and cleared first, so that a child forked between two writes never unmaps what a
  // half-written view says. At worst such a child keeps one mapping too many.
  std::atomic<bool> used;
  View view;
};

// Constant-initialised and never destroyed: threads may look names up while the process exits.
constinit std::atomic<Counts*> g_counts{nullptr};
constinit std::atomic<std::uint32_t> g_last_stamp{0};
constinit std::atomic<std::size_t> g_current{kNone};
constinit std::array<Slot, kSlots> g_slots{};

// Null where the kernel cannot clear a page at fork: then nothing is shared.
Counts* make_counts() {
  // Populated: the page is used at once, and each fault costs more than the filling.
  void* page = ::mmap(nullptr, kPageSize, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (page == MAP_FAILED) return nullptr;
  Counts* made = static_cast<Counts*>(page);  // all zero, which is what each atomic starts as
  Counts* there = nullptr;
  if (::madvise(page, kPageSize, MADV_WIPEONFORK) == 0 &&
      g_counts.compare_exchange_strong(there, made)) {
    return made;
  }
  (void)::munmap(page, kPageSize);
  return there;
}

Counts* counts() {
  Counts* there = g_counts.load(std::memory_order_acquire);
  return there != nullptr ? there : make_counts();
}

std::uint32_t stamp_of(Counts& page) {
  std::uint32_t stamp = page.stamp.load();
  if (stamp != 0) return stamp;
  const std::uint32_t fresh = g_last_stamp.fetch_add(1) + 1;
  return page.stamp.compare_exchange_strong(stamp, fresh) ? fresh : stamp;
}

// The writer's flag, tried and never waited for.
class Writing {
 public:
  explicit Writing(Counts& page) : page_(page), held_(page.writing.exchange(1) == 0) {}
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
  ~Writing() {
    if (held_) page_.writing.store(0);
  }
  bool held() const { return held_; }

 private:
  Counts& page_;
  bool held_;
};

// Only while writing.
void unmap_unread(Counts& page) {
  for (std::size_t i = 0; i < kSlots; ++i) {
    Slot& slot = g_slots[i];
    if (i == g_current.load() || !slot.used.load() || page.readers[i].load() != 0) continue;
    const View old = slot.view;
    slot.used.store(false);
    Directory::unmap(old);
  }
}

std::size_t free_slot(Counts& page) {
  for (std::size_t i = 0; i < kSlots; ++i) {
    // A reader that is about to count itself out again may stand in a free slot; it reads nothing.
    if (i != g_current.load() && !g_slots[i].used.load() && page.readers[i].load() == 0) return i;
  }
  return kNone;
}

}  // namespace

Lease::Lease(Lease&& other) noexcept
    : view_(other.view_), slot_(other.slot_), stamp_(other.stamp_) {
  other.view_ = View();
  other.slot_ = kOwn;
}

Lease::~Lease() {
  end();
}

void Lease::end() {
  if (slot_ == kOwn) {
    Directory::unmap(view_);
    return;
  }
  Counts& page = *g_counts.load(std::memory_order_acquire);
  // A signal handler forked while we read, and this is the child: the count was cleared.
  if (page.stamp.load() != stamp_) return;
  const bool was_last = page.readers[slot_].fetch_sub(1) == 1;
  if (was_last && g_current.load() != slot_) {
    const Writing writing(page);
    if (writing.held()) unmap_unread(page);
  }
}

bool Lease::take_shared() {
  Counts* page = counts();
  if (page == nullptr) return false;
  const std::uint32_t stamp = stamp_of(*page);
  for (std::size_t slot = g_current.load(); slot != kNone;) {
    page->readers[slot].fetch_add(1);
    const std::size_t now = g_current.load();
    if (now == slot) {
      view_ = g_slots[slot].view;
      slot_ = slot;
      stamp_ = stamp;
      return true;
    }
    page->readers[slot].fetch_sub(1);
    slot = now;
  }
  return false;
}

bool Lease::share(Directory& directory, Lease& lease) {
  Counts* page = counts();
  if (page == nullptr) return false;
  const Writing writing(*page);
  if (!writing.held()) return false;
  const std::size_t old = g_current.load();
  // Somebody was faster.
  if (old != kNone && !g_slots[old].view.superseded()) return false;
  unmap_unread(*page);
  const std::size_t slot = free_slot(*page);
  if (slot == kNone) return false;
  lease.stamp_ = stamp_of(*page);
  page->readers[slot].fetch_add(1);
  g_slots[slot].view = directory.release();
  g_slots[slot].used.store(true);
  g_current.store(slot);
  lease.view_ = g_slots[slot].view;
  lease.slot_ = slot;
  unmap_unread(*page);
  return true;
}

bool Lease::take_warm() {
  if (!take_shared()) return false;
  if (!view_.superseded()) return true;
  end();
  view_ = View();
  slot_ = kOwn;
  return false;
}

Result<Lease> Lease::take(const char* path) {
  Lease lease;
  if (lease.take_warm()) return lease;
  Directory directory = TRY(Directory::open(path));
  // Between mark and rename the marked file is the newest there is: right for this lookup, but the
  // next one looks again.
  if (directory.view().superseded() || !share(directory, lease)) lease.view_ = directory.release();
  return lease;
}

}  // namespace usher::nss_module
