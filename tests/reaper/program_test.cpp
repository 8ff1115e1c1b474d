// The built program on a connection of its own, as systemd starts it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <fstream>
#include <iterator>

#include "tests/reaper/named_socket.hpp"

namespace usher::reaper {
namespace {

using namespace std::chrono_literals;
using protocol::Deadline;
using protocol::varlink::Connection;

struct Ran {
  int status = -1;
  std::string answer;  // without its NUL; empty: none
  std::string log;
};

// Runs it to its end on a call that was sent already.
Ran run(NamedSocket& socket, std::string_view call) {
  Ran ran;
  EXPECT_EQ(::send(socket.caller.get(), call.data(), call.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(call.size()));
  const std::string log = socket.directory / "log";
  std::string program = USHER_REAPER;
  char* arguments[] = {program.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, socket.served.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT,
                                     0600);
  pid_t pid = 0;
  EXPECT_EQ(::posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments, environ), 0);
  ::posix_spawn_file_actions_destroy(&actions);
  socket.served.reset();
  Connection connection(socket.caller.get(), protocol::varlink::kMaxFrame);
  const auto frame = connection.receive(Deadline::after(30s));
  if (frame && frame->has_value()) ran.answer = (*frame)->view();
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  ran.status = WEXITSTATUS(status);
  std::ifstream file(log);
  ran.log.assign(std::istreambuf_iterator<char>(file), {});
  return ran;
}

std::string call_about(std::string_view uid) {
  return R"({"method":"io.usher.Reaper.EndSessions","parameters":{"which":"all","uid":)" +
         std::string(uid) + "}}" + '\0';
}

TEST(ReaperProgram, AnswersAndEnds) {
  NamedSocket socket;
  const Ran ran = run(socket, call_about("0"));
  EXPECT_EQ(
      ran.answer,
      R"({"error":"io.usher.Reaper.NotOurs","parameters":{"text":"the uid is out of Usher's range"}})");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.log, "<4>uid=0: the uid is out of Usher's range\n");
}

TEST(ReaperProgram, AnswersNothingToAMalformedCall) {
  NamedSocket socket;
  const Ran ran = run(socket, std::string_view("nonsense", 9));
  EXPECT_EQ(ran.answer, "");
  EXPECT_EQ(ran.status, 1);
}

TEST(ReaperProgram, ReadsNothingOfWhoMayNotCall) {
  if (::geteuid() != 0) GTEST_SKIP() << "connects under other uids";
  for (const std::uint32_t peer : {1000U, 65534U}) {
    NamedSocket socket(Uid{peer});
    ASSERT_EQ(::chown(socket.path.c_str(), 990, 0), 0);
    const Ran ran = run(socket, call_about("0"));
    EXPECT_EQ(ran.answer, "");
    EXPECT_EQ(ran.status, 1);
    EXPECT_EQ(ran.log, "<4>uid " + std::to_string(peer) + " may not call\n");
  }
  NamedSocket socket(Uid{990});
  ASSERT_EQ(::chown(socket.path.c_str(), 990, 0), 0);
  EXPECT_NE(run(socket, call_about("0")).answer, "");
}

}  // namespace
}  // namespace usher::reaper
