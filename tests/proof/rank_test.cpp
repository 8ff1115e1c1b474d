// One body for both proofs; rank_test.hpp says what for.
#include "tests/proof/rank_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace usher::test {

int samples = 300;

double median(Milliseconds values) {
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

double standard_score(const Milliseconds& one, const Milliseconds& other) {
  double smaller = 0;
  for (const double a : one) {
    for (const double b : other) smaller += a < b ? 1 : a == b ? 0.5 : 0;
  }
  const auto m = static_cast<double>(one.size());
  const auto n = static_cast<double>(other.size());
  return (smaller - m * n / 2) / std::sqrt(m * n * (m + n + 1) / 12);
}

double compare(const char* what, const Milliseconds& one, const Milliseconds& other) {
  const double score = standard_score(one, other);
  std::printf("  %-18s median %7.3f ms   z %+7.2f   p %.3g\n", what, median(one), score,
              std::erfc(std::abs(score) / std::sqrt(2.0)));
  return score;
}

Caller from_afar(const char* name) {
  return {.user = name, .service = "sshd", .tty = "ssh", .rhost = "203.0.113.66"};
}

std::string next_guess() {
  static int number = 0;
  return "guess " + std::to_string(++number);
}

void add_with_password(const Host& host, const std::string& name) {
  const Output added = host.usherctl({"user", "add", name});
  ASSERT_EQ(added.status, 0) << added.text;
  const std::size_t at = added.text.find("One-time code:  ");
  ASSERT_NE(at, std::string::npos) << added.text;
  const Talk seen = talk(host.login_socket(), protocol::Operation::authenticate,
                         {added.text.substr(at + 16, 14), kPassword, kPassword}, {.user = name});
  ASSERT_TRUE(seen.accepted()) << name << seen.told;
}

}  // namespace usher::test
