// From fork and exec of usherd to its first answered hello, with a full store: the page cache is
// warm, the integrity check of the whole store is part of it.
#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/people.hpp"
#include "bench/sample.hpp"

namespace usher::bench {
namespace {

constexpr double kMostMilliseconds = 100;

Result<Sample> starts(const Room& room, int repetitions) {
  Sample sample;
  for (int i = 0; i < repetitions; ++i) {
    const Daemon daemon = TRY(Daemon::start(room, Program::shipped));
    sample.add(daemon.milliseconds_to_ready());
  }
  return sample;
}

Result<Sample> brief_start() {
  const Room room = TRY(Room::make());
  TRY(add_people(room, 100));
  return starts(room, 1);
}

}  // namespace

Result<Report> measure_start(const Setting& setting) {
  const bool brief = setting.effort == Effort::brief;
  const Sample sample = brief ? TRY(brief_start()) : TRY(starts(*TRY(setting.full_room.get()), 9));
  const double hash = TRY(time_of_hash({}, brief ? 1 : 21));
  const double allowed = kMostMilliseconds * hash / kAnchorHashMilliseconds;
  Figure figure;
  figure.name = "start";
  figure.unit = "ms";
  figure.ours = sample.median();
  figure.target = fmt::format("<= {:.0f} ms ({:.0f} at a 15 ms hash)", allowed, kMostMilliseconds);
  figure.met = figure.ours <= allowed;
  Report report;
  report.figures.push_back(figure);
  report.notes.push_back(fmt::format("start: this run's hash takes {:.1f} ms", hash));
  return report;
}

}  // namespace usher::bench
