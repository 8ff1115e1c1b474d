// What people and applications do to a prompt: type nothing, too much, or not answer at all; and
// what a text from the daemon may do to a terminal.
#include <gtest/gtest.h>

#include "application.hpp"
#include "pam_module/person.hpp"

namespace usher::pam_module::test {
namespace {

using protocol::AnswerKind;
using protocol::Operation;
using protocol::Outcome;
using protocol::Slot;
using protocol::Step;
using protocol::StepKind;
using protocol::Verdict;

constexpr Step kAskHidden{StepKind::ask_hidden, Slot::password, "Password: "};
constexpr Step kAskShown{StepKind::ask_shown, Slot::none, "Code: "};
const Verdict kRefuse{Outcome::refuse, Slot::none, 0, Slot::none, kAda, ""};

// One prompt, one answer of the application, and what the daemon hears of it.
void expect_heard(const std::function<void(Application&)>& answer, AnswerKind kind,
                  const std::string& text = {}) {
  for (const Step& step : {kAskHidden, kAskShown}) {
    Door door;
    door.daemon.meet(Operation::authenticate).step(step).expect_answer(kind, text).decide(kRefuse);
    answer(door.application);
    EXPECT_EQ(door.authenticate(), PAM_AUTH_ERR);
  }
}

TEST(Answer, OfNullIsNoText) {
  expect_heard([](Application& person) { person.returns_no_text(); }, AnswerKind::no_text);
}

TEST(Answer, WithoutAResponseIsNoText) {
  expect_heard([](Application& person) { person.returns_no_response(); }, AnswerKind::no_text);
}

TEST(Answer, OfAFailedConversationIsNoText) {
  for (const int code : {PAM_CONV_ERR, PAM_BUF_ERR, PAM_CONV_AGAIN, PAM_ABORT, PAM_IGNORE}) {
    SCOPED_TRACE(code);
    expect_heard([code](Application& person) { person.fails(code); }, AnswerKind::no_text);
  }
}

TEST(Answer, OfNothingIsSentAsGivenAndEmpty) {
  expect_heard([](Application& person) { person.types(""); }, AnswerKind::given, "");
}

TEST(Answer, OfTheGreatestLengthIsSentWhole) {
  const std::string longest(protocol::kMaxAnswer, 'p');
  expect_heard([&](Application& person) { person.types(longest); }, AnswerKind::given, longest);
}

TEST(Answer, OverTheGreatestLengthIsNoText) {
  const std::string too_long(protocol::kMaxAnswer + 1, 'p');
  expect_heard([&](Application& person) { person.types(too_long); }, AnswerKind::no_text);
}

TEST(Answer, IsSentByteForByte) {
  const std::string odd = "\x01\xff p\xc3\xa4ss\tword\x7f";
  expect_heard([&](Application& person) { person.types(odd); }, AnswerKind::given, odd);
}

TEST(Answer, ToATextNobodySawIsNoText) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(Step{StepKind::tell_info, Slot::none, "Maintenance on Friday."})
      .expect_answer(AnswerKind::no_text)
      .decide(kRefuse);
  door.application.fails_to_show(PAM_CONV_ERR);
  EXPECT_EQ(door.authenticate(), PAM_AUTH_ERR);
}

// An empty factor is a denial, even if the daemon slips.
TEST(Answer, OfNothingNeverBecomesAToken) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAskHidden)
      .expect_answer(AnswerKind::given, "")
      .decide(Verdict{Outcome::accept, Slot::password, 0, Slot::none, kAda, ""});
  door.application.types("");
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(door.application.token(), std::nullopt);
}

TEST(Answer, ThatChangesPamUserLetsNobodyIn) {
  for (const char* name : {"bob", "root", ""}) {
    SCOPED_TRACE(name);
    Door door;
    door.daemon.meet(Operation::authenticate)
        .step(kAskHidden)
        .expect_answer(AnswerKind::given, "correct horse")
        .decide(Verdict{Outcome::accept, Slot::password, 13, Slot::none, kAda, ""});
    door.application.types_after([&] { pam_set_item(door.application.handle(), PAM_USER, name); },
                                 "correct horse");
    EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
    EXPECT_EQ(door.application.token(), std::nullopt);
  }
}

TEST(Answer, ThatRemovesPamUserLetsNobodyIn) {
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(kAskHidden)
      .expect_answer(AnswerKind::given, "correct horse")
      .decide(Verdict{Outcome::accept, Slot::none, 0, Slot::none, kAda, ""});
  door.application.types_after([&] { pam_set_item(door.application.handle(), PAM_USER, nullptr); },
                               "correct horse");
  EXPECT_EQ(door.authenticate(), PAM_AUTHINFO_UNAVAIL);
}

TEST(Text, OfTheGreatestLengthArrivesWhole) {
  std::string code = "\n";  // a QR code: half blocks, and lines
  while (code.size() + 4 <= protocol::kMaxText) code += code.size() % 80 < 76 ? "\u2588" : "\n";
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(Step{StepKind::ask_shown, Slot::none, code})
      .expect_answer(AnswerKind::given, "287082")
      .decide(kRefuse);
  door.application.types("287082");
  EXPECT_EQ(door.authenticate(), PAM_AUTH_ERR);
  EXPECT_EQ(door.application.shown().front().text, code);
}

struct Cleaning {
  std::string_view given;
  std::string_view shown;
};

// What a terminal would obey, and what only looks like text.
constexpr Cleaning kCleanings[] = {
    {"", ""},
    {"Password: ", "Password: "},
    {"two\nlines", "two\nlines"},
    {"Mot de passe d\u2019Ada\u00a0: \u2588", "Mot de passe d\u2019Ada\u00a0: \u2588"},
    {"\x1b[2Jgone", "?[2Jgone"},
    {"\x1b]0;title\x07", "?]0;title?"},
    {"a\rb\tc\x7f", "a?b?c?"},
    {std::string_view("a\0b", 3), "a?b"},
    {"\xc2\x9b"
     "31m",
     "?31m"},                 // CSI as one C1 control
    {"\xff\xfe", "??"},       // not UTF-8
    {"\xc0\xaf", "??"},       // over-long form
    {"\xed\xa0\x80", "???"},  // a surrogate
    {"\xe2\x96", "??"},       // cut in the middle
    {"\xe2\x96\x88\xe2", "\xe2\x96\x88?"},
};

TEST(Text, IsCleanedOfControlCharactersAndBrokenUtf8) {
  for (const Cleaning& cleaning : kCleanings) {
    SCOPED_TRACE(cleaning.shown);
    const auto clean = sanitised(cleaning.given);
    ASSERT_TRUE(clean.has_value());
    EXPECT_EQ((*clean).view(), cleaning.shown);
  }
}

TEST(Text, IsCleanedInPromptsTellsAndVerdicts) {
  const std::string nasty =
      "\x1b[2J\x07"
      "A\nB\xff";
  const std::string clean = "?[2J?A\nB?";
  Door door;
  door.daemon.meet(Operation::authenticate)
      .step(Step{StepKind::tell_info, Slot::none, nasty})
      .expect_answer(AnswerKind::told)
      .step(Step{StepKind::tell_error, Slot::none, nasty})
      .expect_answer(AnswerKind::told)
      .step(Step{StepKind::ask_hidden, Slot::none, nasty})
      .expect_answer(AnswerKind::given, "x")
      .step(Step{StepKind::ask_shown, Slot::none, nasty})
      .expect_answer(AnswerKind::given, "x")
      .decide(Verdict{Outcome::refuse, Slot::none, 0, Slot::none, kAda, nasty});
  door.application.types("x").types("x");
  EXPECT_EQ(door.authenticate(), PAM_AUTH_ERR);
  EXPECT_EQ(door.application.shown(), (std::vector<Shown>{{PAM_TEXT_INFO, clean},
                                                          {PAM_ERROR_MSG, clean},
                                                          {PAM_PROMPT_ECHO_OFF, clean},
                                                          {PAM_PROMPT_ECHO_ON, clean},
                                                          {PAM_ERROR_MSG, clean}}));
}

}  // namespace
}  // namespace usher::pam_module::test
