// The real libpam on service files of one's own: what each module answers is set, what the
// application gets is returned. The modules are pam_answer.so (tests/pam_module/answer_module.cpp).
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <security/pam_appl.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include <map>
#include <string>

#include "ctl/pam_config.hpp"

namespace usher::ctl {

class LibPam {
 public:
  LibPam(std::string directory, std::string service)
      : directory_(std::move(directory)), service_(std::move(service)) {
    start();
  }
  LibPam(const LibPam&) = delete;
  LibPam& operator=(const LibPam&) = delete;
  ~LibPam() { end(); }

  // Whoever has the option as=NAME answers this from now on.
  void answers(const std::string& name, PamCode code) {
    if (handle_ == nullptr) return;
    answers_[name] = code;
    put(name, code);
  }

  PamCode call(PamFacility facility) {
    if (handle_ == nullptr) return PamCode::abort;
    const int code = call_libpam(facility);
    EXPECT_GE(code, 0);
    EXPECT_LT(code, static_cast<int>(kPamCodes));
    // libpam would go on where it stopped.
    if (code == PAM_INCOMPLETE) restart();
    return static_cast<PamCode>(code);
  }

 private:
  int call_libpam(PamFacility facility) {
    switch (facility) {
      case PamFacility::auth:
        return pam_authenticate(handle_, 0);
      case PamFacility::account:
        return pam_acct_mgmt(handle_, 0);
      case PamFacility::password:
        return pam_chauthtok(handle_, 0);
      case PamFacility::session:
        return pam_open_session(handle_, 0);
    }
    return PAM_SYSTEM_ERR;
  }

  void start() {
    // It gives up at once on files it cannot read, and loses some memory then.
#ifdef __SANITIZE_ADDRESS__
    const __lsan::ScopedDisabler disabler;
#endif
    const int code =
        pam_start_confdir(service_.c_str(), "ada", &conversation_, directory_.c_str(), &handle_);
    EXPECT_TRUE(code == PAM_SUCCESS || code == PAM_ABORT) << code;
    if (code != PAM_SUCCESS) handle_ = nullptr;
  }
  void end() {
    if (handle_ == nullptr) return;
    EXPECT_EQ(pam_end(handle_, PAM_SUCCESS), PAM_SUCCESS);
  }
  void restart() {
    end();
    start();
    for (const auto& [name, code] : answers_) put(name, code);
  }
  void put(const std::string& name, PamCode code) {
    const std::string setting = fmt::format("{}={}", name, static_cast<int>(code));
    EXPECT_EQ(pam_putenv(handle_, setting.c_str()), PAM_SUCCESS);
  }

  static int say_nothing(int, const pam_message**, pam_response**, void*) {
    return PAM_CONV_ERR;
  }

  std::string directory_;
  std::string service_;
  pam_conv conversation_{say_nothing, nullptr};
  pam_handle_t* handle_ = nullptr;
  std::map<std::string, PamCode> answers_;
};

}  // namespace usher::ctl
