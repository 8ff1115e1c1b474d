// Callers' buffers of every size and alignment, each an allocation of its own: AddressSanitizer
// sees the first byte that is written beside it.
#include <cerrno>
#include <cstddef>
#include <functional>
#include <memory>

#include "nss_world.hpp"

namespace usher::nss_module::test {
namespace {

using Ask = std::function<nss_status(char* buffer, std::size_t size, int* error)>;

// Every size up to the first that is enough: "too small" each time before.
void grow_until_found(const Ask& ask, std::size_t offset) {
  for (std::size_t size = 0; size < 1000; ++size) {
    const auto block = std::make_unique<char[]>(offset + size);
    int error = 0;
    const nss_status status = ask(block.get() + offset, size, &error);
    if (status == NSS_STATUS_SUCCESS) {
      EXPECT_GT(size, 10U);
      return;
    }
    ASSERT_EQ(status, NSS_STATUS_TRYAGAIN) << size;
    ASSERT_EQ(error, ERANGE) << size;
  }
  FAIL() << "1,000 bytes are not enough";
}

TEST(NssBuffer, OfEverySizeAndAlignmentIsKept) {
  NssWorld world;
  auto content = fakes::small_directory();
  content.enumerable = true;
  world.publish(content);
  passwd person{};
  group team{};
  const Ask asks[] = {
      [&](char* b, std::size_t n, int* e) { return person_by_name("ada", &person, b, n, e); },
      [&](char* b, std::size_t n, int* e) {
        return person_by_name("ada@engine", &person, b, n, e);
      },
      [&](char* b, std::size_t n, int* e) {
        return person_by_uid(1'900'000'002, &person, b, n, e);
      },
      [&](char* b, std::size_t n, int* e) { return group_by_name("engine", &team, b, n, e); },
      [&](char* b, std::size_t n, int* e) { return group_by_gid(5001, &team, b, n, e); },
      [&](char* b, std::size_t n, int* e) { return next_person(&person, b, n, e); },
      [&](char* b, std::size_t n, int* e) { return next_group(&team, b, n, e); },
  };
  for (const Ask& ask : asks) {
    for (std::size_t offset = 0; offset < 9; ++offset) {
      (void)start_people();
      (void)start_groups();
      grow_until_found(ask, offset);
    }
  }
}

TEST(NssBuffer, WithoutAByteIsTooSmallAndNotTouched) {
  const NssWorld world;
  passwd person{};
  int error = 0;
  EXPECT_EQ(person_by_name("ada", &person, nullptr, 0, &error), NSS_STATUS_TRYAGAIN);
  EXPECT_EQ(error, ERANGE);
}

}  // namespace
}  // namespace usher::nss_module::test
