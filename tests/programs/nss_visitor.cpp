// A plain program that looks names up, through glibc or by loading the module itself, in the ways
// that hurt modules: tests/nss_module runs it. Exit code 0: it found what it looked for.
// usage: nss_visitor WAY NAME   (LD_LIBRARY_PATH and USHER_TEST_DIRECTORY name module and file)
#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <gshadow.h>
#include <limits.h>
#include <nss.h>
#include <pthread.h>
#include <pwd.h>
#include <shadow.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace {

constexpr const char* kModule = "libnss_usher.so.2";

using GetByName = nss_status (*)(const char*, passwd*, char*, size_t, int*);

bool ask_glibc(const char* name) {
  std::array<char, 2048> buffer;
  passwd person{};
  passwd* found = nullptr;
  if (::getpwnam_r(name, &person, buffer.data(), buffer.size(), &found) != 0) return false;
  if (found == nullptr || std::strcmp(found->pw_name, name) != 0) return false;
  const uid_t uid = found->pw_uid;
  if (::getpwuid_r(uid, &person, buffer.data(), buffer.size(), &found) != 0) return false;
  if (found == nullptr || found->pw_uid != uid) return false;
  std::array<gid_t, 64> groups{};
  int count = static_cast<int>(groups.size());
  if (::getgrouplist(name, person.pw_gid, groups.data(), &count) < 0 || count < 2) return false;
  group team{};
  group* there = nullptr;
  if (::getgrgid_r(groups[1], &team, buffer.data(), buffer.size(), &there) != 0) return false;
  if (there == nullptr) return false;
  if (::getpwnam_r("nobody-of-this-name", &person, buffer.data(), buffer.size(), &found) != 0) {
    return false;
  }
  return found == nullptr;
}

void ask_usher_only() {
  for (const char* database : {"passwd", "group", "initgroups"}) {
    (void)::__nss_configure_lookup(database, "usher");
  }
}

int through_glibc(const char* name) {
  ask_usher_only();
  return ask_glibc(name) ? 0 : 1;
}

// What strace sees between the two marks is what a warm lookup costs in system calls.
int warm(const char* name) {
  ask_usher_only();
  if (!ask_glibc(name) || !ask_glibc(name)) return 1;
  bool all = true;
  (void)!::write(-1, "mark", 4);
  for (int i = 0; i < 1000; ++i) all = ask_glibc(name) && all;
  (void)!::write(-1, "mark", 4);
  return all ? 0 : 1;
}

// Where somebody puts usher before the service that knows: it has nothing to say, and the next is
// asked.
int other_databases(const char*) {
  for (const char* database : {"shadow", "gshadow"}) {
    (void)::__nss_configure_lookup(database, "usher files");
  }
  std::array<char, 8192> buffer;
  spwd shadow{};
  spwd* found_shadow = nullptr;
  (void)::getspnam_r("root", &shadow, buffer.data(), buffer.size(), &found_shadow);
  sgrp group{};
  sgrp* found_group = nullptr;
  (void)::getsgnam_r("root", &group, buffer.data(), buffer.size(), &found_group);
  const bool all = found_shadow != nullptr && found_group != nullptr;
  return all && ::dlopen(kModule, RTLD_NOW | RTLD_NOLOAD) != nullptr ? 0 : 1;
}

bool ask_module(const char* name) {
  void* module = ::dlopen(kModule, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return false;
  const auto get = reinterpret_cast<GetByName>(::dlsym(module, "_nss_usher_getpwnam_r"));
  std::array<char, 512> buffer;
  passwd person{};
  int error = 0;
  const bool found = get != nullptr &&
                     get(name, &person, buffer.data(), buffer.size(), &error) == NSS_STATUS_SUCCESS;
  return ::dlclose(module) == 0 && found;
}

int lines_of_maps_with(const char* text) {
  std::FILE* maps = std::fopen("/proc/self/maps", "re");
  if (maps == nullptr) return -1;
  int lines = 0;
  std::array<char, 4096> line;
  while (std::fgets(line.data(), line.size(), maps) != nullptr) {
    if (std::strstr(line.data(), text) != nullptr) ++lines;
  }
  (void)std::fclose(maps);
  return lines;
}

int open_and_close(const char* name) {
  const int lowest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  (void)::close(lowest);
  for (int i = 0; i < 10'000; ++i) {
    if (!ask_module(name)) return 1;
  }
  const int lowest_after = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (lowest_after != lowest) return 2;
  return lines_of_maps_with("directory.cdb") == 1 ? 0 : 3;
}

// The module's own functions on the smallest stack there is; glibc's may need more.
int small_stack(const char* name) {
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) != 0) return 2;
  if (::pthread_attr_setstacksize(&attributes, static_cast<size_t>(PTHREAD_STACK_MIN)) != 0) {
    return 2;
  }
  void* module = ::dlopen(kModule, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return 2;
  struct Errand {
    GetByName get;
    const char* name;
    bool found;
  } errand{reinterpret_cast<GetByName>(::dlsym(module, "_nss_usher_getpwnam_r")), name, false};
  const auto run = [](void* given) -> void* {
    auto* own = static_cast<Errand*>(given);
    std::array<char, 512> buffer;
    passwd person{};
    int error = 0;
    // Cold and warm: the first opens and maps the file.
    for (int i = 0; i < 2; ++i) {
      own->found =
          own->get(own->name, &person, buffer.data(), buffer.size(), &error) == NSS_STATUS_SUCCESS;
    }
    return nullptr;
  };
  pthread_t thread;
  if (errand.get == nullptr || ::pthread_create(&thread, &attributes, run, &errand) != 0) return 2;
  (void)::pthread_join(thread, nullptr);
  return errand.found ? 0 : 1;
}

int as_nobody(const char* name) {
  if (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0) return 2;
  return through_glibc(name);
}

struct Way {
  const char* word;
  int (*go)(const char* name);
};
constexpr Way kWays[] = {
    {"glibc", through_glibc},     {"warm", warm},        {"open-and-close", open_and_close},
    {"small-stack", small_stack}, {"nobody", as_nobody}, {"other-databases", other_databases},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  for (const Way& way : kWays) {
    if (std::strcmp(way.word, argv[1]) == 0) return way.go(argv[2]);
  }
  return 64;
}
