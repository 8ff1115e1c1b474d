// The keys of [mail] fit together, or there is no start.
#include <gtest/gtest.h>

#include "daemon/config.hpp"

namespace usher::daemon {
namespace {

std::string complaint(std::string_view toml) {
  const auto config = parse_config(toml, "usher.toml");
  return config.has_value() ? "" : std::string(config.error().text());
}

TEST(ConfigMail, TakesAMailServerOnlyWithAllItTakesToSend) {
  const auto config = parse_config(
      "[mail]\nserver = \"mail.acme.example\"\nlogin = \"plain\"\nuser = \"usher\"\n"
      "from = \"no-reply@acme.example\"\n",
      "usher.toml");
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_TRUE(config->mail.is_set());
  EXPECT_FALSE(Config{}.mail.is_set());
  EXPECT_EQ(complaint("[mail]\nserver = \"mail.acme.example\"\n"),
            "usher.toml:1: mail.from must be set where mail.server is: the sender's address");
  const std::string server = "[mail]\nserver = \"m\"\nfrom = \"a@b\"\n";
  EXPECT_EQ(complaint(server + "login = \"plain\"\n"),
            "usher.toml:1: mail.user must be set with mail.login, and only with it");
  EXPECT_EQ(complaint(server + "user = \"ada\"\n"),
            "usher.toml:4: mail.user must be set with mail.login, and only with it");
}

TEST(ConfigMail, SwitchesNoLetterOffThatIsAlwaysSent) {
  EXPECT_EQ(complaint("notices.off = [\"sign-in-from-new-host\"]\n"), "");
  EXPECT_EQ(complaint("[notices]\noff = [\"password-expires\", \"contact-changed\"]\n"),
            "usher.toml:2: notices.off must be letters that may be off, and \"contact-changed\" is "
            "always sent");
  EXPECT_EQ(complaint("[notices]\noff = [\"contact\"]\n"),
            "usher.toml:2: notices.off must be names of letters, and \"contact\" is none");
}

TEST(ConfigMail, S8_NeverMakesAnAddressACondition) {
  EXPECT_EQ(complaint("[actions]\nconfirm_contact = \"required\"\n"),
            "usher.toml:2: actions.confirm_contact must be \"recommended\" or \"off\": it is asked "
            "for at every sign-in and never blocks one");
}

TEST(ConfigMail, TakesNoSenderWhoseMessageIdsWouldBeTooLong) {
  const std::string label = std::string(60, 'a') + ".";
  const std::string domain = label + label + label + std::string(38, 'b');  // 221 bytes
  ASSERT_EQ(domain.size(), 221U);
  const std::string keys = "[mail]\nserver = \"m\"\nfrom = \"a@";
  EXPECT_EQ(complaint(keys + domain + "\"\n"), "");
  EXPECT_EQ(
      complaint(keys + domain + "b\"\n"),
      "usher.toml:3: mail.from is too long: a Message-ID ends with its domain, of at most 221 "
      "bytes");
}

}  // namespace
}  // namespace usher::daemon
