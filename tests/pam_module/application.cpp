// The service file and the conversation function.
#include "application.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace usher::pam_module::test {

PrivateDirectory::PrivateDirectory() {
  std::string name = "/tmp/usher-test-XXXXXX";
  EXPECT_NE(::mkdtemp(name.data()), nullptr);
  path_ = name;
}

PrivateDirectory::~PrivateDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Application::Application(const std::string& options, const char* user)
    : conversation_{converse_of, this} {
  {
    std::ofstream service(directory_ / "usher-test");
    for (const char* facility : {"auth", "account", "password", "session"}) {
      service << facility << " required " << USHER_MODULE << " " << options << "\n";
    }
    // After ours: what does a module down the stack see?
    for (const char* facility : {"auth", "account", "password"}) {
      service << facility << " optional " << USHER_PROBE_MODULE << "\n";
    }
  }
  EXPECT_EQ(
      pam_start_confdir("usher-test", user, &conversation_, directory_.path().c_str(), &handle_),
      PAM_SUCCESS);
}

Application::~Application() {
  EXPECT_TRUE(answers_.empty()) << answers_.size() << " answers were not asked for";
  EXPECT_EQ(pam_end(handle_, PAM_SUCCESS), PAM_SUCCESS);
}

Application& Application::add(Answer answer) {
  answers_.push_back(std::move(answer));
  return *this;
}

Application& Application::types(std::string text) {
  return types_after({}, std::move(text));
}

Application& Application::types_after(std::function<void()> action, std::string text) {
  return add([action, text](pam_response** response) {
    if (action) action();
    *response = static_cast<pam_response*>(std::calloc(1, sizeof(pam_response)));
    (*response)->resp = ::strdup(text.c_str());
    return PAM_SUCCESS;
  });
}

Application& Application::returns_no_text() {
  return add([](pam_response** response) {
    *response = static_cast<pam_response*>(std::calloc(1, sizeof(pam_response)));
    return PAM_SUCCESS;
  });
}

Application& Application::returns_no_response() {
  return add([](pam_response**) { return PAM_SUCCESS; });
}

Application& Application::fails(int code) {
  return add([code](pam_response**) { return code; });
}

void Application::set_item(int item, const std::string& value) {
  EXPECT_EQ(pam_set_item(handle_, item, value.c_str()), PAM_SUCCESS);
}

std::optional<std::string> Application::environment(const char* name) const {
  const char* value = pam_getenv(handle_, name);
  if (value == nullptr) return std::nullopt;
  return value;
}

int Application::converse(int count, const pam_message** messages, pam_response** responses) {
  EXPECT_EQ(count, 1) << "several messages at once break some greeters";
  const pam_message& message = *messages[0];
  shown_.push_back(Shown{message.msg_style, message.msg});
  const bool is_tell = message.msg_style == PAM_TEXT_INFO || message.msg_style == PAM_ERROR_MSG;
  if (is_tell) {
    if (tell_code_ != PAM_SUCCESS) return tell_code_;
    *responses = static_cast<pam_response*>(std::calloc(1, sizeof(pam_response)));
    return PAM_SUCCESS;
  }
  if (answers_.empty()) {
    ADD_FAILURE() << "asked without an answer ready: " << message.msg;
    return PAM_CONV_ERR;
  }
  const Answer answer = std::move(answers_.front());
  answers_.pop_front();
  return answer(responses);
}

int Application::converse_of(int count, const pam_message** messages, pam_response** responses,
                             void* self) {
  return static_cast<Application*>(self)->converse(count, messages, responses);
}

int call_module(const char* function, pam_handle_t* handle, int flags,
                const std::vector<std::string>& options) {
  // Stays loaded: libpam may have it open as well.
  void* module = ::dlopen(USHER_MODULE, RTLD_NOW | RTLD_LOCAL);
  void* symbol = module != nullptr ? ::dlsym(module, function) : nullptr;
  if (symbol == nullptr) {
    ADD_FAILURE() << "no " << function << ": " << ::dlerror();
    return -1;
  }
  std::vector<const char*> words;
  for (const std::string& option : options) words.push_back(option.c_str());
  using Function = int (*)(pam_handle_t*, int, int, const char**);
  const int saved = errno;
  errno = ENOTTY;  // no error of the module's own
  const int code = reinterpret_cast<Function>(symbol)(handle, flags, static_cast<int>(words.size()),
                                                      words.data());
  EXPECT_EQ(errno, ENOTTY) << function << " changes errno";
  errno = saved;
  return code;
}

std::vector<std::string> Door::module_options() const {
  return {"socket=" + daemon.socket_path(), "server_uid=" + std::to_string(::getuid())};
}

int Door::authenticate(int flags) {
  daemon.start();
  const int code = application.authenticate(flags);
  daemon.finish();
  return code;
}

int Door::check_account(int flags) {
  daemon.start();
  const int code = application.check_account(flags);
  daemon.finish();
  return code;
}

int Door::change_password(int flags) {
  daemon.start();
  const int code = application.change_password(flags);
  daemon.finish();
  return code;
}

}  // namespace usher::pam_module::test
