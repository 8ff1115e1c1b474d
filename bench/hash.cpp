// Password hashes through the daemon's hasher beside libsodium called bare: one at a time, and as
// many at once as eight sign-ins ask for.
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

#include "bench/benchmark.hpp"
#include "bench/sample.hpp"
#include "daemon/hasher.hpp"

namespace usher::bench {
namespace {

constexpr std::string_view kPassword = "violet tandem harbour";
constexpr int kThreads = 8;
constexpr double kMostOverhead = 1.02;
constexpr double kLeastShare = 0.95;

struct Hashes {
  daemon::Hasher& hasher;
  Secret password;
  std::string phc;

  bool ours() const {
    const auto matches = hasher.verify(password, phc, daemon::Origin::unknown_host);
    return matches.has_value() && *matches;
  }
  bool bare() const {
    return crypto_pwhash_str_verify(phc.c_str(), kPassword.data(), kPassword.size()) == 0;
  }
};

Result<double> timed(const std::function<bool()>& hash) {
  const Stopwatch stopwatch;
  if (!hash()) return Error(Errc::internal, "a hash does not verify");
  return stopwatch.milliseconds();
}

// In turns, each first as often as the other, so that other work on the machine meets both.
Result<Figure> one_at_a_time(const Hashes& hashes, int repetitions) {
  Sample ours;
  Sample bare;
  for (int i = 0; i < repetitions; ++i) {
    const bool ours_first = i % 2 == 0;
    if (ours_first) ours.add(TRY(timed([&] { return hashes.ours(); })));
    bare.add(TRY(timed([&] { return hashes.bare(); })));
    if (!ours_first) ours.add(TRY(timed([&] { return hashes.ours(); })));
  }
  const double ratio = ours.median() / bare.median();
  return Figure{"hash",
                "ms",
                ours.median(),
                "libsodium",
                bare.median(),
                ratio,
                fmt::format("<= {} x peer", kMostOverhead),
                ratio <= kMostOverhead};
}

// Hashes a second, `threads` taking them from one heap until it is empty.
Result<double> rate(int threads, int hashes, const std::function<bool()>& hash) {
  std::atomic<int> left{hashes};
  std::atomic<bool> failed{false};
  const Stopwatch stopwatch;
  {
    std::vector<std::jthread> workers;
    workers.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) {
      workers.emplace_back([&] {
        while (left-- > 0) {
          if (!hash()) failed = true;
        }
      });
    }
  }
  if (failed) return Error(Errc::internal, "a hash does not verify");
  return hashes / stopwatch.milliseconds() * 1000;
}

Result<Figure> many_at_once(const Hashes& hashes, int cores, int rounds, int a_round) {
  Sample ours;
  Sample bare;
  for (int i = 0; i < rounds; ++i) {
    ours.add(TRY(rate(kThreads, a_round, [&] { return hashes.ours(); })));
    bare.add(TRY(rate(cores, a_round, [&] { return hashes.bare(); })));
  }
  const double ratio = ours.median() / bare.median();
  return Figure{"hash-concurrent",
                "hashes/s",
                ours.median(),
                fmt::format("libsodium, {} threads", cores),
                bare.median(),
                ratio,
                fmt::format(">= {} x peer, {} threads", kLeastShare, kThreads),
                ratio >= kLeastShare};
}

}  // namespace

Result<Report> measure_hash(const Setting& setting) {
  const bool brief = setting.effort == Effort::brief;
  TRY(crypto::initialise());
  crypto::SodiumEntropy entropy;
  const crypto::HashCost cost = brief ? kCheapHash : crypto::HashCost{};
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const auto hasher = TRY(daemon::Hasher::create(cost, cores, entropy));
  Secret password = TRY(Secret::copy(kPassword));
  std::string phc = TRY(hasher->hash(password, daemon::Origin::unknown_host));
  const Hashes hashes{*hasher, std::move(password), std::move(phc)};

  Report report;
  report.figures.push_back(TRY(one_at_a_time(hashes, brief ? 4 : 120)));
  report.figures.push_back(
      TRY(many_at_once(hashes, static_cast<int>(cores), brief ? 1 : 5, brief ? 16 : 48)));
  return report;
}

}  // namespace usher::bench
