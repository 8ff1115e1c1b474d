// usherctl against the real admin gate over a real socket: a thread accepts and serves, the test
// says who the callers are taken for.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <thread>

#include "base/unique_fd.hpp"
#include "ctl/run.hpp"
#include "daemon/admin/serve.hpp"
#include "tests/daemon/admin/admin_world.hpp"

namespace usher::ctl {

struct Ran {
  int exit_code = -1;
  std::string out;
  std::string err;
};

// A stream that is read back as text.
class MemoryStream {
 public:
  MemoryStream() : file_(::open_memstream(&text_, &size_)) {}
  ~MemoryStream() {
    (void)std::fclose(file_);
    std::free(text_);
  }
  MemoryStream(const MemoryStream&) = delete;
  MemoryStream& operator=(const MemoryStream&) = delete;
  std::FILE* file() { return file_; }
  std::string text() {
    (void)std::fflush(file_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* file_;
};

// Runs usherctl in this process. `in` is the terminal or file it may ask.
inline Ran run_usherctl(std::vector<std::string> arguments, std::FILE* in, const Host& host = {}) {
  arguments.insert(arguments.begin(), "usherctl");
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  MemoryStream out;
  MemoryStream err;
  Ran ran;
  ran.exit_code =
      run(static_cast<int>(argv.size()), argv.data(), {in, out.file(), err.file()}, host);
  ran.out = out.text();
  ran.err = err.text();
  return ran;
}

class CtlWorld : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TZ", "UTC-01", 1);  // an hour east of Greenwich
    ::tzset();
    socket_path_ = world_.directory() + "/admin.sock";
    listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket_path_.c_str(), socket_path_.size());
    ASSERT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener_.get(), 8), 0);
    server_ = std::thread([this] { serve(); });
    nothing_ = std::fopen("/dev/null", "r");
  }
  void TearDown() override {
    (void)::shutdown(listener_.get(), SHUT_RDWR);
    server_.join();
    (void)std::fclose(nothing_);
  }

  Ran usherctl(std::vector<std::string> arguments, const Host& host = {}) {
    arguments.insert(arguments.begin(), {"--socket", socket_path_});
    return run_usherctl(std::move(arguments), nothing_, host);
  }
  // As when usherd is started anew: whoever is connected must come again.
  void hang_up() { (void)::shutdown(connected_, SHUT_RDWR); }
  // The reply of a command that must succeed.
  admin::Json json(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    const Ran ran = usherctl(std::move(arguments));
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    auto parsed = protocol::varlink::parse_object(ran.out);
    EXPECT_TRUE(parsed) << ran.out;
    return parsed ? parsed.release_value() : admin::Json::object();
  }

  admin::AdminWorld world_;
  std::atomic<std::uint32_t> peer_uid_{0};
  std::string socket_path_;
  std::FILE* nothing_ = nullptr;

 private:
  void serve() {
    for (;;) {
      const UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!connection.valid()) return;
      connected_ = connection.get();
      (void)admin::serve_admin(connection.get(), admin::Peer{Uid{peer_uid_}},
                               [&](const auto& use) { use(world_.context()); }, {});
    }
  }
  std::atomic<int> connected_{-1};
  UniqueFd listener_;
  std::thread server_;
};

}  // namespace usher::ctl
