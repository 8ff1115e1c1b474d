// No secret leaves its place: every verb and every error path is walked with passwords, codes and a
// seed that nobody else has, then all that is written anywhere is searched for them, in every form.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/canary/evidence.hpp"
#include "tests/system/host.hpp"
#include "tests/system/raw_connection.hpp"

namespace usher::test {
namespace {

using protocol::AnswerKind;
using protocol::Header;
using protocol::MessageType;
using protocol::Operation;

constexpr const char* kSecondPassword = "gravel lantern soprano";
constexpr const char* kThirdPassword = "copper meadow anvil";
constexpr const char* kFourthPassword = "marble window oboe";
constexpr const char* kMistyped = "violett tandem harbour";
constexpr const char* kTooShort = "zebra7x";

class Canary : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(host_.path("pam.d"));
    const std::string module = std::string(USHER_SHIPPED_DIR "/pam_module/pam_usher.so socket=") +
                               host_.login_socket() + " server_uid=" + std::to_string(::geteuid()) +
                               " debug\n";
    std::ofstream(host_.path("pam.d/usher-test"))
        << "auth required " << module << "account required " << module << "password required "
        << module;
    std::ofstream(host_.path("pam.d/other")) << "auth required pam_deny.so\n";
    ASSERT_TRUE(host_.start());
  }

  // The evidence of a usherctl call. A one-time code it was asked for is printed once, to whoever
  // asked; that one place is taken out.
  std::string usherctl(const std::vector<std::string>& arguments) {
    Output output = host_.usherctl(arguments);
    evidence_.add("usherctl's process", output.in_proc);
    std::string code;
    for (const std::string before : {"One-time code:  ", "\"code\":\""}) {
      const std::size_t at = output.text.find(before);
      if (at == std::string::npos) continue;
      code = output.text.substr(at + before.size(), 14);
      output.text.erase(at + before.size(), 14);
      secrets_.push_back(one_time_code("one-time code", code));
    }
    evidence_.add("usherctl " + arguments.front(), output.text);
    return code;
  }

  // A person in front of the real module; what the module logs comes out of pam_wrapper.
  void person(std::vector<std::string> arguments, const std::string& typed,
              const std::string& expected) {
    arguments.insert(arguments.begin(), {USHER_SHIPPED_DIR "/tests/programs/pam_person", "-"});
    const Output output =
        run(arguments,
            {"LD_PRELOAD=libpam_wrapper.so", "PAM_WRAPPER=1",
             "PAM_WRAPPER_SERVICE_DIR=" + host_.path("pam.d"), "PAM_WRAPPER_DEBUGLEVEL=2"},
            typed);
    EXPECT_NE(output.text.find(expected), std::string::npos) << output.text;
    evidence_.add("a person's screen and the module's log", output.text);
    evidence_.add("a person's process", output.in_proc);
  }

  // A fresh code, remembered.
  std::string code() {
    host_.advance(30);
    const std::string shown = app_code(ada_.key, host_.clock());
    secrets_.push_back(digits("code", shown));
    return shown;
  }

  void first_sign_in_with_errors() {
    ada_.one_time_code = usherctl({"user", "add", "ada", "--display-name", "Ada Lovelace"});
    ASSERT_EQ(ada_.one_time_code.size(), 14U);
    std::vector<std::string> passwords{kTooShort, kPassword, kMistyped, kPassword, kPassword};
    std::size_t next = 0;
    bool wrong_first = true;
    const Talk seen =
        talk(host_.login_socket(), Operation::authenticate,
             [&](std::string_view question, const std::string& told) -> std::optional<std::string> {
               if (question == "Password: ") return ada_.one_time_code;
               if (question.starts_with("New password")) return passwords.at(next++);
               ada_.key = key_in(told);
               const std::string right = app_code(ada_.key, host_.clock());
               secrets_.push_back(digits("code", right));
               return std::exchange(wrong_first, false) ? "000000" : right;
             });
    ASSERT_TRUE(seen.accepted()) << seen.told;
    ada_.recovery_codes = recovery_codes_in(seen.told);
    ASSERT_EQ(ada_.recovery_codes.size(), 10U);
    for (const char* typed : {kPassword, kSecondPassword, kThirdPassword, kMistyped, kTooShort}) {
      secrets_.push_back(password("password", typed));
    }
    remember_what_was_enrolled();
  }

  void remember_what_was_enrolled() {
    secrets_.push_back(seed("seed", ada_.key));
    for (const std::string& code : ada_.recovery_codes) {
      secrets_.push_back(recovery_code("recovery code", code));
    }
  }

  void sign_ins() {
    const std::string first = code();
    person({"usher-test", "ada", "tty1"}, std::string(kPassword) + "\n" + first + "\n",
           "=> signed in");
    // The same code again, then no more lines: the conversation fails.
    person({"usher-test", "ada", "tty1"}, std::string(kPassword) + "\n" + first + "\n", "=> ");
    person({"usher-test", "ada", "tty1"}, std::string(kMistyped) + "\n", "=> Authentication");
    person({"usher-test", "ada", "tty1"}, ada_.one_time_code + "\n", "=> Authentication");
    person({"usher-test", "ada", "tty1"}, std::string(kPassword) + "\n123\n456\n789\n", "=> ");
    person({"usher-test", "nobody-here", "tty1"}, std::string(kPassword) + "\n",
           "=> Authentication");
    // Somebody types the password where the name is asked for.
    person({"usher-test", "-", "tty1"}, std::string(kPassword) + "\n" + kPassword + "\n", "=> ");
    person({"usher-test", "ada", "tty1"}, std::string(5'000, 'x') + kPassword + "\n", "=> ");
  }

  // One is spent, typed again, typed as people write it down, and asked for where none is.
  void recovery_codes() {
    const std::vector<std::string>& codes = ada_.recovery_codes;
    std::string loosely = codes[1];
    std::erase(loosely, '-');
    for (char& c : loosely) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const std::string password = std::string(kPassword) + "\n";
    person({"usher-test", "ada", "tty1"}, password + codes[0] + "\n", "=> signed in");
    person({"usher-test", "ada", "tty1"}, password + codes[0] + "\n", "=> ");
    person({"usher-test", "ada", "tty1"}, password + loosely + "\n", "=> signed in");
    person({"usher-test", "ada", "tty1"}, codes[2] + "\n", "=> Authentication");
    person({"usher-test", "ada", "tty1"}, password + codes[3].substr(0, 9) + "\n", "=> ");
  }

  // Another device in place of a lost one, with another password.
  void enrols_anew() {
    const std::string reset = usherctl({"user", "reset", "ada"});
    secrets_.push_back(password("password", kFourthPassword));
    (void)usherctl({"mfa", "suspend", "ada", "--for", "24h", "--reason", "lost the phone"});
    const Talk seen =
        talk(host_.login_socket(), Operation::authenticate,
             [&](std::string_view question, const std::string& told) -> std::optional<std::string> {
               if (question == "Password: ") return reset;
               if (question.starts_with("New password")) return kFourthPassword;
               if (question.find("Type yes") != std::string_view::npos) return "yes";
               if (!question.starts_with("Code")) return "";  // Enter will do
               ada_.key = key_in(told);
               return app_code(ada_.key, host_.clock());
             });
    ASSERT_TRUE(seen.accepted()) << seen.told;
    secrets_.push_back(digits("code", app_code(ada_.key, host_.clock())));
    ada_.recovery_codes = recovery_codes_in(seen.told);
    ASSERT_EQ(ada_.recovery_codes.size(), 10U);
    remember_what_was_enrolled();
    person({"usher-test", "ada", "tty1"},
           std::string(kFourthPassword) + "\n" + ada_.recovery_codes[0] + "\n", "=> signed in");
  }

  void changes() {
    person({"usher-test", "ada", "tty1", "change"},
           std::string(kPassword) + "\n" + kTooShort + "\n" + kSecondPassword + "\n" +
               kSecondPassword + "\n",
           "=> changed");
    person({"usher-test", "ada", "tty1", "change"}, std::string(kMistyped) + "\n", "=> ");
    const std::string reset = usherctl({"user", "reset", "ada", "--reason", "asked at the desk"});
    const std::string second = code();
    person({"usher-test", "ada", "tty1"},
           reset + "\n" + second + "\n" + kThirdPassword + "\n" + kThirdPassword + "\n",
           "=> signed in");
    (void)usherctl({"user", "reset", "ada", "--json"});
  }

  void administration() {
    (void)usherctl({"user", "suspend", "ada", "--reason", "left on Friday"});
    person({"usher-test", "ada", "tty1"}, std::string(kThirdPassword) + "\n" + code() + "\n",
           "=> ");
    (void)usherctl({"user", "resume", "ada"});
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"user", "show", "ada"},
                                               {"user", "show", "ada", "--json"},
                                               {"user", "list", "--json"},
                                               {"factor", "list", "ada", "--json"},
                                               {"status", "--json"},
                                               {"user", "add", "ada"}}) {
      (void)usherctl(arguments);
    }
  }

  void broken_frames() {
    const auto framed = [](MessageType type, std::uint32_t number, const auto& message) {
      return std::string(protocol::encode({protocol::kVersion, type, number}, message)->view());
    };
    const std::string hello = framed(MessageType::client_hello, 0, protocol::ClientHello{});
    protocol::Begin message;
    message.user = "ada";
    message.service = "usher-test";
    const std::string begin = framed(MessageType::begin, 0, message);
    const std::string answer =
        framed(MessageType::answer, 1, protocol::Answer{AnswerKind::given, kPassword});
    std::string unknown_kind = answer;
    unknown_kind[protocol::kHeaderSize] = 99;
    for (const auto& frames : std::vector<std::vector<std::string>>{
             {kPassword},
             {hello + kPassword},
             {hello, begin + kPassword},
             {hello, begin, answer + kPassword},
             {hello, begin, unknown_kind},
             {hello, begin, answer.substr(0, answer.size() - 2)},
             {hello, begin,
              framed(MessageType::answer, 9, protocol::Answer{AnswerKind::given, kPassword})}}) {
      RawConnection connection(host_.login_socket());
      for (const std::string& frame : frames) {
        connection.send(frame);
        if (&frame != &frames.back()) {
          EXPECT_TRUE(connection.receives_a_frame());
        }
      }
      EXPECT_TRUE(connection.is_closed_by_the_other_end());
    }
    // Hung up right behind an answer.
    (void)talk(host_.login_socket(), Operation::authenticate, std::vector<std::string>{kPassword});
  }

  void gather_what_is_written() {
    (void)usherctl({"audit", "--limit", "1000", "--json"});
    (void)usherctl({"audit", "--limit", "1000"});
    evidence_.add("usherd's log", host_.log());
    evidence_.add("usherd's process", look_into_proc(host_.pid()));
    for (const auto& file : std::filesystem::directory_iterator(host_.path("state"))) {
      evidence_.add(file.path().filename(), slurp(file.path()));
    }
    evidence_.add("the configuration", slurp(host_.path("usher.toml")));
  }

  Host host_;
  Ada ada_;
  Evidence evidence_;
  std::vector<Canaries> secrets_;
};

TEST_F(Canary, NoSecretIsWrittenAnywhere) {
  ASSERT_NO_FATAL_FAILURE(first_sign_in_with_errors());
  sign_ins();
  recovery_codes();
  changes();
  administration();
  ASSERT_NO_FATAL_FAILURE(enrols_anew());
  broken_frames();
  gather_what_is_written();
  std::size_t forms = 0;
  for (const Canaries& secret : secrets_) {
    forms += secret.forms.size() + secret.words.size();
    EXPECT_EQ(evidence_.find(secret), "") << secret.what;
  }
  std::cout << secrets_.size() << " secrets in " << forms << " forms, searched in "
            << evidence_.size() << " pieces of evidence, " << evidence_.bytes() << " bytes\n";
  // Evidence that was not there would prove nothing.
  for (const char* name : {"usherd's log", "usherd's process", "a person's process", "usher.db",
                           "usher.db-wal", "usherctl's process", "usherctl audit"}) {
    EXPECT_GT(evidence_.bytes(name), 100U) << name;
  }
  EXPECT_NE(evidence_.find(Canaries{"a log line of the module", {"authenticate for ada"}, {}}), "");
}

// What an admin writes into a reason does land in the audit and in the file: the search finds it.
TEST_F(Canary, APlantedSecretIsFound) {
  (void)usherctl({"user", "add", "ada"});
  (void)usherctl({"user", "suspend", "ada", "--reason", kPassword});
  gather_what_is_written();
  EXPECT_NE(evidence_.find(password("password", kPassword)), "");
  evidence_ = Evidence();
  evidence_.add("usher.db-wal", slurp(host_.path("state/usher.db-wal")));
  EXPECT_NE(evidence_.find(password("password", kPassword)), "");
}

// Each form by itself.
TEST(CanarySearch, FindsEveryForm) {
  const std::vector<Canaries> secrets{
      password("password", kPassword), one_time_code("code", "ABCD-2345-WXYZ"),
      seed("seed", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), digits("code", "123456"),
      recovery_code("recovery code", "6162-6364-6566-6768")};
  for (const Canaries& secret : secrets) {
    for (const std::string& form : secret.forms) {
      Evidence evidence;
      evidence.add("a file", "before \x01" + form + " behind");
      EXPECT_NE(evidence.find(secret), "") << form;
    }
  }
  Evidence evidence;
  evidence.add("a number", "at=11234567 request=a123456b");
  EXPECT_EQ(evidence.find(digits("code", "123456")), "");
  evidence.add("a seed's bytes", "12345678901234567890");
  EXPECT_NE(evidence.find(secrets[2]), "");
  Evidence row;
  row.add("a recovery code's bytes", "abcdefgh");
  EXPECT_NE(row.find(secrets[4]), "");
}

}  // namespace
}  // namespace usher::test
