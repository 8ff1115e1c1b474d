// Times lookups of one NSS service from a plain process, for bench/nss.cpp: nanoseconds, the
// clock's own time taken off. It prints "p50 p99".
// usage: nss_timer names|random|unknown|groups|first SERVICE PEOPLE [LOOKUPS], or
// nss_timer raw FILE PEOPLE
#include <cdb.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLookups = 100'000;

std::string person(std::size_t number) {
  std::array<char, 32> name;
  (void)std::snprintf(name.data(), name.size(), "person%06zu", number);
  return name.data();
}

std::int64_t nanoseconds(const std::function<void()>& action) {
  const Clock::time_point begin = Clock::now();
  action();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
}

void print(std::vector<std::int64_t> times) {
  std::vector<std::int64_t> empty;
  for (int i = 0; i < 10'001; ++i) empty.push_back(nanoseconds([] {}));
  std::sort(empty.begin(), empty.end());
  std::sort(times.begin(), times.end());
  const std::int64_t own = empty[empty.size() / 2];
  std::printf("%lld %lld\n", static_cast<long long>(times[times.size() / 2] - own),
              static_cast<long long>(times[times.size() * 99 / 100] - own));
}

bool look_up(const std::string& name) {
  std::array<char, 2048> buffer;
  passwd found{};
  passwd* there = nullptr;
  return ::getpwnam_r(name.c_str(), &found, buffer.data(), buffer.size(), &there) == 0 &&
         there != nullptr;
}

// Each name once to warm up, then in turn; false when one is not as expected.
bool time_names(const std::vector<std::string>& names, bool known, int lookups) {
  for (const std::string& name : names) {
    if (look_up(name) != known) return false;
  }
  std::vector<std::int64_t> times;
  bool right = true;
  for (int i = 0; i < lookups; ++i) {
    const std::string& name = names[static_cast<std::size_t>(i) % names.size()];
    times.push_back(nanoseconds([&] { right = look_up(name) == known && right; }));
  }
  print(times);
  return right;
}

// All over the directory, a thousand of them, or as few as are looked up.
std::vector<std::string> names_in_turn(std::size_t people, int lookups) {
  const std::size_t count = std::min(std::size_t{1000}, static_cast<std::size_t>(lookups));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(person(i * (people / count)));
  return names;
}

std::vector<std::string> names_at_random(std::size_t people) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < people; ++i) names.push_back(person(i));
  std::mt19937 order(1);  // NOLINT(cert-msc51-cpp): the same order in every run
  std::shuffle(names.begin(), names.end(), order);
  return names;
}

bool time_groups() {
  std::vector<gid_t> groups(2000);
  std::vector<std::int64_t> times;
  bool right = true;
  for (int i = 0; i < 1000; ++i) {
    int count = static_cast<int>(groups.size());
    times.push_back(nanoseconds([&] {
      right = ::getgrouplist(person(0).c_str(), 100, groups.data(), &count) >= 1000 && right;
    }));
  }
  print(times);
  return right;
}

bool time_raw(const char* path, std::size_t people) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  cdb file{};
  if (fd < 0 || ::cdb_init(&file, fd) != 0) return false;
  std::vector<std::string> names = names_in_turn(people, kLookups);
  for (std::string& name : names) name.insert(0, 1, 'u');
  std::vector<std::int64_t> times;
  bool right = true;
  for (int i = 0; i < kLookups; ++i) {
    const std::string& name = names[static_cast<std::size_t>(i) % names.size()];
    times.push_back(nanoseconds([&] {
      right = ::cdb_find(&file, name.data(), static_cast<unsigned>(name.size())) > 0 && right;
    }));
  }
  print(times);
  return right;
}

bool time_service(const std::string& way, const char* service, std::size_t people, int lookups) {
  for (const char* database : {"passwd", "group", "initgroups"}) {
    (void)::__nss_configure_lookup(database, service);
  }
  if (way == "names") return time_names(names_in_turn(people, lookups), true, lookups);
  if (way == "random") return time_names(names_at_random(people), true, lookups);
  if (way == "groups") return time_groups();
  if (way == "unknown") {
    std::vector<std::string> names;
    for (int i = 0; i < std::min(lookups, 1000); ++i) {
      names.push_back("stranger" + std::to_string(i));
    }
    return time_names(names, false, std::min(lookups, 20'000));
  }
  // first: the module is loaded, the file is not open.
  const std::string module = std::string("libnss_") + service + ".so.2";
  if (::dlopen(module.c_str(), RTLD_NOW) == nullptr) return false;
  const std::string name = person(0);  // whom sssd.sh has asked for: the peer has it cached
  bool right = false;
  print({nanoseconds([&] { right = look_up(name); })});
  return right;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) return 2;
  const std::string way = argv[1];
  const std::size_t people = std::strtoul(argv[3], nullptr, 10);
  // NOLINTNEXTLINE(cert-err34-c): our own benchmark's number
  const int lookups = argc == 5 ? std::atoi(argv[4]) : kLookups;
  if (people < 1000 || lookups < 1) return 2;
  const bool measured =
      way == "raw" ? time_raw(argv[2], people) : time_service(way, argv[2], people, lookups);
  return measured ? 0 : 1;
}
