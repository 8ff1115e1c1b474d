// Processes by posix_spawn, waits by looking again until a deadline, files by rename.
#include "tests/system/host.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/unique_fd.hpp"

namespace usher::test {
namespace {

using protocol::Answer;
using protocol::AnswerKind;
using protocol::LoginClient;
using protocol::Operation;
using protocol::Reply;
using protocol::StepKind;

constexpr int kPatienceSeconds = 30;

void pause_briefly() {
  (void)::poll(nullptr, 0, 5);
}

int status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

// Reads from `input`; both output streams go to `file`. -1 when the program could not be started.
pid_t spawn(std::vector<std::string> command, const std::vector<std::string>& more,
            const std::string& file, const std::string& input = "/dev/null") {
  std::vector<std::string> environment = more;
  for (char** entry = ::environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, file.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = -1;
  const int failed = ::posix_spawnp(&child, command[0].c_str(), &actions, nullptr,
                                    pointers(command).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? child : -1;
}

int wait_for(pid_t child) {
  int wait_status = 0;
  while (::waitpid(child, &wait_status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status_of(wait_status);
}

std::string make_directory() {
  std::string name = std::filesystem::temp_directory_path() / "usher-test.XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  return name;
}

}  // namespace

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string look_into_proc(pid_t process) {
  const std::string room = "/proc/" + std::to_string(process);
  return slurp(room + "/cmdline") + slurp(room + "/environ");
}

Output run(const std::vector<std::string>& command, const std::vector<std::string>& more,
           std::string_view input) {
  const std::string directory = make_directory();
  std::ofstream(directory + "/input") << input;
  const pid_t child = spawn(command, more, directory + "/output", directory + "/input");
  Output output;
  int wait_status = 0;
  while (child > 0 && ::waitpid(child, &wait_status, WNOHANG) == 0) {
    if (std::string seen = look_into_proc(child); !seen.empty()) output.in_proc = std::move(seen);
    (void)::poll(nullptr, 0, 1);
  }
  if (child > 0) output.status = status_of(wait_status);
  output.text = slurp(directory + "/output");
  std::filesystem::remove_all(directory);
  return output;
}

Host::Host(std::string_view configuration) : directory_(make_directory()) {
  std::filesystem::create_directory(path("state"));
  std::ofstream toml(path("usher.toml"));
  toml << "[store]\ndirectory = \"" << path("state") << "\"\n[sockets]\nlogin = \""
       << login_socket() << "\"\nadmin = \"" << path("admin.sock") << "\"\nreaper = \""
       << path("reaper.sock") << "\"\n";
  // Only where there is mail somebody may come for it.
  if (configuration.find("[mail]") != std::string_view::npos) {
    toml << "courier = \"" << path("courier.sock") << "\"\n";
  }
  toml << configuration;
  toml.close();
  set_clock(clock_);
}

Host::~Host() {
  kill_now();
  if (::testing::Test::HasFailure()) std::fputs(log().c_str(), stderr);
  std::filesystem::remove_all(directory_);
}

void Host::set_clock(std::int64_t seconds) {
  clock_ = seconds;
  std::ofstream(path("clock.new")) << seconds << '\n';
  std::filesystem::rename(path("clock.new"), path("clock"));
}

bool Host::start(const std::vector<std::string>& environment) {
  const std::size_t known = log().size();
  std::vector<std::string> more = environment;
  more.push_back("USHER_TEST_CLOCK=" + path("clock"));
  pid_ =
      spawn({USHER_SHIPPED_DIR "/tests/programs/usherd_for_tests", "--config", path("usher.toml")},
            more, path("usherd.log"));
  const auto deadline = protocol::Deadline::after(std::chrono::seconds(kPatienceSeconds));
  while (is_running() && !deadline.passed()) {
    if (log().find(">ready\n", known) != std::string::npos) return true;
    pause_briefly();
  }
  return false;
}

bool Host::is_running() {
  siginfo_t info{};
  // WNOWAIT: the end is still there for wait().
  return pid_ > 0 &&
         ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

int Host::wait() {
  const int status = pid_ > 0 ? wait_for(pid_) : -1;
  pid_ = -1;
  return status;
}

void Host::stop() {
  ASSERT_GT(pid_, 0);
  ::kill(pid_, SIGTERM);
  EXPECT_EQ(wait(), 0);
}

void Host::kill_now() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  (void)wait();
}

Output Host::usherctl(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(),
                   {USHER_SHIPPED_DIR "/ctl/usherctl", "--socket", path("admin.sock")});
  return run(arguments);
}

std::string Host::look_into_store(const std::string& sql) const {
  // A copy: reading a store with a log beside it changes files.
  const std::string copy = path("copy");
  std::filesystem::remove_all(copy);
  std::filesystem::copy(path("state"), copy);
  const Output seen = run({"sqlite3", copy + "/usher.db", sql});
  EXPECT_EQ(seen.status, 0) << seen.text;
  return seen.text.substr(0, seen.text.find_last_not_of('\n') + 1);
}

void Host::save_state(const std::string& name) const {
  std::filesystem::copy(path("state"), path(name));
}

void Host::bring_back_state(const std::string& name) const {
  std::filesystem::remove_all(path("state"));
  std::filesystem::copy(path(name), path("state"));
}

Talk talk(const std::string& socket, Operation operation, const Answers& answers,
          const Caller& caller) {
  Talk seen;
  auto client = LoginClient::connect({socket, Uid{::geteuid()}});
  if (!client) return seen;
  protocol::Begin begin;
  begin.operation = operation;
  begin.user = caller.user;
  begin.service = caller.service;
  begin.tty = caller.tty;
  begin.rhost = caller.rhost;
  Result<Reply> reply = client->begin_login(begin);
  while (reply && reply->step) {
    const protocol::Step& step = *reply->step;
    const bool asks = step.kind == StepKind::ask_hidden || step.kind == StepKind::ask_shown;
    if (!asks) {
      seen.told.append(step.text).append("\n");
      reply = client->continue_login({AnswerKind::told, {}});
      continue;
    }
    seen.last_question = step.text;
    const std::optional<std::string> answer = answers(step.text, seen.told);
    if (!answer) return seen;
    reply = client->continue_login({AnswerKind::given, *answer});
  }
  if (reply && reply->verdict) {
    seen.outcome = reply->verdict->outcome;
    seen.told.append(reply->verdict->text);
  }
  return seen;
}

Talk talk(const std::string& socket, Operation operation, const std::vector<std::string>& answers,
          const Caller& caller) {
  std::size_t next = 0;
  return talk(
      socket, operation,
      [&](std::string_view, const std::string&) -> std::optional<std::string> {
        if (next == answers.size()) return std::nullopt;
        return answers[next++];
      },
      caller);
}

std::string app_code(const std::string& key, std::int64_t seconds) {
  const Output shown =
      run({"oathtool", "--totp", "--base32", "--now", "@" + std::to_string(seconds), key});
  EXPECT_EQ(shown.status, 0) << shown.text;
  return shown.text.substr(0, 6);
}

std::string key_in(std::string_view text) {
  constexpr std::string_view kBefore = "into it: ";
  const std::size_t start = text.find(kBefore);
  if (start == std::string_view::npos) return "";
  const std::string_view rest = text.substr(start + kBefore.size());
  std::string key(rest.substr(0, rest.find('\n')));
  std::erase(key, ' ');
  return key;
}

std::vector<std::string> recovery_codes_in(const std::string& text) {
  static const std::regex line("  ([0-9a-f]{4}(-[0-9a-f]{4}){3})\n");
  std::vector<std::string> codes;
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at) {
    codes.push_back((*at)[1]);
  }
  return codes;
}

Ada add_ada(const Host& host) {
  const Output added = host.usherctl({"user", "add", "ada", "--display-name", "Ada Lovelace"});
  EXPECT_EQ(added.status, 0) << added.text;
  constexpr std::string_view kBefore = "One-time code:  ";
  const std::size_t start = added.text.find(kBefore);
  return {start == std::string::npos ? "" : added.text.substr(start + kBefore.size(), 14), "", {}};
}

void first_sign_in(const Host& host, Ada& ada) {
  const Talk seen =
      talk(host.login_socket(), Operation::authenticate,
           [&](std::string_view question, const std::string& told) -> std::optional<std::string> {
             if (question.starts_with("Password")) return ada.one_time_code;
             if (question.starts_with("New password")) return kPassword;
             if (!question.starts_with("Code")) return "";  // Enter will do
             ada.key = key_in(told);
             return app_code(ada.key, host.clock() - 30);
           });
  ASSERT_TRUE(seen.accepted()) << seen.told;
  ada.recovery_codes = recovery_codes_in(seen.told);
}

Talk sign_in(const Host& host, const std::string& code, const std::string& password) {
  return talk(host.login_socket(), Operation::authenticate, {password, code, ""});
}

}  // namespace usher::test
