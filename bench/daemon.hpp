// A daemon of the benchmark's own: a private directory with its store, sockets, clock and PAM
// services, and the program itself as a child that dies with us. Nothing outside it is touched.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "bench/sample.hpp"

namespace usher::bench {

// A private directory under $TMPDIR or /tmp, removed at the end. Commits are as slow as its disk.
class Room {
 public:
  static Result<Room> make();
  Room(Room&& other) noexcept;
  Room& operator=(Room&&) = delete;
  ~Room();

  std::string in(std::string_view name) const { return path_ + "/" + std::string(name); }
  std::string state() const { return in("state"); }
  std::string login_socket() const { return in("login.sock"); }
  std::string pam_directory() const { return in("pam.d"); }

  // Whole seconds since the epoch, read by usherd_for_tests.
  Result<void> set_clock(std::int64_t seconds) const;

 private:
  explicit Room(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// Opens, replaces or makes a small file.
Result<void> write_file(const std::string& path, std::string_view text);

enum class Program : std::uint8_t {
  shipped,                // usherd: real hashes, the real clock
  cheap_hashes,           // usherd_for_tests
  cheap_hashes_own_clock  // the same, reading the room's clock
};

class Daemon {
 public:
  // Starts it and returns at its first hello. `more` is added to usher.toml.
  static Result<Daemon> start(const Room& room, Program program, std::string_view more = "");
  Daemon(Daemon&& other) noexcept;
  Daemon& operator=(Daemon&&) = delete;
  ~Daemon();

  // From the fork to the answered hello.
  double milliseconds_to_ready() const { return milliseconds_to_ready_; }
  // A field of /proc/PID/status: KiB, or a count.
  Result<std::int64_t> status(std::string_view field) const;

  // A memory cgroup the daemons are put in: the directory $USHER_BENCH_CGROUP names. None by
  // default: a benchmark moves nothing about the machine by itself.
  static bool has_cgroup();
  Result<std::optional<std::int64_t>> cgroup_kib() const;

 private:
  explicit Daemon(pid_t pid) : pid_(pid) {}
  Result<void> wait_until_ready(const Room& room, const Stopwatch& stopwatch);

  pid_t pid_;
  double milliseconds_to_ready_ = 0;
};

// Descriptors for thousands of connections; what the daemon inherits too.
Result<void> allow_descriptors(std::uint64_t count);

}  // namespace usher::bench
