// A transcript for each door: the same visits at every front end, with the flags PAM has from the
// programs there, through the built module, libpam and the daemon's own conversation, compared with
// tests/doors/transcripts. What is not the same in every run stands there by its name.
// USHER_ACCEPT=1 writes the files anew: read the difference.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <security/pam_appl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <thread>

#include "daemon/admission.hpp"
#include "daemon/conversation.hpp"
#include "daemon/os/listening_socket.hpp"
#include "tests/daemon/sign_in/world.hpp"
#include "tests/pam_module/application.hpp"

namespace usher::daemon {
namespace {

using pam_module::test::FakeDaemon;
using pam_module::test::PrivateDirectory;
using sign_in::World;

constexpr const char* kPassword = "seven green kites";
constexpr const char* kNewPassword = "eight blue anvils";
constexpr const char* kNextPassword = "nine tin drums";
constexpr const char* kService = "a-door";     // [front_ends] says which front end it is
constexpr const char* kName = "ada.lovelace";  // no passwd file knows her

// What a program passes to pam_authenticate and to what follows. Under kSilent questions are shown,
// with what is folded into them, and nothing else is.
constexpr int kShown = 0;
constexpr int kSilent = static_cast<int>(PAM_SILENT);

struct Door {
  const char* name;  // of the transcript
  const char* front_end;
  int flags;
};
constexpr std::array kDoors{
    Door{"other", "other", kShown},
    Door{"test", "test", kShown},
    Door{"login", "login", kShown},
    Door{"greeter", "greeter", kShown},
    // A program that an administrator maps to a greeter's row.
    Door{"greeter-silent", "greeter", kSilent},
    Door{"greeter-once", "greeter-once", kShown},
    // src/pam.c of LXDM: silent in auth and in account.
    Door{"lxdm", "greeter-once", kSilent},
    Door{"sshd", "sshd", kShown},
    Door{"sshd-password", "sshd-password", kShown},
    // plugins/sudoers/auth/pam.c: silent in auth and in account; from 1.9.16 on sudoers may say
    // otherwise, with `Defaults !pam_silent`.
    Door{"sudo", "sudo", kSilent},
    Door{"sudo-not-silent", "sudo", kShown},
    Door{"su", "su", kShown},
    Door{"locker", "locker", kShown},
    Door{"locker-once", "locker-once", kShown},
    Door{"polkit", "polkit", kShown},
    Door{"passwd", "passwd", kShown},
    // passwd -q, of shadow.
    Door{"passwd-quiet", "passwd", kSilent},
};

// The daemon's end: one conversation after the other, as the server has them.
class Hall {
 public:
  Hall(World& world, const std::string& path)
      : world_(world),
        listener_(os::bind_socket(path, SOCK_SEQPACKET, os::Reach::everybody).release_value()),
        thread_([this] { serve(); }) {}
  Hall(const Hall&) = delete;
  Hall& operator=(const Hall&) = delete;
  ~Hall() {
    (void)::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }

 private:
  void serve() {
    Services services = world_.services();
    Admission admission(services.config);
    while (true) {
      pollfd ready{listener_.get(), POLLIN, 0};
      (void)::poll(&ready, 1, -1);
      const UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!connection.valid()) return;
      (void)serve_login(services, admission, connection.get(), Uid{::geteuid()});
    }
  }

  World& world_;
  UniqueFd listener_;
  std::thread thread_;
};

// A program that asks PAM, and whoever sits in front of it.
class Visitor {
 public:
  Visitor(World& world, const std::string& socket, const Door& door) : world_(world), door_(door) {
    std::ofstream service(directory_ / kService);
    for (const char* facility : {"auth", "account", "password"}) {
      service << facility << " required " << USHER_MODULE << " " << FakeDaemon::options(socket)
              << "\n"
              << facility << " optional " << USHER_PROBE_MODULE << "\n";
    }
  }

  // What is typed first, and where the code is asked for.
  std::string first, code;
  // What is typed where a new password is asked for, one after the other.
  std::deque<std::string> fresh;

  std::string visit(const char* title) {
    seen_ = fmt::format("--- {}\n", title);
    const pam_conv conversation{converse_of, this};
    pam_handle_t* handle = nullptr;
    EXPECT_EQ(pam_start_confdir(kService, kName, &conversation, directory_.path().c_str(), &handle),
              PAM_SUCCESS);
    EXPECT_EQ(pam_set_item(handle, PAM_TTY, "/dev/tty1"), PAM_SUCCESS);
    const int code_of_pam = changes() ? pam_chauthtok(handle, door_.flags) : enter(handle);
    seen_ += fmt::format("=> {}\n", pam_strerror(handle, code_of_pam));
    for (const char* token : {"PROBE_AUTHTOK", "PROBE_OLDAUTHTOK"}) {
      const char* value = pam_getenv(handle, token);
      if (value != nullptr && code_of_pam == PAM_SUCCESS) {
        seen_ += fmt::format("   {}: {}\n", token + 6, value);
      }
    }
    EXPECT_EQ(pam_end(handle, code_of_pam), PAM_SUCCESS);
    return seen_;
  }

  // passwd lets nobody in: it asks for the old password and for a new one.
  bool changes() const { return door_.front_end == std::string_view("passwd"); }

 private:
  int enter(pam_handle_t* handle) const {
    const int authenticated = pam_authenticate(handle, door_.flags);
    return authenticated == PAM_SUCCESS ? pam_acct_mgmt(handle, door_.flags) : authenticated;
  }

  std::string next_password() {
    if (fresh.empty()) return "";
    chosen_ = fresh.front();
    fresh.pop_front();
    return chosen_;
  }

  std::string answer(std::string_view question) {
    const auto asks = [&](const char* text) { return question.find(text) != question.npos; };
    if (asks("Password and code: ")) return first + code;
    if (asks("New password again")) return chosen_;
    if (asks("New password")) return next_password();
    if (asks("assword: ")) return first;
    if (asks("app: ")) return world_.app.code(world_.clock.now(), 0);
    if (asks("Code: ")) return std::exchange(code, "");
    return "";
  }

  // By its name, where it is another one in each run.
  std::string shown(const std::string& typed) const {
    if (typed.empty()) return "(Enter)";
    std::string text = typed;
    const auto named = [&](const std::string& what, const char* name) {
      const std::size_t at = what.empty() ? text.npos : text.find(what);
      if (at != text.npos) text.replace(at, what.size(), name);
    };
    named(world_.code, "(the administrator's code)");
    if (!world_.app.key().empty()) {
      named(world_.app.code(world_.clock.now(), 0), "(the app's code)");
      named(world_.app.wrong_code(world_.clock.now()), "(a wrong code)");
    }
    return text;
  }

  static bool is_drawn(std::string line) {
    bool block = false;
    for (const std::string_view piece : {"\u2588", "\u2580", "\u2584"}) {
      for (std::size_t at = line.find(piece); at != line.npos; at = line.find(piece)) {
        line.erase(at, piece.size());
        block = true;
      }
    }
    return block && line.find_first_not_of(' ') == line.npos;
  }

  static std::string masked(const std::string& text) {
    static const std::regex key("([A-Z2-7]{4} ){7}[A-Z2-7]{4}");
    static const std::regex code("^  [0-9a-f]{4}(-[0-9a-f]{4}){3}$");
    std::string whole;
    std::istringstream lines(text);
    std::string last;
    for (std::string line; std::getline(lines, line);) {
      if (is_drawn(line)) line = "(a QR code)";
      line = std::regex_replace(line, code, "  (a recovery code)");
      line = std::regex_replace(line, key, "(the key)");
      // A drawing is one line, ten codes another.
      if (line != last || !line.ends_with(')')) whole += (whole.empty() ? "" : "\n") + line;
      last = line;
    }
    return whole;
  }

  static const char* name_of(int style) {
    switch (style) {
      case PAM_PROMPT_ECHO_OFF:
        return "hidden";
      case PAM_PROMPT_ECHO_ON:
        return "shown ";
      case PAM_ERROR_MSG:
        return "error ";
      default:
        return "info  ";
    }
  }

  int converse(const pam_message& message, pam_response& response) {
    const std::string text = message.msg;
    std::string line = masked(text);
    for (std::size_t at = line.find('\n'); at != line.npos; at = line.find('\n', at + 1)) {
      line.replace(at, 1, "\n       | ");
    }
    const bool asks =
        message.msg_style == PAM_PROMPT_ECHO_OFF || message.msg_style == PAM_PROMPT_ECHO_ON;
    if (const std::string key = sign_in::shown_key(text); !key.empty()) world_.app.scan(key);
    const std::string typed = asks ? answer(text) : "";
    seen_ += fmt::format("{} | {}{}\n", name_of(message.msg_style), line, asks ? shown(typed) : "");
    if (asks) response.resp = ::strdup(typed.c_str());
    return PAM_SUCCESS;
  }

  static int converse_of(int count, const pam_message** messages, pam_response** responses,
                         void* self) {
    EXPECT_EQ(count, 1) << "several messages at once break some greeters";
    *responses = static_cast<pam_response*>(std::calloc(1, sizeof(pam_response)));
    return static_cast<Visitor*>(self)->converse(*messages[0], **responses);
  }

  World& world_;
  const Door& door_;
  PrivateDirectory directory_;
  std::string seen_;
  std::string chosen_;
};

// On the first day, with no app yet, and with everything done.
std::string visits(World& world, Visitor& visitor) {
  std::string seen;
  const auto now = [&] { return world.clock.now(); };
  world.add(kName, "Ada Lovelace");
  visitor.first = world.code;
  visitor.fresh = {kNewPassword};
  seen += visitor.visit("the first sign-in, with the administrator's code");
  world.give_password(kName, kPassword);
  if (world.device_name(kName).empty()) {
    visitor.first = kPassword;
    seen += visitor.visit("a password, and no second factor yet");
    world.give_app(kName);
  }
  world.clock.turn(std::chrono::seconds(30));
  visitor.first = kPassword;
  visitor.code = world.app.code(now(), 0);
  seen += visitor.visit("the password and the code");
  world.clock.turn(std::chrono::seconds(30));
  visitor.code = world.app.wrong_code(now());
  seen += visitor.visit("a wrong code, then nothing");
  visitor.first = "not the password";
  visitor.code = world.app.code(now(), 0);
  seen += visitor.visit("a wrong password");
  return seen;
}

// What no door lets pass: where a new password can be asked for, the one in use and then another.
std::string visits_with_a_demand(World& world, Visitor& visitor, Lifecycle lifecycle) {
  std::string seen;
  const auto come = [&](const char* title, std::deque<std::string> fresh) {
    world.clock.turn(std::chrono::seconds(30));
    visitor.first = kPassword;
    visitor.code = world.app.code(world.clock.now(), 0);
    visitor.fresh = std::move(fresh);
    return visitor.visit(title);
  };
  world.demand_new_password(kName);
  if (lifecycle == Lifecycle::allowed) {
    seen += come("a password that must be changed, and only used ones are typed",
                 {kPassword, kNewPassword, kPassword});
  }
  return seen + come("a password that must be changed", {kPassword, kNextPassword});
}

std::string visits_to_change(World& world, Visitor& visitor) {
  std::string seen;
  world.add(kName, "Ada Lovelace");
  visitor.first = world.code;
  seen += visitor.visit("before the first sign-in, with the administrator's code");
  world.give_password(kName, kPassword);
  visitor.first = "not the password";
  seen += visitor.visit("a wrong password");
  visitor.first = kPassword;
  visitor.fresh = {kNewPassword};
  seen += visitor.visit("another password");
  visitor.first = kNewPassword;
  visitor.fresh = {kNewPassword, kNextPassword};
  seen += visitor.visit("the same password again, then another");
  visitor.first = kNextPassword;
  visitor.fresh = {kNextPassword, kNewPassword, kNextPassword};
  seen += visitor.visit("only used ones");
  world.suspend(kName);
  seen += visitor.visit("while the account is suspended");
  return seen;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Doors : public ::testing::TestWithParam<Door> {};

TEST_P(Doors, P2_P3_ShowWhatTheirTranscriptSays) {
  const FrontEnd& front_end = *find_front_end(GetParam().front_end);
  World world;
  world.set(fmt::format("front_ends.a-door = \"{}\"", front_end.name));
  world.do_not_wait();
  const PrivateDirectory directory;
  const Hall hall(world, directory / "login.sock");
  Visitor visitor(world, directory / "login.sock", GetParam());
  std::string seen;
  if (visitor.changes()) {
    seen = visits_to_change(world, visitor);
  } else {
    seen = visits(world, visitor);
    seen += visits_with_a_demand(world, visitor, front_end.lifecycle);
  }
  if (GetParam().flags == kSilent) {
    EXPECT_EQ(seen.find("\ninfo "), seen.npos);
    EXPECT_EQ(seen.find("\nerror"), seen.npos);
  }
  const std::string path =
      fmt::format("{}/tests/doors/transcripts/{}.txt", USHER_SOURCE_DIR, GetParam().name);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets it
  if (std::getenv("USHER_ACCEPT") != nullptr) std::ofstream(path) << seen;
  EXPECT_EQ(seen, content_of(path)) << path;
}
INSTANTIATE_TEST_SUITE_P(Each, Doors, ::testing::ValuesIn(kDoors), [](const auto& row) {
  std::string name = row.param.name;
  std::erase(name, '-');
  return name;
});

TEST(TheDoors, AreOfEveryFrontEnd) {
  for (const FrontEnd& front_end : front_ends()) {
    EXPECT_TRUE(std::ranges::any_of(kDoors, [&](const Door& door) {
      return door.front_end == front_end.name;
    })) << front_end.name;
  }
}

}  // namespace
}  // namespace usher::daemon
