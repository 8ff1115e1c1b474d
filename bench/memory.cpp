// usherd idle: its resident memory after the start and the first publication, with more and more
// people in its store.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "bench/benchmark.hpp"
#include "bench/people.hpp"

namespace usher::bench {
namespace {

constexpr double kMostMegabytes = 30;

constexpr double kBytesAKib = 1024;

std::string published_file(const Room& room) {
  return room.state() + "/public/directory.cdb";
}

// Until the file is there, and what writing it took has been given back: no change for a second.
Result<double> settled_megabytes(const Room& room, const Daemon& daemon) {
  using std::chrono_literals::operator""ms;
  const Stopwatch stopwatch;
  std::int64_t last = 0;
  for (int still = 0; still < 10;) {
    if (stopwatch.milliseconds() > 60'000) return Error(Errc::timed_out, "nothing is published");
    std::this_thread::sleep_for(100ms);
    const std::int64_t now = TRY(daemon.status("VmRSS"));
    const bool there = std::filesystem::exists(published_file(room));
    still = there && now == last ? still + 1 : 0;
    last = now;
  }
  return static_cast<double>(last) * kBytesAKib / 1e6;
}

Result<Figure> memory_in(const Room& room, int people, Report& report) {
  std::error_code none_there;
  std::filesystem::remove(published_file(room), none_there);
  const Daemon daemon = TRY(Daemon::start(room, Program::shipped));
  const double megabytes = TRY(settled_megabytes(room, daemon));
  report.notes.push_back(
      fmt::format("memory: {} people, {:.1f} MB at most, while publishing", people,
                  static_cast<double>(TRY(daemon.status("VmHWM"))) * kBytesAKib / 1e6));
  Figure figure;
  figure.name = fmt::format("memory-{}", people);
  figure.unit = "MB";
  figure.ours = megabytes;
  figure.target = fmt::format("<= {} MB", kMostMegabytes);
  figure.met = megabytes <= kMostMegabytes;
  return figure;
}

Result<Figure> memory_with(int people, Report& report) {
  const Room room = TRY(Room::make());
  TRY(add_people(room, people));
  return memory_in(room, people, report);
}

}  // namespace

Result<Report> measure_memory(const Setting& setting) {
  Report report;
  report.figures.push_back(TRY(memory_with(0, report)));
  if (setting.effort == Effort::brief) return report;
  report.figures.push_back(TRY(memory_with(10'000, report)));
  report.figures.push_back(
      TRY(memory_in(*TRY(setting.full_room.get()), FullRoom::kPeople, report)));
  return report;
}

}  // namespace usher::bench
