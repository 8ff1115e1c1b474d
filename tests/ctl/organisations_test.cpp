// usherctl org, and people's attributes, against a real admin socket.
#include <gtest/gtest.h>

#include "tests/ctl/ctl_world.hpp"

namespace usher::ctl {
namespace {

TEST_F(CtlWorld, OrganisationsAreAddedJoinedShownAndRemoved) {
  ASSERT_EQ(usherctl({"user", "add", "ada"}).exit_code, 0);
  EXPECT_EQ(usherctl({"org", "add", "acme", "--display-name", "Acme", "--support", "the desk"}).out,
            "Added acme.\n");
  EXPECT_EQ(usherctl({"org", "add", "acme"}).exit_code, 6);
  EXPECT_EQ(usherctl({"org", "add", "Acme"}).exit_code, 2);
  EXPECT_EQ(usherctl({"org", "set", "acme"}).exit_code, 2);
  EXPECT_EQ(usherctl({"org", "member", "add", "acme", "ada"}).out, "ada belongs to acme.\n");
  EXPECT_EQ(json({"user", "show", "ada"})["organisations"], admin::Json::array({"acme"}));
  EXPECT_EQ(json({"org", "show", "acme"})["people"], admin::Json::array({"ada"}));
  EXPECT_EQ(usherctl({"org", "show", "acme"}).out,
            "name          acme\n"
            "display name  Acme\n"
            "support       the desk\n"
            "added         2023-11-14T23:13:20+01:00\n"
            "people        ada\n");
  EXPECT_EQ(usherctl({"org", "member", "remove", "acme", "ada"}).exit_code, 0);
  EXPECT_EQ(usherctl({"org", "remove", "acme"}).exit_code, 0);
  EXPECT_EQ(usherctl({"org", "show", "acme"}).exit_code, 3);
}

TEST_F(CtlWorld, AttributesAreGivenAsNameAndValue) {
  ASSERT_EQ(usherctl({"user", "add", "ada"}).exit_code, 0);
  EXPECT_EQ(
      usherctl({"user", "set", "ada", "--attribute", "manager=bob", "--attribute", "team=a=b"})
          .exit_code,
      0);
  const admin::Json wanted = {{"manager", "bob"}, {"team", "a=b"}};
  EXPECT_EQ(json({"user", "show", "ada"})["attributes"], wanted);
  EXPECT_EQ(usherctl({"user", "set", "ada", "--attribute", "manager"}).exit_code, 2);
  EXPECT_EQ(usherctl({"user", "set", "ada", "--remove-attribute", "team"}).exit_code, 0);
  EXPECT_EQ(usherctl({"user", "set", "ada", "--remove-attribute", "team"}).exit_code, 6);
}

}  // namespace
}  // namespace usher::ctl
