// No memory is given back with a password in it. free() is replaced for the whole process, and
// while the module runs every block that passes is searched; the sanitizers replace free()
// themselves, so this program is built without them only.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstring>

#include "application.hpp"

extern "C" void __libc_free(void* block);

namespace {

constexpr std::string_view kPassword = "correct-horse-battery";

thread_local bool watching = false;  // this thread only: the daemon's script holds the password
std::size_t searched = 0;
std::size_t found = 0;

}  // namespace

extern "C" void free(void* block) {
  if (watching && block != nullptr) {
    ++searched;
    // Any run of eight bytes of it: the block's first words are overwritten only after this.
    const std::size_t size = malloc_usable_size(block);
    for (std::size_t i = 0; i + 8 <= kPassword.size(); ++i) {
      if (::memmem(block, size, kPassword.data() + i, 8) != nullptr) {
        ++found;
        break;
      }
    }
  }
  __libc_free(block);
}

namespace usher::pam_module::test {
namespace {

using protocol::AnswerKind;
using protocol::Operation;
using protocol::Outcome;
using protocol::Slot;
using protocol::Step;
using protocol::StepKind;
using protocol::Verdict;

// Uses malloc only: what this test itself frees must not count.
int type_password(int, const pam_message** messages, pam_response** responses, void*) {
  *responses = static_cast<pam_response*>(std::calloc(1, sizeof(pam_response)));
  if (messages[0]->msg_style == PAM_PROMPT_ECHO_OFF) {
    (*responses)->resp = ::strndup(kPassword.data(), kPassword.size());
  }
  return PAM_SUCCESS;
}

void expect_wiped(const Verdict& verdict, int code) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(Step{StepKind::ask_hidden, Slot::password, "Password: "})
      .expect_answer(AnswerKind::given, std::string(kPassword))
      .step(Step{StepKind::ask_hidden, Slot::none, "Again: "})
      .expect_answer(AnswerKind::given, std::string(kPassword))
      .decide(verdict);
  const pam_conv conversation{type_password, nullptr};
  ASSERT_EQ(pam_set_item(door.application.handle(), PAM_CONV, &conversation), PAM_SUCCESS);
  door.daemon.start();
  searched = 0;
  found = 0;
  watching = true;
  const int result = door.application.authenticate();
  watching = false;
  EXPECT_EQ(result, code);
  EXPECT_GT(searched, 0u);
  EXPECT_EQ(found, 0u);
}

TEST(Wiping, IsWatchedByATestThatCanFail) {
  char* unwiped = ::strndup(kPassword.data(), kPassword.size());
  found = 0;
  watching = true;
  free(unwiped);
  watching = false;
  EXPECT_EQ(found, 1u);
}

TEST(Wiping, LeavesNoPasswordInFreedMemoryAfterAccept) {
  expect_wiped(Verdict{Outcome::accept, Slot::password, 13, Slot::none, kAda, ""}, PAM_SUCCESS);
}

TEST(Wiping, LeavesNoPasswordInFreedMemoryAfterRefuse) {
  expect_wiped(Verdict{Outcome::refuse, Slot::none, 0, Slot::none, kAda, ""}, PAM_AUTH_ERR);
}

TEST(Wiping, LeavesNoPasswordInFreedMemoryAfterALie) {
  expect_wiped(Verdict{Outcome::accept, Slot::password, 4000, Slot::none, kAda, ""},
               PAM_AUTHINFO_UNAVAIL);
}

}  // namespace
}  // namespace usher::pam_module::test
