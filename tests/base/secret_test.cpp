// Secrets: gone from memory when they end, never copied or printed by accident.
#include "base/secret.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

namespace {

// One block of memory is watched; what it holds when it is given back is kept.
const void* watched = nullptr;
std::string last_bytes;

}  // namespace

extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier): the names that ld --wrap=free asks for
void __real_free(void* memory);
void __wrap_free(void* memory) {
  if (memory != nullptr && memory == watched) {
    watched = nullptr;
    const std::string bytes(static_cast<const char*>(memory), malloc_usable_size(memory));
    last_bytes = bytes;
  }
  __real_free(memory);
}
// NOLINTEND(bugprone-reserved-identifier)
}

namespace usher {
namespace {

void watch(const void* memory) {
  watched = memory;
  last_bytes.clear();
}

// What the watched block held at its end, without the part that no one wrote to.
bool was_wiped(std::string_view text) {
  return watched == nullptr && !last_bytes.empty() && last_bytes.find(text) == std::string::npos &&
         last_bytes[0] == '\0';
}

Secret secret_of(std::string_view text) {
  return Secret::copy(text).release_value();
}

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <typename T>
concept Comparable = requires(const T& value) {
  value == value;
};

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(std::is_nothrow_move_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!Printable<Secret>);
static_assert(!Comparable<Secret>);

TEST(Secret, LeavesNothingInMemoryWhenItEnds) {
  {
    const Secret secret = secret_of("hunter2 and more");
    watch(secret.view().data());
  }
  EXPECT_TRUE(was_wiped("hunter"));
}

TEST(Secret, TheWatchSeesMemoryThatWasNotWiped) {
  char* plain = ::strdup("hunter2 and more");
  watch(plain);
  std::free(plain);  // NOLINT(clang-analyzer-unix.Malloc): the wrapped free is what is tested
  EXPECT_FALSE(was_wiped("hunter"));
  EXPECT_NE(last_bytes.find("hunter2"), std::string::npos);
}

TEST(Secret, WipesWhatAnotherReplaces) {
  Secret secret = secret_of("the old one, quite long");
  watch(secret.view().data());
  secret = secret_of("new");
  EXPECT_TRUE(was_wiped("old"));
  EXPECT_EQ(secret.view(), "new");
}

TEST(Secret, WipesTheTailItLoses) {
  Secret secret = secret_of("password123456");
  const char* memory = secret.view().data();
  secret.shorten(8);
  EXPECT_EQ(secret.view(), "password");
  for (std::size_t i = 8; i < 14; ++i) EXPECT_EQ(memory[i], '\0') << i;
}

TEST(Secret, ShortenNeverGrows) {
  Secret secret = secret_of("abc");
  secret.shorten(3);
  EXPECT_EQ(secret.view(), "abc");
  secret.shorten(4);
  EXPECT_EQ(secret.view(), "abc");
  secret.shorten(0);
  EXPECT_TRUE(secret.empty());
}

TEST(Secret, MovesWithoutLeavingACopy) {
  Secret from = secret_of("moved along");
  const char* memory = from.view().data();
  Secret to = std::move(from);
  EXPECT_EQ(to.view(), "moved along");
  EXPECT_EQ(to.view().data(), memory);
  // NOLINTNEXTLINE(bugprone-use-after-move): a moved-from secret is empty, and that is the point
  EXPECT_TRUE(from.empty());
  EXPECT_EQ(from.view().data(), nullptr);
}

TEST(Secret, SurvivesBeingAssignedToItself) {
  Secret secret = secret_of("same");
  Secret& alias = secret;
  secret = std::move(alias);
  EXPECT_EQ(secret.view(), "same");
}

TEST(Secret, IsAStringForCLibraries) {
  const Secret secret = secret_of("abc");
  EXPECT_EQ(secret.view().data()[secret.size()], '\0');
  const Secret empty = secret_of("");
  EXPECT_TRUE(empty.empty());
  EXPECT_EQ(empty.view().data()[0], '\0');
}

TEST(Secret, KeepsBytesOfEveryValue) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_EQ(secret_of(all).view(), all);
}

TEST(Secret, JoinsPiecesInOrder) {
  auto joined = Secret::join({"one", "", "two", std::string_view("\0!", 2)});
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->view(), std::string_view("onetwo\0!", 8));
  auto nothing = Secret::join({});
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->empty());
}

TEST(Secret, StartsZeroedAndIsFilledInPlace) {
  auto secret = Secret::zeroed(4);
  ASSERT_TRUE(secret);
  EXPECT_EQ(secret->view(), std::string_view("\0\0\0\0", 4));
  std::memcpy(secret->writable().data(), "abcd", 4);
  EXPECT_EQ(secret->view(), "abcd");
}

TEST(Secret, EqualsOnlyTheSameBytes) {
  const Secret one = secret_of("correct horse");
  EXPECT_TRUE(one.equals(secret_of("correct horse")));
  EXPECT_FALSE(one.equals(secret_of("correct horsf")));
  EXPECT_FALSE(one.equals(secret_of("Correct horse")));
  EXPECT_FALSE(one.equals(secret_of("correct hors")));
  EXPECT_FALSE(one.equals(secret_of("")));
  EXPECT_TRUE(Secret().equals(secret_of("")));
}

TEST(ConstantTimeEqual, FindsASingleBitAnywhere) {
  const std::string original(33, 'q');
  EXPECT_TRUE(constant_time_equal(original, original));
  for (std::size_t at = 0; at < original.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = original;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
      EXPECT_FALSE(constant_time_equal(original, changed)) << at << ' ' << bit;
    }
  }
}

TEST(ConstantTimeEqual, TakesEmptyAndNullViews) {
  EXPECT_TRUE(constant_time_equal("", std::string_view()));
  EXPECT_FALSE(constant_time_equal("", std::string_view("\0", 1)));
}

TEST(Wipe, OverwritesExactlyWhatItIsTold) {
  char memory[] = "abcdef";
  wipe(memory + 1, 3);
  EXPECT_EQ(std::string_view(memory, 6), std::string_view("a\0\0\0ef", 6));
  wipe(nullptr, 0);
}

}  // namespace
}  // namespace usher
