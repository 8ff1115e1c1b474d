// usherd idle: its resident memory after the start, with more and more people in its store.
#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/people.hpp"

namespace usher::bench {
namespace {

constexpr double kMostMegabytes = 30;

Result<Figure> memory_in(const Room& room, int people) {
  const Daemon daemon = TRY(Daemon::start(room, Program::shipped));
  constexpr double kBytesAKib = 1024;
  const double megabytes = static_cast<double>(TRY(daemon.status("VmRSS"))) * kBytesAKib / 1e6;
  Figure figure;
  figure.name = fmt::format("memory-{}", people);
  figure.unit = "MB";
  figure.ours = megabytes;
  figure.target = fmt::format("<= {} MB", kMostMegabytes);
  figure.met = megabytes <= kMostMegabytes;
  return figure;
}

Result<Figure> memory_with(int people) {
  const Room room = TRY(Room::make());
  TRY(add_people(room, people));
  return memory_in(room, people);
}

}  // namespace

Result<Report> measure_memory(const Setting& setting) {
  Report report;
  report.figures.push_back(TRY(memory_with(0)));
  if (setting.effort == Effort::brief) return report;
  report.figures.push_back(TRY(memory_with(10'000)));
  report.figures.push_back(TRY(memory_in(*TRY(setting.full_room.get()), FullRoom::kPeople)));
  return report;
}

}  // namespace usher::bench
