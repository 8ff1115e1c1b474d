// Timing and order statistics. Times are milliseconds.
#pragma once

#include <chrono>
#include <vector>

#include "daemon/crypto/sodium.hpp"

namespace usher::bench {

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(Time::now() - started_).count();
  }

 private:
  using Time = std::chrono::steady_clock;
  Time::time_point started_ = Time::now();
};

class Sample {
 public:
  void add(double value) { values_.push_back(value); }
  double median() const { return quantile(0.5); }
  // The smallest value that at least this share of the values do not exceed.
  double quantile(double share) const;

 private:
  std::vector<double> values_;
};

// The median time of one password check at this cost, measured here and now.
Result<double> time_of_hash(crypto::HashCost cost, int repetitions);

// Absolute times without a peer hold on a machine whose hash takes 15 ms; elsewhere they are
// stretched by this run's hash time over that.
inline constexpr double kAnchorHashMilliseconds = 15;

// As cheap as libsodium allows; what usherd_for_tests uses.
inline constexpr crypto::HashCost kCheapHash{1, 8};

}  // namespace usher::bench
