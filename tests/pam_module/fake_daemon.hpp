// A daemon that plays a script on a real socket, for a module under test in the same process.
// Every line of the script must be used up, and nobody may connect whom the script does not
// expect: both are checked when it ends.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"
#include "protocol/messages.hpp"

namespace usher::pam_module::test {

// The bytes of an encoded message.
std::string bytes_of(const Result<Secret>& frame);
std::string hello_frame(std::uint16_t version = protocol::kVersion);
std::string step_frame(std::uint32_t number, const protocol::Step& step);
std::string verdict_frame(const protocol::Verdict& verdict);

class FakeDaemon {
 public:
  // Listens at once; plays after start(). The directory must exist.
  explicit FakeDaemon(std::string socket_path);
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;
  ~FakeDaemon();

  const std::string& socket_path() const { return socket_path_; }
  // The largest uid the module has to trust: who runs the tests.
  static std::string options(const std::string& socket_path);

  // The script, in order.
  FakeDaemon& accept();
  FakeDaemon& expect_hello();
  FakeDaemon& greet() { return accept().expect_hello().send(hello_frame()); }
  FakeDaemon& expect_begin(std::function<void(const protocol::Begin&)> look = {});
  // greet(), then the begin frame of an operation.
  FakeDaemon& meet(protocol::Operation operation);
  FakeDaemon& step(const protocol::Step& step);
  FakeDaemon& expect_answer(protocol::AnswerKind kind, std::string text = {});
  FakeDaemon& decide(const protocol::Verdict& verdict) { return send(verdict_frame(verdict)); }
  FakeDaemon& send(std::string frame);
  FakeDaemon& send_with_descriptor(std::string frame);
  FakeDaemon& hang_up();
  // The module closes, and has sent nothing since the line before.
  FakeDaemon& expect_hang_up();
  FakeDaemon& run(std::function<void()> action);

  void start();
  // Joins, and checks what the class promises. The destructor does the same.
  void finish();

 private:
  using Line = std::function<void()>;
  FakeDaemon& add(Line line);
  void play();
  void fail(const std::string& why);
  // False when the test is over and nothing came.
  bool wait_for_input(int fd);
  std::string receive();

  std::string socket_path_;
  UniqueFd listener_;
  UniqueFd connection_;
  UniqueFd stop_read_, stop_write_;
  std::vector<Line> script_;
  std::size_t played_ = 0;
  bool failed_ = false;
  bool finished_ = false;
  std::uint32_t next_step_ = 41;  // any number will do, as long as it rises
  std::thread thread_;
};

}  // namespace usher::pam_module::test
