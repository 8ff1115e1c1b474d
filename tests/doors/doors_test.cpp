// A transcript for each front end: the same visits at every door, through the built module, libpam
// and the daemon's own conversation, compared with tests/doors/transcripts. What is not the same in
// every run stands there by its name. USHER_ACCEPT=1 writes the files anew: read the difference.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <security/pam_appl.h>
#include <sys/socket.h>

#include <cstdlib>
#include <cstring>
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
constexpr const char* kService = "a-door";     // [front_ends] says which front end it is
constexpr const char* kName = "ada.lovelace";  // no passwd file knows her

// The daemon's end: one conversation after the other, as the server has them.
class Hall {
 public:
  Hall(World& world, const std::string& path)
      : world_(world),
        listener_(os::bind_socket(path, SOCK_SEQPACKET).release_value()),
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
  Visitor(World& world, const std::string& socket, const FrontEnd& front_end)
      : world_(world), front_end_(front_end) {
    std::ofstream service(directory_ / kService);
    for (const char* facility : {"auth", "account", "password"}) {
      service << facility << " required " << USHER_MODULE << " " << FakeDaemon::options(socket)
              << "\n"
              << facility << " optional " << USHER_PROBE_MODULE << "\n";
    }
  }

  // What is typed first, and where the code is asked for.
  std::string first, code;

  std::string visit(const char* title) {
    seen_ = fmt::format("--- {}\n", title);
    const pam_conv conversation{converse_of, this};
    pam_handle_t* handle = nullptr;
    EXPECT_EQ(pam_start_confdir(kService, kName, &conversation, directory_.path().c_str(), &handle),
              PAM_SUCCESS);
    EXPECT_EQ(pam_set_item(handle, PAM_TTY, "/dev/tty1"), PAM_SUCCESS);
    const int code_of_pam = front_end_.name == "passwd" ? pam_chauthtok(handle, 0) : enter(handle);
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

 private:
  static int enter(pam_handle_t* handle) {
    const int authenticated = pam_authenticate(handle, 0);
    return authenticated == PAM_SUCCESS ? pam_acct_mgmt(handle, 0) : authenticated;
  }

  std::string answer(std::string_view question) {
    const auto asks = [&](const char* text) { return question.find(text) != question.npos; };
    if (asks("Password and code: ")) return first + code;
    if (asks("New password")) return kNewPassword;
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
  const FrontEnd& front_end_;
  PrivateDirectory directory_;
  std::string seen_;
};

// A person who has done everything, one who has no app yet, and one on their first day.
std::string visits(World& world, Visitor& visitor) {
  std::string seen;
  const auto now = [&] { return world.clock.now(); };
  world.add(kName, "Ada Lovelace");
  visitor.first = world.code;
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
  world.demand_new_password(kName);
  visitor.first = kPassword;
  visitor.code = world.app.code(now(), 0);
  seen += visitor.visit("a password that must be changed");
  return seen;
}

// passwd lets nobody in: it asks for the old password and for a new one.
std::string visits_to_change(World& world, Visitor& visitor) {
  std::string seen;
  world.add(kName, "Ada Lovelace");
  visitor.first = world.code;
  seen += visitor.visit("before the first sign-in, with the administrator's code");
  world.give_password(kName, kPassword);
  visitor.first = "not the password";
  seen += visitor.visit("a wrong password");
  visitor.first = kPassword;
  seen += visitor.visit("another password");
  visitor.first = kNewPassword;
  seen += visitor.visit("the same password again");
  world.suspend(kName);
  seen += visitor.visit("while the account is suspended");
  return seen;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Doors : public ::testing::TestWithParam<std::string> {};

TEST_P(Doors, P2_P3_ShowWhatTheTranscriptOfTheirFrontEndSays) {
  const FrontEnd& front_end = *find_front_end(GetParam());
  World world;
  world.set("front_ends.a-door = \"" + GetParam() + "\"");
  world.do_not_wait();
  const PrivateDirectory directory;
  const Hall hall(world, directory / "login.sock");
  Visitor visitor(world, directory / "login.sock", front_end);
  const bool changes = front_end.name == "passwd";
  const std::string seen = changes ? visits_to_change(world, visitor) : visits(world, visitor);
  const std::string path =
      fmt::format("{}/tests/doors/transcripts/{}.txt", USHER_SOURCE_DIR, GetParam());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets it
  if (std::getenv("USHER_ACCEPT") != nullptr) std::ofstream(path) << seen;
  EXPECT_EQ(seen, content_of(path)) << path;
}

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const FrontEnd& front_end : front_ends()) list.emplace_back(front_end.name);
  return list;
}
INSTANTIATE_TEST_SUITE_P(Each, Doors, ::testing::ValuesIn(names()), [](const auto& row) {
  std::string name = row.param;
  std::erase(name, '-');
  return name;
});

}  // namespace
}  // namespace usher::daemon
