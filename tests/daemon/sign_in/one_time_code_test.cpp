// One-time codes: how they are made, read as people type them, and issued.
#include "daemon/sign_in/one_time_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "daemon/crypto/sodium.hpp"
#include "daemon/store/store.hpp"

namespace usher::sign_in {
namespace {

using namespace std::chrono_literals;

// Bytes that count upwards: each value once in 256.
class CountingEntropy final : public ports::Entropy {
 public:
  void fill(std::span<char> bytes) override {
    for (char& byte : bytes) byte = static_cast<char>(next_++);
  }

 private:
  unsigned char next_ = 0;
};

std::string canonical_of(std::string_view typed) {
  auto code = parse_code(typed);
  if (!code || !code->has_value()) return "none";
  return std::string((*code)->text.view());
}

TEST(OneTimeCode, HasTwelveCharactersWhoseFirstFourAreTheHandle) {
  CountingEntropy entropy;
  auto code = make_code(entropy);
  ASSERT_TRUE(code);
  EXPECT_EQ(code->text.view(), "0123456789AB");
  EXPECT_EQ(code->handle, "0123");
}

TEST(OneTimeCode, DrawsEveryCharacterEquallyOften) {
  CountingEntropy entropy;
  std::map<char, int> seen;
  // 64 codes of 12 are 768 bytes: every byte value three times.
  for (int i = 0; i < 64; ++i) {
    auto code = make_code(entropy);
    ASSERT_TRUE(code);
    for (const char c : code->text.view()) ++seen[c];
  }
  EXPECT_EQ(seen.size(), 32U);
  for (const auto& [character, times] : seen) EXPECT_EQ(times, 24) << character;
  for (const char confusable : {'I', 'L', 'O', 'U'}) EXPECT_EQ(seen.count(confusable), 0U);
}

TEST(OneTimeCode, IsShownInThreeGroups) {
  CountingEntropy entropy;
  auto code = make_code(entropy);
  ASSERT_TRUE(code);
  auto text = shown(*code);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->view(), "0123-4567-89AB");
}

TEST(OneTimeCode, ReadsBackWhatItShows) {
  crypto::SodiumEntropy entropy;
  for (int i = 0; i < 100; ++i) {
    auto code = make_code(entropy);
    ASSERT_TRUE(code);
    auto text = shown(*code);
    ASSERT_TRUE(text);
    auto read = parse_code(text->view());
    ASSERT_TRUE(read && read->has_value());
    EXPECT_TRUE((*read)->text.equals(code->text));
    EXPECT_EQ((*read)->handle, code->handle);
  }
}

struct Typed {
  const char* text;
  const char* canonical;
};

TEST(OneTimeCode, IsReadAsPeopleTypeIt) {
  const Typed cases[] = {
      {"7K3M-9QPD-XW2R", "7K3M9QPDXW2R"},    {"7k3m9qpdxw2r", "7K3M9QPDXW2R"},
      {" 7k3m 9qpd\txw2r ", "7K3M9QPDXW2R"}, {"7-K-3-M-9-Q-P-D-X-W-2-R-", "7K3M9QPDXW2R"},
      {"oOiIlL000000", "001111000000"},      {"ZZZZ-ZZZZ-ZZZZ", "ZZZZZZZZZZZZ"},
  };
  for (const Typed& typed : cases) EXPECT_EQ(canonical_of(typed.text), typed.canonical);
}

TEST(OneTimeCode, RefusesWhatIsNoCode) {
  const std::string_view cases[] = {
      "",
      "7K3M-9QPD-XW2",
      "7K3M-9QPD-XW2RR",
      "7K3M-9QPD-XW2U",
      "7K3M-9QPD-XW2u",
      "7K3M_9QPD_XW2R",
      "7K3M-9QPD-XW2\n",
      "correct horse battery staple",
      "\xC3\xA9K3M9QPDXW2",
      std::string_view("7K3M9QPDXW2\0", 12),
  };
  for (const std::string_view typed : cases) EXPECT_EQ(canonical_of(typed), "none") << typed;
}

class IssuedCodeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::initialise());
    auto opened = store::Database::open(":memory:", store::Access::read_write);
    ASSERT_TRUE(opened);
    database_.emplace(opened.release_value());
    ASSERT_TRUE(store::migrate(*database_));
    auto added = store::add_person(
        *database_, store::NewPerson{UserName::parse("ada").release_value(), "Ada", {}},
        "00112233445566778899aabbccddeeff", kNow);
    ASSERT_TRUE(added);
    ada_.emplace(added.release_value());
    auto key = crypto::LockedKey::copy(std::string(crypto::kKeyBytes, 'k'));
    ASSERT_TRUE(key);
    auto sealer = crypto::Sealer::from_master(*key);
    ASSERT_TRUE(sealer);
    sealer_.emplace(sealer.release_value());
  }

  IssuedCode issue() {
    return issue_first_sign_in_code(*database_, *ada_, *sealer_, entropy_, kNow).release_value();
  }

  static constexpr ports::Instant kNow{1'700'000'000'000ms};
  std::optional<store::Database> database_;
  std::optional<store::PersonRecord> ada_;
  std::optional<crypto::Sealer> sealer_;
  crypto::SodiumEntropy entropy_;
};

TEST_F(IssuedCodeTest, IsFoundByItsHandleAndMatchesItsDigest) {
  const IssuedCode issued = issue();
  EXPECT_EQ(issued.expires_at, kNow + 72h);
  auto found = store::find_code(*database_, ada_->id, issued.code.handle, kNow);
  ASSERT_TRUE(found && found->has_value());
  EXPECT_EQ((*found)->purpose, "first-sign-in");
  EXPECT_TRUE(constant_time_equal((*found)->digest,
                                  digest_of(*sealer_, kFirstSignIn, ada_->id, issued.code)));
  // Nothing of the secret part stands in the row.
  EXPECT_EQ((*found)->digest.find(issued.code.text.view().substr(kHandleLength)),
            std::string::npos);
}

TEST_F(IssuedCodeTest, IsGoneAfter72Hours) {
  const IssuedCode issued = issue();
  auto last = store::find_code(*database_, ada_->id, issued.code.handle, kNow + 72h - 1ms);
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->has_value());
  auto late = store::find_code(*database_, ada_->id, issued.code.handle, kNow + 72h + 1ms);
  ASSERT_TRUE(late);
  EXPECT_FALSE(late->has_value());
}

TEST_F(IssuedCodeTest, VoidsTheOneBefore) {
  const IssuedCode first = issue();
  const IssuedCode second = issue();
  auto old = store::find_code(*database_, ada_->id, first.code.handle, kNow);
  ASSERT_TRUE(old);
  // Two random handles may be the same; then the row is the second code's.
  EXPECT_EQ(old->has_value(), first.code.handle == second.code.handle);
  auto fresh = store::find_code(*database_, ada_->id, second.code.handle, kNow);
  ASSERT_TRUE(fresh);
  EXPECT_TRUE(fresh->has_value());
}

TEST_F(IssuedCodeTest, DrawsAgainWhenAnotherPurposeHasItsHandle) {
  CountingEntropy counting;  // the first code's handle is 0123, the second's CDEF
  store::CodeRecord other;
  other.handle = "0123";
  other.purpose = "reset";
  other.digest = std::string(32, 'd');
  other.epoch = ada_->epoch;
  other.expires_at = kNow + 1h;
  ASSERT_TRUE(store::put_code(*database_, ada_->id, other));
  auto issued = issue_first_sign_in_code(*database_, *ada_, *sealer_, counting, kNow);
  ASSERT_TRUE(issued);
  EXPECT_EQ(issued->code.handle, "CDEF");
}

// Entropy that says the same for ever must not be asked for ever.
TEST_F(IssuedCodeTest, GivesUpWhereEveryHandleDrawnIsTaken) {
  class StuckEntropy final : public ports::Entropy {
   public:
    void fill(std::span<char> bytes) override { std::fill(bytes.begin(), bytes.end(), '\0'); }
  } stuck;
  store::CodeRecord other;
  other.handle = "0000";
  other.purpose = "reset";
  other.digest = std::string(32, 'd');
  other.epoch = ada_->epoch;
  other.expires_at = kNow + 1h;
  ASSERT_TRUE(store::put_code(*database_, ada_->id, other));
  const auto issued = issue_first_sign_in_code(*database_, *ada_, *sealer_, stuck, kNow);
  ASSERT_FALSE(issued.has_value());
  EXPECT_EQ(issued.error().code(), Errc::internal);
}

TEST_F(IssuedCodeTest, DiesWithItsEpoch) {
  const IssuedCode issued = issue();
  ASSERT_TRUE(store::raise_epoch(*database_, ada_->id));
  auto found = store::find_code(*database_, ada_->id, issued.code.handle, kNow);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
}

TEST_F(IssuedCodeTest, HasADigestOfItsOwnForEveryPerson) {
  const IssuedCode issued = issue();
  EXPECT_NE(digest_of(*sealer_, kFirstSignIn, ada_->id, issued.code),
            digest_of(*sealer_, kFirstSignIn, store::PersonId{999}, issued.code));
}

}  // namespace
}  // namespace usher::sign_in
