// Lookups of names at 100,000 people: ours beside SSSD's memory cache over 1,000 and the bare
// cdb_find, each in a plain process (nss_timer), in one run. SSSD runs in a mount namespace of its
// own (sssd.sh), which needs root; without it, or without SSSD, its column stays empty.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "bench/benchmark.hpp"
#include "bench/daemon.hpp"
#include "bench/sample.hpp"
#include "daemon/directory/publisher.hpp"

namespace usher::bench {
namespace {

constexpr std::uint32_t kFirstUid = 1'879'048'192;
constexpr std::size_t kPeersPeople = 1'000;

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
Result<void> write_files(const Room& room, std::size_t people) {
  std::string passwd;
  std::string group;
  for (std::size_t i = 0; i < people; ++i) {
    const std::string name = name_of(i);
    passwd += fmt::format("{0}:x:{1}:{1}:Full Name:/home/{0}:/bin/bash\n", name, kFirstUid + i);
    group += fmt::format("{}:x:{}:\n", name, kFirstUid + i);
  }
  TRY(write_file(room.in("passwd"), passwd));
  return write_file(room.in("group"), group);
}

Result<Times> run_timer(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c): the command line is written here, from our own paths
  FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) return system_error("starting nss_timer");
  Times times;
  std::array<char, 128> line{};
  const bool read = std::fgets(line.data(), line.size(), pipe) != nullptr;
  const int status = ::pclose(pipe);
  if (!read || status != 0) return Error(Errc::unavailable, command).in("measuring with");
  // NOLINTNEXTLINE(cert-err34-c): our own program's output
  if (std::sscanf(line.data(), "%lf %lf", &times.p50, &times.p99) != 2) {
    return Error(Errc::invalid_input, "nss_timer prints something else");
  }
  return times;
}

std::string beside_us(const char* file) {
  std::array<char, 4096> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  if (length <= 0) return file;
  const std::string self(path.data(), static_cast<std::size_t>(length));
  return self.substr(0, self.rfind('/') + 1) + file;
}

class Runner {
 public:
  Runner(const Room& room, std::size_t people) : room_(room), people_(people) {}

  Result<Times> ours(const std::string& way) const {
    return run_timer(fmt::format("LD_LIBRARY_PATH={} USHER_TEST_DIRECTORY={} {} {} usher {}",
                                 beside_us("../tests/programs/nss"), file(), beside_us("nss_timer"),
                                 way, people_));
  }
  Result<Times> raw() const {
    return run_timer(fmt::format("{} raw {} {}", beside_us("nss_timer"), file(), people_));
  }
  Result<Times> sssd(const std::string& way) const {
    return run_timer(fmt::format(USHER_SOURCE_DIR "/bench/sssd.sh {} {} {} sss {}", room_.in(""),
                                 beside_us("nss_timer"), way, kPeersPeople));
  }
  std::string file() const { return room_.in("directory.cdb"); }

 private:
  const Room& room_;
  std::size_t people_;
};

Figure figure_of(std::string name, const Times& ours, const Result<Times>& peer, std::string target,
                 double least_ratio) {
  Figure figure;
  figure.name = std::move(name);
  figure.unit = "us";
  figure.ours = ours.p50 / 1000;
  figure.target = std::move(target);
  if (peer) {
    figure.peer = "SSSD's memory cache";
    figure.peer_value = peer->p50 / 1000;
    figure.ratio = peer->p50 / ours.p50;
    figure.met = *figure.ratio >= least_ratio;
  }
  return figure;
}

Result<Times> median_first(const Runner& runner, int repetitions) {
  Sample sample;
  for (int i = 0; i < repetitions; ++i) sample.add(TRY(runner.ours("first")).p50);
  return Times{sample.median(), 0};
}

}  // namespace

Result<Report> measure_nss(const Setting& setting) {
  const bool brief = setting.effort == Effort::brief;
  const std::size_t people = brief ? 1'000 : 100'000;
  const Room room = TRY(Room::make());
  const Runner runner(room, people);
  TRY(publish_people(people, runner.file()));
  TRY(write_files(room, kPeersPeople));

  Report report;
  const Result<Times> sssd_names = brief ? Error(Errc::unavailable, "brief") : runner.sssd("names");
  const Result<Times> sssd_first = brief ? Error(Errc::unavailable, "brief") : runner.sssd("first");
  const Result<Times> sssd_unknown =
      brief ? Error(Errc::unavailable, "brief") : runner.sssd("unknown");
  const Times names = TRY(runner.ours("names"));
  const Times random = TRY(runner.ours("random"));
  report.figures.push_back(
      figure_of("getpwnam", names, sssd_names, ">= 2.5 times SSSD's cache", 2.5));
  report.figures.push_back(
      figure_of("getpwnam-random", random, sssd_names, "ahead of SSSD's 1,000 names", 1));
  report.figures.push_back(figure_of("getpwnam-first", TRY(median_first(runner, brief ? 1 : 21)),
                                     sssd_first, "ahead of SSSD's, cached", 1));
  const Times unknown = TRY(runner.ours("unknown"));
  report.figures.push_back(
      figure_of("getpwnam-unknown", unknown, sssd_unknown, "<= a known name", 0));
  report.figures.back().met = unknown.p50 <= names.p50;
  const Times groups = TRY(runner.ours("groups"));
  report.figures.push_back(
      figure_of("initgroups-1000", groups, Error(Errc::unavailable, ""), "<= 50 us", 0));
  report.figures.back().met = groups.p50 <= 50'000;
  const Times raw = TRY(runner.raw());
  report.notes.push_back(fmt::format("nss: {} people; cdb_find alone {:.3f} us, p99 {:.3f}", people,
                                     raw.p50 / 1000, raw.p99 / 1000));
  report.notes.push_back(fmt::format("nss: p99 of getpwnam {:.3f} us, at random {:.3f} us",
                                     names.p99 / 1000, random.p99 / 1000));
  if (!brief && !sssd_names) {
    report.notes.push_back(fmt::format("nss: no peer: {}", sssd_names.error().text()));
  }
  return report;
}

}  // namespace usher::bench
