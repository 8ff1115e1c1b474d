// A real mail server beside the test, with certificates of its own: mail_server.py says what it
// does.
#pragma once

#include "tests/courier/python_server.hpp"

namespace usher::courier {

class MailServer {
 public:
  MailServer() {
    const std::string ports = server_.line();
    if (std::sscanf(ports.c_str(), "%hu %hu", &starttls_, &tls_) != 2) std::abort();
    behave(Json::object());
  }

  // From the next connection on; what has arrived is forgotten.
  void behave(const Json& behaviour) { (void)server_.ask(behaviour); }
  Json mails() { return server_.ask({{"mails", true}}); }
  // All that came unencrypted at the port of STARTTLS.
  std::string in_clear() { return server_.ask({{"clear", true}}).get<std::string>(); }

  // Of a behaviour that is slow.
  void await_slow() { (void)server_.ask({{"await_slow", true}}); }
  void go_on() { (void)server_.ask({{"go_on", true}}); }

  std::uint16_t starttls() const { return starttls_; }
  std::uint16_t tls() const { return tls_; }
  std::string ca_file() const { return server_.ca_file(); }

 private:
  PythonServer server_{"mail_server.py"};
  std::uint16_t starttls_ = 0, tls_ = 0;
};

}  // namespace usher::courier
