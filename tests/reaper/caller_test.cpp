// Who may call: usherd, which owns the socket's file, and root.
#include "protocol/caller.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/reaper/named_socket.hpp"

namespace usher::reaper {
namespace {

using protocol::may_call;
using protocol::owner_of;
using protocol::peer_of;

constexpr Uid kUsherd{990};

TEST(ReaperCaller, IsUsherdOrRoot) {
  EXPECT_TRUE(may_call(kUsherd, kUsherd));
  EXPECT_TRUE(may_call(kRootUid, kUsherd));
}

TEST(ReaperCaller, IsNobodyElse) {
  for (const Uid peer : {Uid{1}, Uid{989}, Uid{1000}, Uid{1'900'000'001}, kOverflowUid}) {
    EXPECT_FALSE(may_call(peer, kUsherd)) << peer.number;
    EXPECT_FALSE(may_call(peer, kRootUid)) << peer.number;
  }
}

TEST(ReaperCaller, IsNotTheOverflowUidThoughItOwnedTheSocket) {
  EXPECT_FALSE(may_call(kOverflowUid, kOverflowUid));
}

TEST(ReaperCaller, IsReadFromTheConnectionAndTheFileItCameThrough) {
  const NamedSocket socket;
  EXPECT_EQ(*peer_of(socket.served.get()), Uid{::geteuid()});
  EXPECT_EQ(*owner_of(socket.served.get()), Uid{::geteuid()});
  if (::geteuid() != 0) return;
  ASSERT_EQ(::chown(socket.path.c_str(), 990, 0), 0);
  EXPECT_EQ(*owner_of(socket.served.get()), kUsherd);
}

TEST(ReaperCaller, IsUnknownWithoutAFile) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const UniqueFd one(ends[0]), other(ends[1]);
  EXPECT_FALSE(owner_of(one.get()));
  const NamedSocket socket;
  ASSERT_EQ(::unlink(socket.path.c_str()), 0);
  EXPECT_FALSE(owner_of(socket.served.get()));
  ASSERT_EQ(::symlink("/", socket.path.c_str()), 0);
  EXPECT_FALSE(owner_of(socket.served.get()));
}

}  // namespace
}  // namespace usher::reaper
