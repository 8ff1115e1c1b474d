// Groups as group(5) has them, and the groups of a person.
#include <atomic>
#include <cstdlib>

#include "nss_module/answer.hpp"
#include "nss_module/lookups.hpp"
#include "nss_module/result_buffer.hpp"

namespace usher::nss_module {
namespace {

using published::Found;
using published::GroupView;
using published::Memberships;
using published::View;

constexpr std::string_view kNoPassword("*\0", 2);

constinit std::atomic<std::uint32_t> g_next_group{0};

Answer fill(const GroupView& found, group* result, char* buffer, std::size_t size) {
  ResultBuffer room(buffer, size);
  char** members = room.pointers(std::size_t{found.member_count} + 1);
  char* name = members != nullptr ? room.put(found.texts) : nullptr;
  char* password = name != nullptr ? room.put(kNoPassword) : nullptr;
  if (password == nullptr) return kBufferTooSmall;
  // The reader counted the NULs, so each member ends before the texts do.
  char* member = name + found.name.size() + 1;
  for (std::uint32_t i = 0; i < found.member_count; ++i) {
    members[i] = member;
    member += std::strlen(member) + 1;
  }
  members[found.member_count] = nullptr;
  result->gr_name = name;
  result->gr_passwd = password;
  result->gr_gid = found.gid;
  result->gr_mem = members;
  return kFound;
}

// The array initgroups() grows.
class GidArray {
 public:
  GidArray(long* start, long* size, gid_t** groups, long limit)
      : start_(start), size_(size), groups_(groups), limit_(limit) {}

  bool full() const { return limit_ > 0 && *start_ >= limit_; }

  // False: no memory.
  bool add(gid_t gid) {
    if (*start_ >= *size_ && !grow()) return false;
    (*groups_)[(*start_)++] = gid;
    return true;
  }

 private:
  bool grow() {
    long wanted = *size_ > 0 ? *size_ * 2 : 16;
    if (limit_ > 0 && wanted > limit_) wanted = limit_;
    void* grown = std::realloc(*groups_, static_cast<std::size_t>(wanted) * sizeof(gid_t));
    if (grown == nullptr) return false;
    *groups_ = static_cast<gid_t*>(grown);
    *size_ = wanted;
    return true;
  }

  long* start_;
  long* size_;
  gid_t** groups_;
  long limit_;
};

}  // namespace

nss_status group_by_name(const char* name, group* result, char* buffer, std::size_t size,
                         int* errnop) {
  return answer(errnop, [&](const View& view) {
    GroupView found;
    const Found there = view.find_group(name != nullptr ? name : "", found);
    return there == Found::yes ? fill(found, result, buffer, size) : answer_of(there);
  });
}

nss_status group_by_gid(gid_t gid, group* result, char* buffer, std::size_t size, int* errnop) {
  return answer(errnop, [&](const View& view) {
    GroupView found;
    const Found there = view.find_group(gid, found);
    return there == Found::yes ? fill(found, result, buffer, size) : answer_of(there);
  });
}

nss_status start_groups() {
  g_next_group.store(0);
  return NSS_STATUS_SUCCESS;
}

nss_status next_group(group* result, char* buffer, std::size_t size, int* errnop) {
  return answer(errnop, [&](const View& view) {
    if (!view.enumerable()) return kNotFound;
    GroupView found;
    const Found there = view.group_at(g_next_group.load(), found);
    if (there != Found::yes) return answer_of(there);
    const Answer filled = fill(found, result, buffer, size);
    if (filled.status == NSS_STATUS_SUCCESS) g_next_group.fetch_add(1);
    return filled;
  });
}

nss_status groups_of_person(const char* name, gid_t primary, long* start, long* size,
                            gid_t** groups, long limit, int* errnop) {
  return answer(errnop, [&](const View& view) {
    Memberships gids;
    const Found there = view.find_memberships(name != nullptr ? name : "", gids);
    if (there != Found::yes) return answer_of(there);
    GidArray array(start, size, groups, limit);
    for (std::size_t i = 0; i < gids.size() && !array.full(); ++i) {
      // glibc put the primary group there itself.
      if (gids[i] == primary || !published::is_publishable_id(gids[i])) continue;
      if (!array.add(gids[i])) return Answer{NSS_STATUS_TRYAGAIN, ENOMEM};
    }
    return kFound;
  });
}

}  // namespace usher::nss_module
