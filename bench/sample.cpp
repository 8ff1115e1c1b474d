// Order statistics over a copy; samples are small.
#include "bench/sample.hpp"

#include <algorithm>
#include <cmath>

namespace usher::bench {

double Sample::quantile(double share) const {
  if (values_.empty()) return 0;
  std::vector<double> sorted = values_;
  std::sort(sorted.begin(), sorted.end());
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

Result<double> time_of_hash(crypto::HashCost cost, int repetitions) {
  TRY(crypto::initialise());
  const Secret password = TRY(Secret::copy("violet tandem harbour"));
  const std::string phc = TRY(crypto::hash_password(password, cost));
  Sample sample;
  for (int i = 0; i < repetitions; ++i) {
    const Stopwatch stopwatch;
    if (!TRY(crypto::verify_password(password, phc))) {
      return Error(Errc::internal, "a hash does not verify");
    }
    sample.add(stopwatch.milliseconds());
  }
  return sample.median();
}

}  // namespace usher::bench
