// A real mail server beside the test, with certificates of its own: mail_server.py says what it
// does.
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

class MailServer {
 public:
  MailServer() {
    const std::string folder = USHER_SOURCE_DIR "/tests/courier/";
    if (fakes::run_program(folder + "certificates.sh " + directory_.path()).status != 0) {
      std::abort();
    }
    start(folder + "mail_server.py");
    const std::string ports = line();
    if (std::sscanf(ports.c_str(), "%hu %hu", &starttls_, &tls_) != 2) std::abort();
    behave(Json::object());
  }
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;
  ~MailServer() {
    (void)std::fclose(from_);
    (void)::kill(pid_, SIGKILL);
    (void)::waitpid(pid_, nullptr, 0);
  }

  // From the next connection on; what has arrived is forgotten.
  void behave(const Json& behaviour) { (void)ask(behaviour); }
  Json mails() { return ask({{"mails", true}}); }
  // All that came unencrypted at the port of STARTTLS.
  std::string in_clear() { return ask({{"clear", true}}).get<std::string>(); }

  // Of a behaviour that is slow.
  void await_slow() { (void)ask({{"await_slow", true}}); }
  void go_on() { (void)ask({{"go_on", true}}); }

  std::uint16_t starttls() const { return starttls_; }
  std::uint16_t tls() const { return tls_; }
  std::string ca_file() const { return directory_ / "ca.crt"; }

 private:
  void start(const std::string& script) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) std::abort();
    const UniqueFd its_in(in[0]), its_out(out[1]);
    to_.reset(in[1]);
    from_ = ::fdopen(out[0], "r");
    std::string words[] = {"/usr/bin/python3", script, directory_.path()};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, its_in.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, its_out.get(), STDOUT_FILENO);
    if (::posix_spawn(&pid_, words[0].c_str(), &actions, nullptr, arguments, environ) != 0)
      std::abort();
    ::posix_spawn_file_actions_destroy(&actions);
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

  fakes::TemporaryDirectory directory_;
  pid_t pid_ = 0;
  UniqueFd to_;
  FILE* from_ = nullptr;
  std::uint16_t starttls_ = 0, tls_ = 0;
};

}  // namespace usher::courier
