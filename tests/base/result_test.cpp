// A value or the reason why there is none, and the way TRY hands the reason up.
#include "base/result.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <type_traits>

namespace usher {
namespace {

Result<int> parse_digit(char c) {
  if (c < '0' || c > '9') return Error(Errc::invalid_input, "no digit");
  return c - '0';
}

Result<int> sum(int left, int right) {
  if (left + right > 9) return Error(Errc::exhausted, "the sum has two digits");
  return left + right;
}

Result<int> parse_sum(char left, char right) {
  return TRY(sum(TRY(parse_digit(left)), TRY(parse_digit(right)))) * 10;
}

Result<void> require_digit(char c, bool& reached) {
  (void)TRY(parse_digit(c).in("reading the first"));
  reached = true;
  return {};
}

Result<void> require_digits(char one, char other, bool& reached) {
  bool first = false;
  TRY(require_digit(one, first));
  TRY(require_digit(other, reached));
  return {};
}

static_assert(!std::is_default_constructible_v<Error>);
static_assert(sizeof(Error) < 512, "an Error is carried by value through every layer");

TEST(Result, HoldsAValue) {
  const Result<int> result = 7;
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, 7);
}

TEST(Result, HoldsAnError) {
  const Result<int> result = Error(Errc::timed_out, "too late");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), Errc::timed_out);
  EXPECT_EQ(result.error().text(), "too late");
}

TEST(Result, CarriesWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 3);
  const std::unique_ptr<int> taken = result.release_value();
  EXPECT_EQ(*taken, 3);
}

TEST(Result, ReachesIntoItsValue) {
  Result<std::string> result = std::string("abc");
  EXPECT_EQ(result->size(), 3U);
  result->push_back('d');
  EXPECT_EQ(*result, "abcd");
}

TEST(Result, OfNothingIsSuccessUnlessItHoldsAnError) {
  const Result<void> fine;
  EXPECT_TRUE(fine.has_value());
  const Result<void> failed = Error(Errc::hung_up, "gone");
  EXPECT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code(), Errc::hung_up);
}

TEST(ResultDeathTest, StopsTheProcessWhenAMissingValueIsRead) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Result<int> result = Error(Errc::internal, "none");
  EXPECT_DEATH((void)*result, "");
}

TEST(Result, InAddsWhatWasBeingDone) {
  const Result<int> result =
      Result<int>(Error(Errc::damaged, "a bad page")).in("reading").in("opening the store");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::damaged);
  EXPECT_EQ(result.error().text(), "opening the store: reading: a bad page");
}

TEST(Result, InLeavesAValueAlone) {
  const Result<int> number = Result<int>(4).in("counting");
  ASSERT_TRUE(number);
  EXPECT_EQ(*number, 4);
  EXPECT_TRUE(Result<void>().in("doing nothing").has_value());
  const Result<void> failed = Result<void>(Error(Errc::conflict, "held")).in("locking");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().text(), "locking: held");
}

TEST(Try, GivesTheValue) {
  const Result<int> result = parse_sum('2', '3');
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 50);
}

TEST(Try, ReturnsTheErrorOfTheInnermost) {
  const Result<int> left = parse_sum('x', '3');
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().code(), Errc::invalid_input);
  const Result<int> right = parse_sum('2', 'x');
  ASSERT_FALSE(right);
  EXPECT_EQ(right.error().text(), "no digit");
}

TEST(Try, ReturnsTheErrorOfTheOutermost) {
  const Result<int> result = parse_sum('5', '5');
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::exhausted);
}

TEST(Try, ReturnsBeforeWhatFollows) {
  bool reached = false;
  const Result<void> first = require_digits('x', '1', reached);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().text(), "reading the first: no digit");
  EXPECT_FALSE(reached);
  EXPECT_TRUE(require_digits('1', '1', reached));
  EXPECT_TRUE(reached);
}

TEST(Error, CutsATextThatIsTooLong) {
  const Error error(Errc::internal, std::string(Error::kCapacity + 1, 'x'));
  EXPECT_EQ(error.text(), std::string(Error::kCapacity, 'x'));
  const Error outer = error.in("doing");
  EXPECT_EQ(outer.text().size(), Error::kCapacity);
  EXPECT_TRUE(outer.text().starts_with("doing: xxx"));
}

TEST(Error, NamesEveryCodeDifferently) {
  std::string names;
  for (int code = 0; code <= static_cast<int>(Errc::internal); ++code) {
    const std::string name = " " + std::string(name_of(static_cast<Errc>(code))) + " ";
    EXPECT_EQ(names.find(name), std::string::npos) << name;
    names += name;
  }
}

TEST(SystemError, SaysWhatErrnoMeans) {
  errno = ENOENT;
  const Error error = system_error("opening a file");
  EXPECT_EQ(error.code(), Errc::not_found);
  EXPECT_EQ(error.text(), "opening a file: No such file or directory");
}

TEST(SystemError, SortsErrnoIntoCodes) {
  const struct {
    int number;
    Errc code;
  } cases[] = {{EEXIST, Errc::already_exists}, {EACCES, Errc::not_permitted},
               {EPERM, Errc::not_permitted},   {ETIMEDOUT, Errc::timed_out},
               {EPIPE, Errc::hung_up},         {ECONNRESET, Errc::hung_up},
               {ENOMEM, Errc::exhausted},      {EMFILE, Errc::exhausted},
               {ENFILE, Errc::exhausted},      {ENOSPC, Errc::exhausted},
               {ENOBUFS, Errc::exhausted},     {ECONNREFUSED, Errc::unavailable}};
  for (const auto& [number, code] : cases) EXPECT_EQ(system_error("", number).code(), code);
}

TEST(SystemError, HasAWordForANumberThatMeansNothing) {
  EXPECT_EQ(system_error("trying", 123456).text(), "trying: unknown error");
}

}  // namespace
}  // namespace usher
