// The evaluator beside the real libpam, on thousands of stacks made by chance from a fixed seed,
// the mad ones too: what libpam answers is right.
#include "ctl/pam_stack.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <random>

#include "tests/ctl/libpam_stack.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::ctl {
namespace {

constexpr PamFacility kAll[] = {PamFacility::auth, PamFacility::account, PamFacility::password,
                                PamFacility::session};

TEST(PamStack, CodesHaveLibpamsNumbers) {
  EXPECT_EQ(static_cast<int>(PamCode::perm_denied), PAM_PERM_DENIED);
  EXPECT_EQ(static_cast<int>(PamCode::user_unknown), PAM_USER_UNKNOWN);
  EXPECT_EQ(static_cast<int>(PamCode::new_authtok_reqd), PAM_NEW_AUTHTOK_REQD);
  EXPECT_EQ(static_cast<int>(PamCode::authtok_err), PAM_AUTHTOK_ERR);
  EXPECT_EQ(static_cast<int>(PamCode::ignore), PAM_IGNORE);
  EXPECT_EQ(static_cast<int>(PamCode::module_unknown), PAM_MODULE_UNKNOWN);
  EXPECT_EQ(static_cast<int>(PamCode::incomplete), PAM_INCOMPLETE);
}

// Files as an administrator, a package or a cat on the keyboard writes them.
class Scribbler {
 public:
  Scribbler(std::uint32_t seed, std::string directory)
      : dice_(seed), directory_(std::move(directory)) {}

  std::size_t below(std::size_t limit) { return dice_() % limit; }
  bool once_in(std::size_t times) { return below(times) == 0; }
  PamCode code() {
    constexpr PamCode kUsual[] = {PamCode::success,         PamCode::success, PamCode::success,
                                  PamCode::user_unknown,    PamCode::ignore,  PamCode::auth_err,
                                  PamCode::new_authtok_reqd};
    if (once_in(6)) return static_cast<PamCode>(below(kPamCodes));
    return kUsual[below(std::size(kUsual))];
  }

  // Includes only files with a higher number: no circles. By their whole path: in libpam 1.5.2 a
  // name alone is looked for in /etc/pam.d, whatever pam_start_confdir was told.
  std::string file(std::size_t number) {
    std::string text;
    const std::size_t lines = below(9);
    for (std::size_t i = 0; i < lines; ++i) text += line(number);
    if (number == 0 && once_in(60)) text += "auth required \\\n";
    return text;
  }

 private:
  template <std::size_t kCount>
  std::string one_of(const char* const (&words)[kCount]) {
    return words[below(kCount)];
  }
  std::string blank() { return one_of({" ", " ", "\t", "  ", " \t ", " \\\n "}); }
  std::string cased(std::string word) {
    if (once_in(8) && !word.empty()) word[0] = static_cast<char>(std::toupper(word[0]));
    return word;
  }
  std::string type() {
    if (once_in(60)) return one_of({"atuh", "sessions", "[auth]", "auth,"});
    const std::string name = cased(one_of({"auth", "auth", "account", "password", "session"}));
    return (once_in(12) ? "-" : "") + name;
  }

  std::string action() {
    if (once_in(3)) return std::to_string(once_in(30) ? 0 : 1 + below(4));
    if (once_in(40)) return one_of({"okay", "no", "-1", "", "1x", "99999999999"});
    return one_of({"ok", "ok", "done", "bad", "die", "ignore", "ignore", "reset"});
  }
  std::string list() {
    std::string text = once_in(20) ? " " : "";
    const std::size_t words = below(5);
    for (std::size_t i = 0; i < words; ++i) {
      const std::string name = once_in(40)  ? "succes"
                               : once_in(3) ? "default"
                                            : std::string(name_of(code()));
      text += name + (once_in(15) ? " = " : "=") + action() + (once_in(40) ? "" : " ");
    }
    return text;
  }
  std::string control() {
    if (once_in(40)) return one_of({"require", "success=ok", "[required]", "[]", "[in\\]clude]"});
    if (once_in(2)) return "[" + list() + "]";
    return cased(one_of({"required", "requisite", "sufficient", "optional"}));
  }

  std::string include(std::size_t number) {
    constexpr std::size_t kFiles = 6;
    const bool missing = number + 1 >= kFiles || once_in(25);
    const std::string name =
        missing ? directory_ + "/missing"
                : fmt::format("{}/file{}", directory_, number + 1 + below(kFiles - number - 1));
    // An @include that fails where one facility alone is read gets a control out of libpam's
    // uninitialised memory: only the first file may have one, and no unfinished line elsewhere.
    if (once_in(3) && (number == 0 || !missing)) return "@include" + blank() + name + "\n";
    const std::string what = cased(one_of({"include", "substack", "substack"}));
    return type() + blank() + what + blank() + name + "\n";
  }

  std::string line(std::size_t number) {
    if (once_in(15)) return one_of({"\n", "# auth required pam_deny.so\n", "  \t\n", " #\n"});
    if (once_in(4)) return include(number);
    const std::string start = (once_in(12) ? blank() : "") + type();
    if (once_in(60)) return start + "\n";
    if (once_in(60)) return start + blank() + control() + "\n";
    const std::string module = once_in(20) ? "/nonexistent/pam_none.so" : USHER_ANSWER_MODULE;
    return start + blank() + control() + blank() + module + blank() +
           fmt::format("as=m{}", modules_++) + (once_in(10) ? " # mine" : "") + "\n";
  }

  std::mt19937 dice_;
  std::string directory_;
  std::size_t modules_ = 0;
};

std::string name_in(const PamLine& line) {
  for (const std::string& option : line.options) {
    if (option.starts_with("as=")) return option.substr(3);
  }
  return {};
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

// What libpam makes of the service, and what we make of it, with these answers.
class Beside {
 public:
  explicit Beside(const std::string& directory)
      : service_(read_pam_service(PamFiles(directory), "file0")), libpam_(directory, "file0") {
    if (service_) return;
    EXPECT_EQ(service_.error().code(), Errc::damaged) << service_.error().text();
  }

  void ask(Scribbler& dice) {
    std::map<std::string, PamCode> answers;
    if (service_) {
      for (const PamStack& stack : service_->stacks) {
        for (const PamLine& line : stack) {
          if (!name_in(line).empty()) answers.try_emplace(name_in(line), dice.code());
        }
      }
    }
    for (const auto& [name, code] : answers) libpam_.answers(name, code);
    for (const PamFacility facility : kAll) compare(facility, answers);
  }

  std::size_t compared() const { return compared_; }
  std::size_t succeeded() const { return succeeded_; }
  std::size_t given_up() const { return service_ ? 0 : 1; }
  std::size_t deepest() const {
    std::size_t level = 0;
    for (const PamStack& stack : service_ ? service_->stacks : decltype(service_->stacks){}) {
      for (const PamLine& line : stack) level = std::max<std::size_t>(level, line.level);
    }
    return level;
  }

 private:
  void compare(PamFacility facility, const std::map<std::string, PamCode>& answers) {
    PamCode expected = PamCode::abort;
    if (service_) {
      std::vector<PamCode> codes;
      for (const PamLine& line : service_->stack(facility)) {
        const bool there = line.module == USHER_ANSWER_MODULE;
        const auto found = answers.find(name_in(line));
        codes.push_back(there && found != answers.end() ? found->second : PamCode::module_unknown);
      }
      expected = evaluate(service_->stack(facility), codes);
    }
    const PamCode got = libpam_.call(facility);
    ++compared_;
    if (got == PamCode::success) ++succeeded_;
    std::string said;
    for (const auto& [name, code] : answers) said += fmt::format(" {}={}", name, name_of(code));
    EXPECT_EQ(name_of(expected), name_of(got)) << name_of(facility) << said;
  }

  Result<PamService> service_;
  LibPam libpam_;
  std::size_t compared_ = 0;
  std::size_t succeeded_ = 0;
};

TEST(PamStack, ThousandsOfStacksGetWhatLibpamGivesThem) {
  constexpr std::uint32_t kStacks = 1'500;
  constexpr int kAnswers = 12;
  std::size_t compared = 0;
  std::size_t succeeded = 0;
  std::size_t given_up = 0;
  std::size_t deepest = 0;
  for (std::uint32_t seed = 1; seed <= kStacks && !::testing::Test::HasFailure(); ++seed) {
    const fakes::TemporaryDirectory directory;
    Scribbler dice(seed, directory.path());
    std::string all;
    for (std::size_t i = 0; i < 6; ++i) {
      const std::string text = dice.file(i);
      write(directory / fmt::format("file{}", i), text);
      all += fmt::format("--- file{}\n{}", i, text);
    }
    if (!dice.once_in(4)) {
      const std::string text = dice.file(5);
      write(directory / "other", text);
      all += "--- other\n" + text;
    }
    SCOPED_TRACE(fmt::format("seed {}\n{}", seed, all));
    Beside beside(directory.path());
    for (int i = 0; i < kAnswers; ++i) beside.ask(dice);
    compared += beside.compared();
    succeeded += beside.succeeded();
    given_up += beside.given_up();
    deepest = std::max(deepest, beside.deepest());
  }
  RecordProperty("compared", static_cast<int>(compared));
  EXPECT_EQ(compared, kStacks * kAnswers * kPamFacilities);
  // Chance must have met every kind: a test of refusals alone would prove little.
  EXPECT_GT(succeeded, compared / 20);
  EXPECT_GT(given_up, 20U);
  EXPECT_LT(given_up, kStacks / 4);
  EXPECT_GE(deepest, 3U);
}

}  // namespace
}  // namespace usher::ctl
