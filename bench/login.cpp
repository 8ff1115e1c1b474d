// Sign-ins through PAM: an empty stack, ours with a password, ours with password and TOTP, in
// turns. Two daemons with cheap hashes, whose own time is taken off: what is left is what Usher
// adds.
#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/people.hpp"
#include "bench/sample.hpp"
#include "bench/sign_in.hpp"

namespace usher::bench {
namespace {

constexpr std::int64_t kStartOfTime = 1'700'000'010;  // the clock of usherd_for_tests; mid-step
constexpr std::int64_t kStep = 30;
constexpr std::string_view kKeyIsBehind = "into it: ";

// ada's first sign-in: enrols a factor, and remembers its key as her app would.
Result<App> enrol(const Room& room) {
  Typist typist;
  Result<App> app = Error(Errc::not_found, "no key was shown");
  typist.answer = [&](std::string_view prompt) {
    if (prompt.starts_with("Password")) return std::string(kPassword);
    if (!prompt.starts_with("Code")) return std::string();  // Enter will do
    const std::size_t start = typist.told.find(kKeyIsBehind);
    if (start == std::string::npos) return std::string();
    const std::size_t first = start + kKeyIsBehind.size();
    app = App::with_key(typist.told.substr(first, typist.told.find('\n', first) - first));
    const auto code = app.has_value() ? app->code(kStartOfTime) : app.error();
    return code.has_value() ? *code : std::string();
  };
  TRY(time_sign_in(room, "login", "ada", typist));
  return app;
}

Result<double> time_totp_sign_in(const Room& room, const App& app, std::int64_t now) {
  // Before the clock starts: neither computing a code nor setting the time is ours.
  TRY(room.set_clock(now));
  const std::string code = TRY(app.code(now));
  Typist typist{[&](std::string_view prompt) {
    return prompt.starts_with("Code") ? code : std::string(kPassword);
  }};
  return time_sign_in(room, "login", "ada", typist);
}

Result<double> time_empty_stack(const Room& room) {
  Typist nobody{[](std::string_view) { return std::string(); }};
  return time_sign_in(room, "empty", "ada", nobody);
}

Figure figure(const char* name, double ours, double peer, double allowance) {
  return {name,
          "ms",
          ours,
          "pam_permit",
          peer,
          ours / peer,
          fmt::format("<= peer + {:.1f} ms", allowance),
          ours <= peer + allowance};
}

}  // namespace

Result<Report> measure_login(const Setting& setting) {
  const int repetitions = setting.effort == Effort::brief ? 5 : 600;
  const Room password_room = TRY(Room::make());
  const Room totp_room = TRY(Room::make());
  TRY(add_person(password_room, "ada", kCheapHash));
  TRY(add_person(totp_room, "ada", kCheapHash));
  TRY(totp_room.set_clock(kStartOfTime));
  const Daemon password_daemon =
      TRY(Daemon::start(password_room, Program::cheap_hashes, "[mfa]\nrequired = false\n"));
  const Daemon totp_daemon = TRY(Daemon::start(totp_room, Program::cheap_hashes_own_clock));
  const App app = TRY(enrol(totp_room));

  const double hash = TRY(time_of_hash(kCheapHash, repetitions));
  Sample empty;
  Sample password;
  Sample totp;
  for (int i = 1; i <= repetitions; ++i) {
    empty.add(TRY(time_empty_stack(password_room)));
    password.add(TRY(time_password_sign_in(password_room, "ada")));
    totp.add(TRY(time_totp_sign_in(totp_room, app, kStartOfTime + i * kStep)));
  }
  const double peer = empty.median();
  Report report;
  report.figures.push_back(figure("login-password", password.median() - hash, peer, 1.0));
  report.figures.push_back(figure("login-totp", totp.median() - hash, peer, 2.0));
  report.notes.push_back(fmt::format(
      "login: p50 of {} each, the cheap hash's {:.3f} ms taken off; p99: empty {:.2f} ms, password "
      "{:.2f} ms, totp {:.2f} ms",
      repetitions, hash, empty.quantile(0.99), password.quantile(0.99), totp.quantile(0.99)));
  return report;
}

}  // namespace usher::bench
