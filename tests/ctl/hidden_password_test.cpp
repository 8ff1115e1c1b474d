// usherctl user set-password at a terminal of its own: what the person sees there, and how they
// find it afterwards.
#include <fcntl.h>
#include <poll.h>
#include <termios.h>

#include <chrono>
#include <cstring>

#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

constexpr const char* kPassword = "seven green kites";
constexpr const char* kCtrlC = "\x03";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Both ends of a pseudo-terminal; what stands on its screen is read from the master.
class Terminal {
 public:
  Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    EXPECT_EQ(::grantpt(master_.get()), 0);
    EXPECT_EQ(::unlockpt(master_.get()), 0);
    in_ = std::fopen(::ptsname(master_.get()), "r");
    out_ = std::fopen(::ptsname(master_.get()), "w");
    EXPECT_TRUE(in_ != nullptr && out_ != nullptr);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    (void)std::fclose(in_);
    (void)std::fclose(out_);
  }

  Streams streams() const { return {in_, out_, out_}; }
  termios state() const {
    termios now{};
    EXPECT_EQ(::tcgetattr(::fileno(in_), &now), 0);
    return now;
  }
  void type(std::string_view text) {
    EXPECT_EQ(::write(master_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  // Reads on until that is there, ten seconds at most. What came before it is not looked at again.
  bool shows(std::string_view text) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::seconds(10);
    while (screen.find(text, read_to_) == std::string::npos) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
      pollfd ready{master_.get(), POLLIN, 0};
      if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) <= 0) return false;
      char bytes[256];
      const ssize_t got = ::read(master_.get(), bytes, sizeof bytes);
      if (got <= 0) return false;
      screen.append(bytes, static_cast<std::size_t>(got));
    }
    read_to_ = screen.find(text, read_to_) + text.size();
    return true;
  }

  std::string screen;

 private:
  UniqueFd master_;
  std::FILE* in_ = nullptr;
  std::FILE* out_ = nullptr;
  std::size_t read_to_ = 0;
};

bool is_same(const termios& left, const termios& right) {
  return left.c_iflag == right.c_iflag && left.c_oflag == right.c_oflag &&
         left.c_cflag == right.c_cflag && left.c_lflag == right.c_lflag &&
         std::memcmp(left.c_cc, right.c_cc, sizeof left.c_cc) == 0;
}

class HiddenPassword : public CtlWorld {
 protected:
  void SetUp() override {
    CtlWorld::SetUp();
    world_.config.may_set_password = true;
    (void)usherctl({"user", "add", "ada"});
    // The positive control: what is typed at this terminal is seen.
    terminal_.type("typed before\n");
    ASSERT_TRUE(terminal_.shows("typed before"));
    before_ = terminal_.state();
  }

  // What is typed at each question; the exit code.
  int set_password(const std::vector<std::string>& typed) {
    int exit_code = -1;
    std::thread program([&] {
      const char* arguments[] = {"usherctl", "--socket",     socket_path_.c_str(),
                                 "user",     "set-password", "ada"};
      exit_code = run(std::size(arguments), arguments, terminal_.streams(), {});
    });
    const char* questions[] = {"New password: ", "New password again: "};
    for (std::size_t i = 0; i < typed.size(); ++i) {
      EXPECT_TRUE(terminal_.shows(questions[i])) << terminal_.screen;
      terminal_.type(typed[i]);
    }
    program.join();
    return exit_code;
  }
  bool has_password() {
    return has(usherctl({"user", "show", "ada"}).out, "a new password is due");
  }

  Terminal terminal_;
  termios before_{};
};

TEST_F(HiddenPassword, O3_IsNotShownWhileItIsTyped) {
  const std::string line = std::string(kPassword) + "\n";
  EXPECT_EQ(set_password({line, line}), 0);
  EXPECT_TRUE(terminal_.shows("ada")) << terminal_.screen;
  EXPECT_FALSE(has(terminal_.screen, "kites")) << terminal_.screen;
  EXPECT_TRUE(has_password());
  EXPECT_TRUE(is_same(terminal_.state(), before_));
}

TEST_F(HiddenPassword, O3_IsTypedTwiceTheSame) {
  EXPECT_EQ(set_password({"seven green kites\n", "seven green knights\n"}), 2);
  EXPECT_TRUE(terminal_.shows("the two entries differ")) << terminal_.screen;
  EXPECT_FALSE(has(terminal_.screen, "green")) << terminal_.screen;
  EXPECT_FALSE(has_password());
  EXPECT_TRUE(is_same(terminal_.state(), before_));
}

// Without Enter behind it.
TEST_F(HiddenPassword, O3_IsGivenUpWithControlC) {
  EXPECT_EQ(set_password({kCtrlC}), 2);
  EXPECT_TRUE(terminal_.shows("nothing was changed")) << terminal_.screen;
  EXPECT_TRUE(is_same(terminal_.state(), before_));
  EXPECT_EQ(set_password({std::string(kPassword) + "\n", std::string("seven gr") + kCtrlC}), 2);
  EXPECT_TRUE(terminal_.shows("nothing was changed")) << terminal_.screen;
  EXPECT_TRUE(is_same(terminal_.state(), before_));
  EXPECT_FALSE(has(terminal_.screen, "seven")) << terminal_.screen;
  EXPECT_FALSE(has_password());
}

}  // namespace
}  // namespace usher::ctl
