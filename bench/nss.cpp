// Lookups of names at 100,000 people: ours beside SSSD's memory cache over 1,000, beside glibc's
// files at as many people, and the bare cdb_find, each in a plain process (nss_timer), ours and the
// peer by turns. SSSD and the passwd file live in mount namespaces of their own (sssd.sh,
// files.sh), which need root; without it, or without SSSD, a peer's column stays empty.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <vector>

#include "bench/benchmark.hpp"
#include "bench/daemon.hpp"
#include "bench/sample.hpp"
#include "daemon/directory/publisher.hpp"

namespace usher::bench {
namespace {

constexpr std::uint32_t kFirstUid = 1'879'048'192;
// SSSD's backend reads all files before it answers anything. With 10,000 people its NSS responder
// gives up waiting after some seconds, is started anew, and in the end SSSD stops.
constexpr std::size_t kPeersPeople = 1'000;
// glibc reads the whole file for most names.
constexpr int kLookupsOfFiles = 100;

struct Times {
  double p50 = 0;
  double p99 = 0;
};

std::string name_of(std::size_t number) {
  return fmt::format("person{:06}", number);
}

// Everybody with a group of their own and an alias; the first person in a thousand more groups.
Result<void> publish_people(std::size_t people, const std::string& file) {
  const auto fill = [&](directory::Edition& edition) -> Result<void> {
    for (std::size_t i = 0; i < people; ++i) {
      const std::string name = name_of(i);
      const std::string home = "/home/" + name;
      const auto id = static_cast<std::uint32_t>(kFirstUid + i);
      const auto number = edition.add_person({.name = name,
                                              .uid = id,
                                              .gid = id,
                                              .gecos = "Full Name",
                                              .home = home,
                                              .shell = "/bin/bash",
                                              .suspended = false},
                                             directory::OwnGroup::published);
      if (!number) return Error(Errc::internal, edition.left_out().first);
      edition.add_alias(*number, name + "@example.org");
    }
    const std::string first = name_of(0);
    for (std::uint32_t i = 0; i < 1000; ++i) {
      edition.add_group(fmt::format("team{}", i), 100'000 + i, {&first, 1});
    }
    return {};
  };
  TRY(directory::publish(file, directory::Enumeration::off, fill));
  return {};
}

// The peer reads the same people from files as glibc knows them.
Result<void> write_files(const std::string& folder, std::size_t people) {
  std::string passwd;
  std::string group;
  for (std::size_t i = 0; i < people; ++i) {
    const std::string name = name_of(i);
    passwd += fmt::format("{0}:x:{1}:{1}:Full Name:/home/{0}:/bin/bash\n", name, kFirstUid + i);
    group += fmt::format("{}:x:{}:\n", name, kFirstUid + i);
  }
  if (::mkdir(folder.c_str(), 0700) != 0) return system_error("making " + folder);
  TRY(write_file(folder + "/passwd", passwd));
  return write_file(folder + "/group", group);
}

// What a run of nss_timer says, a line each.
Result<std::vector<Times>> run_timers(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c): the command line is written here, from our own paths
  FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) return system_error("starting nss_timer");
  std::vector<Times> all;
  std::array<char, 128> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    Times times;
    // NOLINTNEXTLINE(cert-err34-c): our own program's output
    if (std::sscanf(line.data(), "%lf %lf", &times.p50, &times.p99) == 2) all.push_back(times);
  }
  if (::pclose(pipe) != 0 || all.empty()) {
    return Error(Errc::unavailable, command).in("measuring with");
  }
  return all;
}

// Each figure's own median, of every `step`th line from `first` on.
Times median_of(const std::vector<Times>& all, std::size_t first, std::size_t step) {
  Sample p50;
  Sample p99;
  for (std::size_t i = first; i < all.size(); i += step) {
    p50.add(all[i].p50);
    p99.add(all[i].p99);
  }
  return {p50.median(), p99.median()};
}

std::string beside_us(const char* file) {
  std::array<char, 4096> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  if (length <= 0) return file;
  const std::string self(path.data(), static_cast<std::size_t>(length));
  return self.substr(0, self.rfind('/') + 1) + file;
}

// Ours and a peer's, measured by turns, so that whatever else the machine does meets both.
struct Pair {
  Times ours;
  Result<Times> peer;
};

class Runner {
 public:
  Runner(const Room& room, std::size_t people) : room_(room), people_(people) {}

  Result<Times> alone(std::string_view way, int times) const {
    return median_of(TRY(run_timers(repeated(ours(way), times))), 0, 1);
  }
  Result<Times> raw() const {
    return median_of(TRY(run_timers(fmt::format("{} raw {} {}", timer(), file(), people_))), 0, 1);
  }
  Result<Pair> beside_sssd(std::string_view way, std::string_view peers_way, int times) const {
    const std::string theirs = fmt::format("{} {} sss {}", timer(), peers_way, kPeersPeople);
    return beside("sssd.sh", peers_files(), way, theirs, times);
  }
  Result<Pair> beside_files(std::string_view way, int times) const {
    const std::string theirs =
        fmt::format("{} {} files {} {}", timer(), way, people_, kLookupsOfFiles);
    return beside("files.sh", all_files(), way, theirs, times);
  }
  std::string file() const { return room_.in("directory.cdb"); }
  std::string peers_files() const { return room_.in("peers"); }
  std::string all_files() const { return room_.in("files"); }

 private:
  static std::string timer() { return beside_us("nss_timer"); }
  std::string ours(std::string_view way) const {
    return fmt::format("LD_LIBRARY_PATH={} USHER_TEST_DIRECTORY={} {} {} usher {}",
                       beside_us("../tests/programs/nss"), file(), timer(), way, people_);
  }
  static std::string repeated(const std::string& commands, int times) {
    return fmt::format("set -e; for i in $(seq {}); do {}; done", times, commands);
  }
  // Without the peer ours is measured all the same.
  Result<Pair> beside(const char* script, const std::string& files, std::string_view way,
                      const std::string& theirs, int times) const {
    const Result<std::vector<Times>> both =
        run_timers(fmt::format(USHER_SOURCE_DIR "/bench/{} {} sh -c '{}'", script, files,
                               repeated(ours(way) + "; " + theirs, times)));
    if (!both) return Pair{TRY(alone(way, times)), both.error()};
    return Pair{median_of(*both, 0, 2), median_of(*both, 1, 2)};
  }

  const Room& room_;
  std::size_t people_;
};

Figure figure_of(std::string name, const Times& ours, std::string target) {
  Figure figure;
  figure.name = std::move(name);
  figure.unit = "us";
  figure.ours = ours.p50 / 1000;
  figure.target = std::move(target);
  return figure;
}

struct Row {
  const char* name;
  const char* way;
  const char* peers_way;  // null: glibc's files, asked the same way
  int times;
  const char* target;
  double least_ratio;
};

constexpr Row kRows[] = {
    {"getpwnam", "names", "names", 5, ">= 2.5 times SSSD's cache", 2.5},
    {"getpwnam-random", "random", "names", 5, "ahead of SSSD's 1,000 names", 1},
    {"getpwnam-first", "first", "first", 41, "ahead of SSSD's, cached", 1},
    {"getpwnam-unknown", "unknown", "unknown", 3, "<= a known name", 0},
    {"getpwnam-files", "names", nullptr, 1, "ahead of files", 1},
    {"unknown-files", "unknown", nullptr, 1, "ahead of files", 1},
};

Result<Pair> measure(const Runner& runner, const Row& row, Effort effort) {
  if (effort == Effort::brief) {
    return Pair{TRY(runner.alone(row.way, 1)), Error(Errc::unavailable, "brief")};
  }
  return row.peers_way != nullptr ? runner.beside_sssd(row.way, row.peers_way, row.times)
                                  : runner.beside_files(row.way, row.times);
}

Figure compared(const Row& row, const Pair& pair) {
  Figure figure = figure_of(row.name, pair.ours, row.target);
  if (pair.peer) {
    figure.peer = row.peers_way != nullptr ? "SSSD's memory cache" : "files, as many people";
    figure.peer_value = pair.peer->p50 / 1000;
    figure.ratio = pair.peer->p50 / pair.ours.p50;
    figure.met = *figure.ratio >= row.least_ratio;
  }
  return figure;
}

}  // namespace

Result<Report> measure_nss(const Setting& setting) {
  const bool brief = setting.effort == Effort::brief;
  const std::size_t people = brief ? 1'000 : 100'000;
  const Room room = TRY(Room::make());
  const Runner runner(room, people);
  TRY(publish_people(people, runner.file()));
  TRY(write_files(runner.peers_files(), kPeersPeople));
  TRY(write_files(runner.all_files(), people));

  Report report;
  Times known;
  for (const Row& row : kRows) {
    const Pair pair = TRY(measure(runner, row, setting.effort));
    if (report.figures.empty()) known = pair.ours;
    report.figures.push_back(compared(row, pair));
    // Of an unknown name the target is our own known one.
    if (row.least_ratio == 0) report.figures.back().met = pair.ours.p50 <= known.p50;
    report.notes.push_back(fmt::format("nss: {}: p99 {:.3f} us{}", row.name, pair.ours.p99 / 1000,
                                       pair.peer || brief ? "" : "; no peer"));
  }
  const Times groups = TRY(runner.alone("groups", 1));
  report.figures.push_back(figure_of("initgroups-1000", groups, "<= 50 us"));
  report.figures.back().met = groups.p50 <= 50'000;
  const Times raw = TRY(runner.raw());
  report.notes.push_back(
      fmt::format("nss: {} people; SSSD has {}; cdb_find alone {:.3f} us, p99 {:.3f}", people,
                  kPeersPeople, raw.p50 / 1000, raw.p99 / 1000));
  return report;
}

}  // namespace usher::bench
