// Before a byte is sent: does the way to the socket belong to root or the server alone?
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "protocol/login_client.hpp"

namespace usher::protocol {
namespace {

namespace fs = std::filesystem;

// Neither root nor us.
constexpr Uid kStranger{12345};

UniqueFd bind_at(const std::string& path, int type = SOCK_SEQPACKET) {
  UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  EXPECT_EQ(::bind(fd.get(), generic, sizeof address), 0) << path;
  return fd;
}

class SocketPathTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = "/tmp/usher-path-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    ASSERT_EQ(::chmod(root_.c_str(), 0755), 0);
    run_ = root_ + "/run";
    ASSERT_EQ(::mkdir(run_.c_str(), 0755), 0);
    socket_ = run_ + "/login.sock";
    bound_ = bind_at(socket_);
  }
  void TearDown() override { fs::remove_all(root_); }

  static Result<void> check(const std::string& path, Uid server = Uid{::geteuid()}) {
    return check_socket_path({path, server});
  }
  static Errc why_refused(const std::string& path, Uid server = Uid{::geteuid()}) {
    const Result<void> checked = check(path, server);
    EXPECT_FALSE(checked.has_value()) << path;
    return checked.error().code();
  }

  std::string root_, run_, socket_;
  UniqueFd bound_;
};

TEST_F(SocketPathTest, TakesASocketInDirectoriesOfItsOwner) {
  const Result<void> checked = check(socket_);
  EXPECT_TRUE(checked.has_value()) << checked.error().text();
}

TEST_F(SocketPathTest, TakesAStickyDirectoryThatEverybodyMayWrite) {
  // /tmp itself is one; so is this.
  ASSERT_EQ(::chmod(run_.c_str(), 01777), 0);
  EXPECT_TRUE(check(socket_));
}

TEST_F(SocketPathTest, RefusesADirectoryThatOthersCanWrite) {
  for (const mode_t mode : {0775U, 0757U, 0777U}) {
    ASSERT_EQ(::chmod(run_.c_str(), mode), 0);
    EXPECT_EQ(why_refused(socket_), Errc::not_permitted);
  }
}

TEST_F(SocketPathTest, RefusesAWritableDirectoryFurtherUp) {
  ASSERT_EQ(::chmod(root_.c_str(), 0777), 0);
  EXPECT_EQ(why_refused(socket_), Errc::not_permitted);
}

TEST_F(SocketPathTest, RefusesWhatBelongsToSomebodyElse) {
  if (::geteuid() != 0) {
    // Everything here is ours: then we are the stranger.
    EXPECT_EQ(why_refused(socket_, kRootUid), Errc::not_permitted);
    return;
  }
  ASSERT_EQ(::lchown(socket_.c_str(), kStranger.number, kStranger.number), 0);
  EXPECT_EQ(why_refused(socket_), Errc::not_permitted);
  EXPECT_TRUE(check(socket_, kStranger));
  ASSERT_EQ(::chown(run_.c_str(), kStranger.number, kStranger.number), 0);
  ASSERT_EQ(::lchown(socket_.c_str(), 0, 0), 0);
  EXPECT_EQ(why_refused(socket_), Errc::not_permitted);
  EXPECT_TRUE(check(socket_, kStranger));
}

TEST_F(SocketPathTest, FollowsNoSymbolicLink) {
  fs::create_directory_symlink(run_, root_ + "/link");
  EXPECT_FALSE(check(root_ + "/link/login.sock"));
  fs::create_symlink(socket_, run_ + "/alias.sock");
  EXPECT_EQ(why_refused(run_ + "/alias.sock"), Errc::not_permitted);
}

TEST_F(SocketPathTest, RefusesWhatIsNoSocket) {
  std::ofstream(run_ + "/file").put('x');
  EXPECT_EQ(why_refused(run_ + "/file"), Errc::not_permitted);
  EXPECT_EQ(why_refused(run_), Errc::not_permitted);
  EXPECT_FALSE(check(run_ + "/file/login.sock"));
}

TEST_F(SocketPathTest, SaysWhenNothingIsThere) {
  EXPECT_EQ(why_refused(run_ + "/none.sock"), Errc::not_found);
  EXPECT_EQ(why_refused(root_ + "/none/login.sock"), Errc::not_found);
}

TEST_F(SocketPathTest, WantsAnAbsolutePath) {
  for (const char* path : {"", "/", "login.sock", "run/login.sock", "./login.sock", "@abstract"}) {
    EXPECT_EQ(why_refused(path), Errc::invalid_input) << path;
  }
}

TEST_F(SocketPathTest, RefusesAnEmptyLastName) {
  EXPECT_FALSE(check(run_ + "/"));
  EXPECT_FALSE(check(socket_ + "/"));
  EXPECT_FALSE(check("//"));
}

TEST_F(SocketPathTest, RefusesANameNoFileCanHave) {
  EXPECT_FALSE(check(run_ + "/" + std::string(256, 'n')));
  EXPECT_FALSE(check(run_ + "/" + std::string(256, 'n') + "/login.sock"));
}

TEST_F(SocketPathTest, ConnectsToNobodyWhoDoesNotListen) {
  EXPECT_FALSE(LoginClient::connect({socket_, Uid{::geteuid()}}));
}

TEST_F(SocketPathTest, RefusesAPathTheKernelCannotHold) {
  const std::string deep = run_ + "/" + std::string(100, 'd');
  ASSERT_EQ(::mkdir(deep.c_str(), 0755), 0);
  // Bound under a short name and moved: the way is right, the address would be cut.
  ASSERT_EQ(::rename(socket_.c_str(), (deep + "/login.sock").c_str()), 0);
  const auto client = LoginClient::connect({deep + "/login.sock", Uid{::geteuid()}});
  ASSERT_FALSE(client.has_value());
  EXPECT_EQ(client.error().code(), Errc::invalid_input);
}

}  // namespace
}  // namespace usher::protocol
