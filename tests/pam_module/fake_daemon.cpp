// The script's lines run on a thread of their own; every wait also ends when the test is over.
#include "fake_daemon.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace usher::pam_module::test {

using protocol::Header;
using protocol::MessageType;

std::string bytes_of(const Result<Secret>& frame) {
  if (!frame) {
    ADD_FAILURE() << "a frame of the script does not encode: " << frame.error().text();
    return {};
  }
  return std::string((*frame).view());
}

std::string hello_frame(std::uint16_t version) {
  return bytes_of(encode(Header{}, protocol::ServerHello{version}));
}

std::string step_frame(std::uint32_t number, const protocol::Step& step) {
  return bytes_of(encode(Header{protocol::kVersion, MessageType::step, number}, step));
}

std::string verdict_frame(const protocol::Verdict& verdict) {
  return bytes_of(encode(Header{}, verdict));
}

FakeDaemon::FakeDaemon(std::string socket_path) : socket_path_(std::move(socket_path)) {
  listener_.reset(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  EXPECT_LT(socket_path_.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, socket_path_.c_str(), socket_path_.size());
  EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0)
      << std::strerror(errno);
  EXPECT_EQ(::listen(listener_.get(), 16), 0);
  int ends[2] = {-1, -1};
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  stop_read_.reset(ends[0]);
  stop_write_.reset(ends[1]);
}

FakeDaemon::~FakeDaemon() {
  finish();
}

std::string FakeDaemon::options(const std::string& socket_path) {
  return "socket=" + socket_path + " server_uid=" + std::to_string(::getuid());
}

void FakeDaemon::start() {
  if (!thread_.joinable() && !finished_) thread_ = std::thread([this] { play(); });
}

void FakeDaemon::finish() {
  if (finished_) return;
  finished_ = true;
  stop_write_.reset();
  if (thread_.joinable()) thread_.join();
  if (!failed_) {
    EXPECT_EQ(played_, script_.size()) << "lines of the daemon's script were not used";
    pollfd waiting{listener_.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&waiting, 1, 0), 0) << "somebody connected whom the script does not expect";
  }
  connection_.reset();
  listener_.reset();
  (void)::unlink(socket_path_.c_str());
}

void FakeDaemon::play() {
  while (played_ < script_.size() && !failed_) {
    script_[played_]();
    if (!failed_) ++played_;
  }
}

void FakeDaemon::fail(const std::string& why) {
  failed_ = true;
  ADD_FAILURE() << "line " << played_ + 1 << " of the daemon's script: " << why;
}

bool FakeDaemon::wait_for_input(int fd) {
  pollfd entries[2] = {{fd, POLLIN, 0}, {stop_read_.get(), POLLIN, 0}};
  while (::poll(entries, 2, -1) < 0 && errno == EINTR) {
  }
  return entries[0].revents != 0;
}

std::string FakeDaemon::receive() {
  if (!wait_for_input(connection_.get())) {
    fail("nothing was sent");
    return {};
  }
  std::string frame(protocol::kMaxFrame + 1, '\0');
  const ssize_t count = ::recv(connection_.get(), frame.data(), frame.size(), 0);
  if (count <= 0) {
    fail("the module hung up");
    return {};
  }
  frame.resize(static_cast<std::size_t>(count));
  return frame;
}

FakeDaemon& FakeDaemon::add(Line line) {
  script_.push_back(std::move(line));
  return *this;
}

FakeDaemon& FakeDaemon::accept() {
  return add([this] {
    if (!wait_for_input(listener_.get())) return fail("nobody connected");
    connection_.reset(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection_.valid()) fail("cannot accept");
  });
}

FakeDaemon& FakeDaemon::expect_hello() {
  return add([this] {
    const std::string frame = receive();
    if (!failed_ && !protocol::decode_client_hello(frame)) fail("not a hello");
  });
}

FakeDaemon& FakeDaemon::expect_begin(std::function<void(const protocol::Begin&)> look) {
  return add([this, look] {
    const std::string frame = receive();
    if (failed_) return;
    const auto begin = protocol::decode_begin(frame);
    if (!begin) return fail("not a begin");
    if (look) look(*begin);
  });
}

FakeDaemon& FakeDaemon::meet(protocol::Operation operation) {
  return greet().expect_begin(
      [operation](const protocol::Begin& begin) { EXPECT_EQ(begin.operation, operation); });
}

FakeDaemon& FakeDaemon::step(const protocol::Step& step) {
  return send(step_frame(++next_step_, step));
}

FakeDaemon& FakeDaemon::expect_answer(protocol::AnswerKind kind, std::string text) {
  return add([this, kind, text, number = next_step_] {
    const std::string frame = receive();
    if (failed_) return;
    const auto header = protocol::decode_header(frame);
    const auto answer = protocol::decode_answer(frame);
    if (!header || !answer) return fail("not an answer");
    EXPECT_EQ((*header).request_id, number);
    EXPECT_EQ((*answer).kind, kind);
    EXPECT_EQ((*answer).text, text);
  });
}

FakeDaemon& FakeDaemon::send(std::string frame) {
  return add([this, frame] {
    const ssize_t sent = ::send(connection_.get(), frame.data(), frame.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(frame.size())) fail("cannot send");
  });
}

FakeDaemon& FakeDaemon::send_with_descriptor(std::string frame) {
  return add([this, frame]() mutable {
    iovec part{frame.data(), frame.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int passed = stop_read_.get();
    std::memcpy(CMSG_DATA(header), &passed, sizeof passed);
    if (::sendmsg(connection_.get(), &message, MSG_NOSIGNAL) < 0) fail("cannot send");
  });
}

FakeDaemon& FakeDaemon::hang_up() {
  return add([this] { connection_.reset(); });
}

FakeDaemon& FakeDaemon::expect_hang_up() {
  return add([this] {
    if (!wait_for_input(connection_.get())) return fail("the module keeps the connection");
    char byte = 0;
    if (::recv(connection_.get(), &byte, sizeof byte, 0) > 0) fail("the module sent something");
  });
}

FakeDaemon& FakeDaemon::run(std::function<void()> action) {
  return add(std::move(action));
}

}  // namespace usher::pam_module::test
