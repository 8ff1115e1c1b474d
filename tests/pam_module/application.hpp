// A PAM application: a private configuration directory, a handle made by pam_start_confdir, and a
// person who types what the test says. What they were not asked for, and what was asked without
// an answer ready, fails the test.
#pragma once

#include <security/pam_appl.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fake_daemon.hpp"

namespace usher::pam_module::test {

// Somebody no passwd file knows.
inline constexpr const char* kAda = "ada.lovelace";

// Owned by who runs the tests, mode 0700, removed at the end.
class PrivateDirectory {
 public:
  PrivateDirectory();
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;
  ~PrivateDirectory();

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// What the conversation function was given.
struct Shown {
  int style;
  std::string text;
  friend bool operator==(const Shown&, const Shown&) = default;
};

class Application {
 public:
  // `options`: the words after pam_usher.so. Without a user, libpam asks for the name.
  explicit Application(const std::string& options, const char* user = kAda);
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;
  ~Application();

  // Answers to the prompts, in order.
  Application& types(std::string text);
  Application& returns_no_text();      // PAM_SUCCESS, a response with a null text
  Application& returns_no_response();  // PAM_SUCCESS, and no response at all
  Application& fails(int code);
  // From now on what is told fails with the code.
  void fails_to_show(int code) { tell_code_ = code; }
  // Does something while the person is asked, then types.
  Application& types_after(std::function<void()> action, std::string text);

  int authenticate(int flags = 0) { return pam_authenticate(handle_, flags); }
  int set_credentials() { return pam_setcred(handle_, PAM_ESTABLISH_CRED); }
  int check_account(int flags = 0) { return pam_acct_mgmt(handle_, flags); }
  int change_password(int flags = 0) { return pam_chauthtok(handle_, flags); }
  int open_session() { return pam_open_session(handle_, 0); }
  int close_session() { return pam_close_session(handle_, 0); }

  pam_handle_t* handle() { return handle_; }
  void set_item(int item, const std::string& value);
  // The tokens as a module after ours sees them; nothing when they are not set.
  std::optional<std::string> token() const { return environment("PROBE_AUTHTOK"); }
  std::optional<std::string> old_token() const { return environment("PROBE_OLDAUTHTOK"); }
  const std::vector<Shown>& shown() const { return shown_; }

 private:
  using Answer = std::function<int(pam_response** response)>;
  Application& add(Answer answer);
  std::optional<std::string> environment(const char* name) const;
  int converse(int count, const pam_message** messages, pam_response** responses);
  static int converse_of(int count, const pam_message** messages, pam_response** responses,
                         void* self);

  PrivateDirectory directory_;
  pam_conv conversation_;
  pam_handle_t* handle_ = nullptr;
  std::deque<Answer> answers_;
  std::vector<Shown> shown_;
  int tell_code_ = PAM_SUCCESS;
};

// Calls one of the six functions directly, as a program without libpam's stack between might.
int call_module(const char* function, pam_handle_t* handle, int flags,
                const std::vector<std::string>& options);

// A daemon and an application that know each other.
struct Door {
  explicit Door(const std::string& more_options = {}, const char* user = kAda)
      : daemon(directory / "login.sock"),
        application(FakeDaemon::options(daemon.socket_path()) + " " + more_options, user) {}

  // Starts the daemon, signs in, ends the daemon.
  int authenticate(int flags = 0);
  int check_account(int flags = 0);
  int change_password(int flags = 0);
  // For call_module().
  std::vector<std::string> module_options() const;

  PrivateDirectory directory;
  FakeDaemon daemon;
  Application application;
};

}  // namespace usher::pam_module::test
