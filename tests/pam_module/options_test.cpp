// The module's options: what they mean, and that whatever else stands there makes it fail.
#include "pam_module/options.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "application.hpp"

namespace usher::pam_module::test {
namespace {

Result<Options> parse(const std::vector<const char*>& words) {
  return parse_options(Arguments(words.data(), words.size()));
}

TEST(Options, AreTheSystemSocketAndRootWhenNoneIsGiven) {
  const auto options = parse({});
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ((*options).server.socket_path, "/run/usher/login.sock");
  EXPECT_EQ((*options).server.uid, kRootUid);
  EXPECT_STREQ((*options).directory_file, "/var/lib/usher/public/directory.cdb");
  EXPECT_FALSE((*options).debug);
}

TEST(Options, NameTheSocketTheServerAndDebugging) {
  const auto options =
      parse({"socket=/srv/login.sock", "server_uid=991", "directory=/srv/d.cdb", "debug"});
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ((*options).server.socket_path, "/srv/login.sock");
  EXPECT_EQ((*options).server.uid, Uid{991});
  EXPECT_STREQ((*options).directory_file, "/srv/d.cdb");
  EXPECT_TRUE((*options).debug);
}

TEST(Options, GivenTwiceMeanTheLast) {
  const auto options = parse({"server_uid=991", "server_uid=992"});
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ((*options).server.uid, Uid{992});
}

TEST(Options, WithTheLargestUserIdAreUnderstood) {
  EXPECT_TRUE(parse({"server_uid=4294967294"}).has_value());
}

TEST(Options, ThatAreNotUnderstoodAreNamed) {
  for (const char* word : {"server_uid=",
                           "server_uid=-1",
                           "server_uid=+1",
                           "server_uid= 1",
                           "server_uid=1 ",
                           "server_uid=0x10",
                           "server_uid=usher",
                           "server_uid=4294967295",
                           "server_uid=4294967296",
                           "server_uid=65534",
                           "server_uid=18446744073709551616",
                           "server_uid",
                           "socket=",
                           "socket",
                           "directory=",
                           "directory=d.cdb",
                           "socket=login.sock",
                           "Debug",
                           "debug=1",
                           "debugger",
                           "",
                           "nullok",
                           "try_first_pass",
                           "use_first_pass",
                           "fail_open",
                           "server_uid=0,debug"}) {
    SCOPED_TRACE(word);
    const auto options = parse({"debug", word});
    ASSERT_FALSE(options.has_value());
    EXPECT_EQ(options.error().code(), Errc::invalid_input);
    EXPECT_NE(options.error().text().find(word), std::string_view::npos);
  }
}

TEST(Options, WithASocketThatNoAddressHoldsAreRefused) {
  const std::string longest = "socket=/" + std::string(106, 'a');
  EXPECT_TRUE(parse({longest.c_str()}).has_value());
  EXPECT_FALSE(parse({(longest + "a").c_str()}).has_value());
}

// The daemon would say yes: an option that is not understood must not let it.
TEST(Options, ThatAreNotUnderstoodFailEveryFunctionButSetcred) {
  for (const char* word : {"no_such_option", "server_uid=one"}) {
    SCOPED_TRACE(word);
    Door door(word);
    EXPECT_EQ(door.application.authenticate(), PAM_SERVICE_ERR);
    EXPECT_EQ(door.application.check_account(), PAM_SERVICE_ERR);
    EXPECT_EQ(door.application.change_password(), PAM_SERVICE_ERR);
    EXPECT_EQ(door.application.open_session(), PAM_SERVICE_ERR);
    EXPECT_EQ(door.application.close_session(), PAM_SERVICE_ERR);
  }
}

}  // namespace
}  // namespace usher::pam_module::test
