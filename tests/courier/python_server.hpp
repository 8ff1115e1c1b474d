// A real server beside the test, in Python, with certificates of its own: it reads an order a line,
// in JSON, and answers each with a line.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "base/unique_fd.hpp"
#include "protocol/varlink_json.hpp"
#include "tests/fakes/run_program.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::courier {

using protocol::varlink::Json;

class PythonServer {
 public:
  // A file of tests/courier; what it is given is the directory of its certificates.
  explicit PythonServer(const std::string& script) {
    if (fakes::run_program(folder() + "certificates.sh " + directory_.path()).status != 0) {
      std::abort();
    }
    start(script);
  }
  PythonServer(const PythonServer&) = delete;
  PythonServer& operator=(const PythonServer&) = delete;
  ~PythonServer() {
    (void)std::fclose(from_);
    (void)::kill(pid_, SIGKILL);
    (void)::waitpid(pid_, nullptr, 0);
  }

  std::string line() {
    char* bytes = nullptr;
    std::size_t room = 0;
    const ssize_t size = ::getline(&bytes, &room, from_);
    if (size <= 0) std::abort();  // it ended: its complaint is on standard error
    std::string text(bytes, static_cast<std::size_t>(size));
    std::free(bytes);
    return text;
  }
  Json ask(const Json& order) {
    const std::string text = order.dump() + "\n";
    if (::write(to_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      std::abort();
    }
    return Json::parse(line());
  }
  std::string ca_file() const { return directory_ / "ca.crt"; }

 private:
  static std::string folder() { return USHER_SOURCE_DIR "/tests/courier/"; }
  void start(const std::string& script) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) std::abort();
    const UniqueFd its_in(in[0]), its_out(out[1]);
    to_.reset(in[1]);
    from_ = ::fdopen(out[0], "r");
    std::string words[] = {"/usr/bin/python3", folder() + script, directory_.path()};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, its_in.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, its_out.get(), STDOUT_FILENO);
    if (::posix_spawn(&pid_, words[0].c_str(), &actions, nullptr, arguments, environ) != 0)
      std::abort();
    ::posix_spawn_file_actions_destroy(&actions);
  }

  fakes::TemporaryDirectory directory_;
  pid_t pid_ = 0;
  UniqueFd to_;
  FILE* from_ = nullptr;
};

}  // namespace usher::courier
