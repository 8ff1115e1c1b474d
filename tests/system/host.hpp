// A host for one test: a private directory, the shipped test daemon in it with a clock that the
// test sets, and Ada. Everything is gone when the Host is; a process that lives too long is killed.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/login_client.hpp"

namespace usher::test {

struct Output {
  int status = -1;      // exit status, or 128 and the signal
  std::string text;     // stdout and stderr
  std::string in_proc;  // its command line and environment, as everybody's ps last saw them
};
// Runs a program to its end with `input` on stdin; the environment is ours and `more`.
Output run(const std::vector<std::string>& command, const std::vector<std::string>& more = {},
           std::string_view input = "");

std::string slurp(const std::string& path);
std::string look_into_proc(pid_t process);

class Host {
 public:
  // `configuration` is added to usher.toml.
  explicit Host(std::string_view configuration = "");
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const std::string& directory() const { return directory_; }
  std::string path(std::string_view name) const { return directory_ + "/" + std::string(name); }
  std::string login_socket() const { return path("login.sock"); }
  std::string log() const { return slurp(path("usherd.log")); }

  // Whole seconds; replaced by rename, so that no reader meets half a number.
  void set_clock(std::int64_t seconds);
  void advance(std::int64_t seconds) { set_clock(clock_ + seconds); }
  std::int64_t clock() const { return clock_; }

  // False when the daemon ended before it was ready. Its log is appended to usherd.log.
  bool start(const std::vector<std::string>& environment = {});
  void stop();      // SIGTERM; expects a clean end
  void kill_now();  // SIGKILL
  int wait();       // the daemon's end, as in Output::status
  bool is_running();
  pid_t pid() const { return pid_; }

  Output usherctl(std::vector<std::string> arguments) const;
  // What sqlite3, an independent program, reads in a copy of the store.
  std::string look_into_store(const std::string& sql) const;
  // The state directory, put aside and brought back; only while no daemon runs.
  void save_state(const std::string& name) const;
  void bring_back_state(const std::string& name) const;

 private:
  std::string directory_;
  std::int64_t clock_ = 1'800'000'000;
  pid_t pid_ = -1;
};

// --- Ada, at the console of that host

inline constexpr const char* kPassword = "violet tandem harbour";

// Answers a question, knowing what was told so far; none hangs up.
using Answers =
    std::function<std::optional<std::string>(std::string_view question, const std::string& told)>;

struct Talk {
  std::optional<protocol::Outcome> outcome;  // none: no verdict came
  std::string told;                          // every text that was no question
  std::string last_question;
  bool accepted() const { return outcome == protocol::Outcome::accept; }
};

struct Caller {
  std::string user = "ada";
  std::string service = "usher-test";
  std::string tty = "tty1";
  std::string rhost = "";
};
Talk talk(const std::string& socket, protocol::Operation operation, const Answers& answers,
          const Caller& caller = {});
// Through one socket to the end, with the answers in order; when they are used up it hangs up.
Talk talk(const std::string& socket, protocol::Operation operation,
          const std::vector<std::string>& answers, const Caller& caller = {});

// The code an app with this key shows then; oathtool, an independent program.
std::string app_code(const std::string& key, std::int64_t seconds);
// The key in the text of an enrolment; "" when there is none.
std::string key_in(std::string_view text);
// The recovery codes in it, as they are shown.
std::vector<std::string> recovery_codes_in(const std::string& text);

struct Ada {
  std::string one_time_code;
  std::string key;
  std::vector<std::string> recovery_codes;
};
Ada add_ada(const Host& host);
// The whole first sign-in, with the code of the step before; learns key and recovery codes. Fails
// the test unless it is accepted.
void first_sign_in(const Host& host, Ada& ada);
// Password and a code, once.
Talk sign_in(const Host& host, const std::string& code, const std::string& password = kPassword);

}  // namespace usher::test
