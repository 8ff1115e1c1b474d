// TOTP against RFC 6238's own table, and against oathtool for seeds nobody chose.
#include "daemon/factors/oath.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/fakes/run_program.hpp"

namespace usher::factors {
namespace {

Secret secret_of(std::string_view text) {
  return Secret::copy(text).release_value();
}

// The seeds of RFC 6238 appendix B: the ten digits, repeated up to the hash's length.
Secret rfc_seed(Algorithm algorithm) {
  constexpr std::string_view kDigits =
      "1234567890123456789012345678901234567890123456789012345678901234";
  const std::size_t sizes[] = {20, 32, 64};
  return secret_of(kDigits.substr(0, sizes[static_cast<std::size_t>(algorithm)]));
}

std::optional<std::int64_t> step_of(const Secret& seed, const TotpParameters& parameters,
                                    std::int64_t time, std::string_view code) {
  const auto step = matching_step(seed, parameters, time, code);
  EXPECT_TRUE(step.has_value()) << step.error().text();
  return step.has_value() ? *step : std::nullopt;
}

struct Vector {
  std::int64_t time;
  const char* codes[3];  // SHA-1, SHA-256, SHA-512
};
constexpr Vector kRfc6238[] = {
    {59, {"94287082", "46119246", "90693936"}},
    {1111111109, {"07081804", "68084774", "25091201"}},
    {1111111111, {"14050471", "67062674", "99943326"}},
    {1234567890, {"89005924", "91819424", "93441116"}},
    {2000000000, {"69279037", "90698825", "38618901"}},
    {20000000000, {"65353130", "77737706", "47863826"}},
};
constexpr Algorithm kAlgorithms[] = {Algorithm::sha1, Algorithm::sha256, Algorithm::sha512};

TEST(Totp, P8_TakesTheCodesOfRfc6238) {
  for (const Vector& vector : kRfc6238) {
    for (const Algorithm algorithm : kAlgorithms) {
      const TotpParameters parameters{algorithm, 8, 30};
      const char* code = vector.codes[static_cast<std::size_t>(algorithm)];
      EXPECT_EQ(step_of(rfc_seed(algorithm), parameters, vector.time, code), vector.time / 30)
          << vector.time << ' ' << code;
    }
  }
}

TEST(Totp, RefusesTheCodeOfAnotherAlgorithm) {
  for (const Vector& vector : kRfc6238) {
    for (const Algorithm algorithm : kAlgorithms) {
      const auto other = (static_cast<std::size_t>(algorithm) + 1) % 3;
      EXPECT_EQ(step_of(rfc_seed(algorithm), {algorithm, 8, 30}, vector.time, vector.codes[other]),
                std::nullopt);
    }
  }
}

TEST(Totp, P9_TakesOneStepEachSideAndNoMore) {
  const Secret seed = rfc_seed(Algorithm::sha1);
  const TotpParameters parameters{Algorithm::sha1, 8, 30};
  constexpr std::int64_t kStep = 1111111111 / 30;
  constexpr std::int64_t kFirst = kStep * 30;
  constexpr std::string_view kCode = "14050471";
  EXPECT_EQ(step_of(seed, parameters, kFirst - 31, kCode), std::nullopt);
  EXPECT_EQ(step_of(seed, parameters, kFirst - 30, kCode), kStep);
  EXPECT_EQ(step_of(seed, parameters, kFirst, kCode), kStep);
  EXPECT_EQ(step_of(seed, parameters, kFirst + 29, kCode), kStep);
  EXPECT_EQ(step_of(seed, parameters, kFirst + 59, kCode), kStep);
  EXPECT_EQ(step_of(seed, parameters, kFirst + 60, kCode), std::nullopt);
}

TEST(Totp, TakesOnlyCodesOfTheFixedLength) {
  const Secret seed = rfc_seed(Algorithm::sha1);
  const TotpParameters eight{Algorithm::sha1, 8, 30};
  const TotpParameters six{Algorithm::sha1, 6, 30};
  for (const std::string_view code : {"", "9", "942870", "287082", "9428708", "942870820",
                                      "94287082 ", " 94287082", "94287082\n", "9428708x"}) {
    EXPECT_EQ(step_of(seed, eight, 59, code), std::nullopt) << code;
  }
  EXPECT_EQ(step_of(seed, six, 59, "287082"), 1);
  EXPECT_EQ(step_of(seed, six, 59, "94287082"), std::nullopt);
  EXPECT_EQ(step_of(seed, six, 59, "942870"), std::nullopt);
  EXPECT_EQ(step_of(seed, six, 59, std::string_view("287082\0", 7)), std::nullopt);
}

TEST(Totp, RefusesAClockBeforeTheFirstSteps) {
  const Secret seed = rfc_seed(Algorithm::sha1);
  for (const std::int64_t time : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{29}}) {
    const auto step = matching_step(seed, {}, time, "000000");
    ASSERT_FALSE(step.has_value()) << time;
    EXPECT_EQ(step.error().code(), Errc::invalid_input);
  }
  EXPECT_TRUE(matching_step(seed, {}, 30, "000000").has_value());
}

TEST(Totp, CannotDecideWithoutASeedOrAPeriod) {
  EXPECT_FALSE(matching_step(Secret(), {}, 59, "287082").has_value());
  EXPECT_FALSE(matching_step(rfc_seed(Algorithm::sha1), {Algorithm::sha1, 6, 0}, 59, "287082"));
}

std::string hex_of(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

// The code oathtool has for that moment; empty when it cannot be run.
std::string code_by_oathtool(const Secret& seed, const TotpParameters& parameters,
                             std::int64_t time) {
  const char* names[] = {"SHA1", "SHA256", "SHA512"};
  const fakes::Ran ran = fakes::run_program(
      fmt::format("oathtool --totp={} --digits={} --time-step-size={}s --now=@{} {}",
                  names[static_cast<std::size_t>(parameters.algorithm)], parameters.digits,
                  parameters.period, time, hex_of(seed.view())));
  return ran.status == 0 ? ran.output.substr(0, ran.output.find('\n')) : "";
}

TEST(Totp, P8_AgreesWithOathtoolForRandomSeeds) {
  std::mt19937_64 random(6238);  // NOLINT(cert-msc51-cpp): a failure must come back
  for (int round = 0; round < 200; ++round) {
    std::string bytes;
    for (std::size_t size = 16 + random() % 49; size > 0; --size) {
      bytes.push_back(static_cast<char>(random() & 0xFF));
    }
    const Secret seed = secret_of(bytes);
    const TotpParameters parameters{kAlgorithms[random() % 3],
                                    6 + static_cast<unsigned>(random() % 3),
                                    random() % 2 == 0 ? 30U : 60U};
    const auto time = static_cast<std::int64_t>(120 + random() % 4'000'000'000);
    const std::string code = code_by_oathtool(seed, parameters, time);
    ASSERT_EQ(code.size(), parameters.digits) << "is oathtool there?";
    const auto step = step_of(seed, parameters, time, code);
    ASSERT_TRUE(step.has_value()) << hex_of(bytes) << ' ' << time << ' ' << code;
    // A code may stand twice in three steps; the later one is then as right.
    EXPECT_GE(*step, time / parameters.period);
  }
}

TEST(Base32, EncodesTheVectorsOfRfc4648WithoutPadding) {
  const struct {
    const char* bytes;
    const char* text;
  } cases[] = {{"f", "MY"},         {"fo", "MZXQ"},        {"foo", "MZXW6"},
               {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(to_base32(secret_of(bytes))->view(), text);
  }
}

TEST(Base32, TakesEveryByte) {
  EXPECT_EQ(to_base32(secret_of(std::string(20, '\0')))->view(), std::string(32, 'A'));
  EXPECT_EQ(to_base32(secret_of(std::string(20, '\xFF')))->view(), std::string(32, '7'));
}

}  // namespace
}  // namespace usher::factors
