// usherd's side of the courier's socket, the built usher-courier at the other, and behind it a real
// mail server.
#include "daemon/post/serve.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <set>
#include <thread>

#include "protocol/varlink_connection.hpp"
#include "tests/courier/mail_server.hpp"
#include "tests/daemon/post/post_world.hpp"
#include "tests/reaper/named_socket.hpp"

namespace usher::post {
namespace {

using protocol::varlink::Client;

class CourierSocket : public PostWorld {
 protected:
  CourierSocket() {
    const sockaddr_un address = this->address();
    listening_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
            0 ||
        ::listen(listening_.get(), 8) != 0) {
      std::abort();
    }
    thread_ = std::thread([this] { serve(); });
  }
  ~CourierSocket() override { end(); }
  // The one that serves has ended.
  void end() {
    if (!thread_.joinable()) return;
    (void)::shutdown(listening_.get(), SHUT_RDWR);
    thread_.join();
  }
  Client client() { return Client::connect(path_, protocol::Deadline::after(10s)).release_value(); }
  UniqueFd connected() const {
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = this->address();
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    return socket;
  }
  static protocol::varlink::Reply call(Client& client, const protocol::varlink::Call& call) {
    return client.call(call, protocol::varlink::kCallSecret, protocol::Deadline::after(60s))
        .release_value();
  }

  std::string path_ = directory_ / "courier.sock";
  CourierPatience patience_;
  std::optional<Errc> ended_;  // of the last connection, unless it ended well; after end()

 private:
  sockaddr_un address() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    return address;
  }
  void serve() {
    for (;;) {
      const UniqueFd connection(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!connection.valid()) return;
      const auto served = serve_courier(connection.get(), *post_, patience_);
      if (!served) ended_ = served.error().code();
    }
  }
  UniqueFd listening_;
  std::thread thread_;
};

TEST_F(CourierSocket, GivesWorkAndHearsOfIt) {
  const std::string id = queue();
  Client courier = client();
  const auto taken = read_taken(call(courier, take_call()));
  ASSERT_TRUE(taken);
  EXPECT_EQ(std::get<Work>(*taken).id, id);
  const Report report{id, Outcome::sent, Cause::none, "250 ok"};
  EXPECT_TRUE(read_reported(call(courier, call_of(report))));
  EXPECT_EQ(read_reported(call(courier, call_of(report))).error().code(), Errc::not_found);
  EXPECT_EQ(message(id).state, store::MessageState::sent);
}

TEST_F(CourierSocket, SaysSoWhenThereIsNothing) {
  patience_.take = 1ms;
  Client courier = client();
  const auto taken = read_taken(call(courier, take_call()));
  ASSERT_TRUE(taken);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*taken));
}

TEST_F(CourierSocket, EndsWithAnythingElseThanItsMethods) {
  Client courier = client();
  protocol::varlink::Call other;
  other.method = "io.usher.Admin.GetStatus";
  const auto reply = call(courier, other);
  EXPECT_TRUE(std::holds_alternative<protocol::varlink::ReplyError>(reply));
}

TEST_F(CourierSocket, EndsTheConnectionOfWhoeverSaysNonsenseOrTooMuch) {
  for (const std::string& said : {std::string("nonsense") + '\0', std::string(4'096, 'x')}) {
    const UniqueFd courier = connected();
    ASSERT_EQ(::send(courier.get(), said.data(), said.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(said.size()));
    char answer = 0;
    EXPECT_LE(::recv(courier.get(), &answer, 1, 0), 0) << said.substr(0, 8);
  }
  end();
  EXPECT_EQ(ended_, Errc::invalid_input);
}

TEST_F(PostWorld, GivesNothingToWhoDoesNotOwnTheSocket) {
  if (::geteuid() != 0) GTEST_SKIP() << "connects under other uids";
  const std::string id = queue();
  for (const std::uint32_t peer : {1000U, 65534U}) {
    const reaper::NamedSocket socket(Uid{peer});
    ASSERT_EQ(::chown(socket.path.c_str(), 990, 0), 0);
    EXPECT_EQ(serve_courier(socket.served.get(), *post_, {}).error().code(), Errc::not_permitted);
  }
  EXPECT_EQ(message(id).tries, 0);
  reaper::NamedSocket owners(Uid{990});
  ASSERT_EQ(::chown(owners.path.c_str(), 990, 0), 0);
  owners.caller.reset();
  EXPECT_TRUE(serve_courier(owners.served.get(), *post_, {}));
}

// The program between the two real ends.
class CourierAtWork : public CourierSocket {
 protected:
  CourierAtWork() {
    settings_.server.host = "localhost";
    settings_.server.port = server_.starttls();
    settings_.server.ca_file = server_.ca_file();
  }
  ~CourierAtWork() override { stop(); }

  void start() {
    std::string words[] = {USHER_COURIER, "--socket", path_};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    std::string sanitizer = "ASAN_OPTIONS=detect_leaks=0";
    char* environment[] = {sanitizer.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ASSERT_EQ(::posix_spawn(&pid_, words[0].c_str(), &actions, nullptr, arguments, environment), 0);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  void stop() {
    if (pid_ == 0) return;
    (void)::kill(pid_, SIGKILL);
    (void)::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  static std::string message_id_of(const protocol::varlink::Json& mail) {
    for (const auto& header : mail.at("headers")) {
      if (header.at(0) == "Message-ID") return header.at(1).get<std::string>();
    }
    return "";
  }

  courier::MailServer server_;
  pid_t pid_ = 0;
};

TEST_F(CourierAtWork, SendsWhatIsQueued) {
  start();
  const std::string id = queue();
  await(store::MessageState::sent, 1);
  const auto mails = server_.mails();
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(message_id_of(mails[0]), "<" + id + "@acme.example>");
  EXPECT_EQ(message(id).tries, 1);
}

TEST_F(CourierAtWork, SaysWhyNothingLeaves) {
  settings_.server.ca_file = "";  // whom the machine trusts has not signed our server
  start();
  const std::string id = queue();
  {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, kPatience, [&] { return !told_.empty(); }));
  }
  EXPECT_EQ(post_->health(store::Service::mail).trouble->cause, Cause::untrusted);
  EXPECT_EQ(message(id).state, store::MessageState::queued);
  EXPECT_TRUE(server_.mails().empty());
}

TEST_F(CourierAtWork, SendsTextMessagesWhileNoMailLeaves) {
  courier::PythonServer gateway("sms_gateway.py");
  std::string port = gateway.line();
  port.pop_back();
  (void)gateway.ask({{"key", ""}, {"body", R"({"id":"m-1"})"}});
  set_gateway();
  sms_.gateway->url = "https://localhost:" + port + "/?to={to}&text={text}";
  sms_.gateway->sent = {"/id", {}};
  sms_.gateway->ca_file = gateway.ca_file();
  settings_.server.ca_file = "";  // whom the machine trusts has not signed our mail server
  const std::string mail = queue();
  const std::string id = queue_text();
  start();
  {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, kPatience, [&] {
      return message(id).state == store::MessageState::sent;
    })) << message(id).detail;
  }
  EXPECT_EQ(message(id).detail, "200 m-1");
  const auto requests = gateway.ask({{"requests", true}});
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0]["query"][1][1], "Your code is 90417265.");
  EXPECT_EQ(message(mail).state, store::MessageState::queued);
  EXPECT_EQ(post_->health(store::Service::mail).trouble->cause, Cause::untrusted);
}

// A courier that is killed between the sending and its report sends a message twice: at most one
// each time.
TEST_F(CourierAtWork, LosesNothingWhenItIsKilledAgainAndAgain) {
  constexpr int kMails = 200;
  constexpr int kKills = 10;
  start();
  for (int i = 0; i < kMails; ++i) (void)queue();
  for (int i = 1; i <= kKills; ++i) {
    await(store::MessageState::sent, i * (kMails / (kKills + 1)));
    stop();
    start();
  }
  await(store::MessageState::sent, kMails);
  const auto mails = server_.mails();
  std::set<std::string> arrived;
  for (const auto& mail : mails) arrived.insert(message_id_of(mail));
  EXPECT_EQ(arrived.size(), kMails) << "each arrives";
  EXPECT_LE(mails.size(), kMails + kKills);
}

}  // namespace
}  // namespace usher::post
