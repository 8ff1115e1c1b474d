// liboath's callback functions only: the others take the number of digits from the typed text and
// compare with strcmp. The callback always says "no match", so that no position ends the search;
// the match is remembered beside it.
#include "daemon/factors/oath.hpp"

#include <liboath/oath.h>

#include <cstdlib>
#include <cstring>

namespace usher::factors {
namespace {

struct Comparison {
  std::string_view typed;
  bool matched = false;
};

int compare(void* handle, const char* computed) {
  auto& comparison = *static_cast<Comparison*>(handle);
  if (constant_time_equal(comparison.typed, computed)) comparison.matched = true;
  return 1;
}

int flags_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::sha1:
      return 0;
    case Algorithm::sha256:
      return OATH_TOTP_HMAC_SHA256;
    case Algorithm::sha512:
      return OATH_TOTP_HMAC_SHA512;
  }
  return 0;
}

Result<bool> matches_step(const Secret& seed, const TotpParameters& parameters, std::int64_t step,
                          std::string_view code) {
  Comparison comparison{code};
  int position = 0;
  std::uint64_t counter = 0;
  const auto time = static_cast<time_t>(step * parameters.period);
  constexpr std::size_t kThisStepOnly = 0;
  const int answer = oath_totp_validate4_callback(
      seed.view().data(), seed.size(), time, parameters.period, OATH_TOTP_DEFAULT_START_TIME,
      parameters.digits, kThisStepOnly, &position, &counter, flags_of(parameters.algorithm),
      compare, &comparison);
  if (answer != OATH_INVALID_OTP) return Error(Errc::internal, oath_strerror(answer));
  return comparison.matched;
}

}  // namespace

Result<std::optional<std::int64_t>> matching_step(const Secret& seed,
                                                  const TotpParameters& parameters,
                                                  std::int64_t unix_time, std::string_view code) {
  if (seed.empty() || parameters.period == 0) return Error(Errc::damaged, "an empty TOTP seed");
  const std::int64_t now = unix_time / parameters.period;
  if (now < 1) return Error(Errc::invalid_input, "the clock stands before the first time steps");
  std::optional<std::int64_t> matched;
  for (const std::int64_t step : {now - 1, now, now + 1}) {
    if (TRY(matches_step(seed, parameters, step, code))) matched = step;
  }
  return matched;
}

Result<Secret> to_base32(const Secret& bytes) {
  char* text = nullptr;
  std::size_t length = 0;
  const int answer = oath_base32_encode(bytes.view().data(), bytes.size(), &text, &length);
  if (answer != OATH_OK) return Error(Errc::exhausted, oath_strerror(answer));
  std::size_t unpadded = length;
  while (unpadded > 0 && text[unpadded - 1] == '=') --unpadded;
  Result<Secret> copy = Secret::copy({text, unpadded});
  wipe(text, length);
  std::free(text);
  return copy;
}

}  // namespace usher::factors
