// Before the first factor is proven nothing is written but the audit record, whatever is asked for,
// whatever is answered, and wherever the conversation breaks off.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/daemon/sign_in/blunt_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;

class Unwritten : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"ada", "bob", "carol", "dan"}) world_.add(name, "A Person");
    for (const char* name : {"ada", "bob", "dan"}) world_.give_password(name, kPassword);
    world_.give_app("ada");
    world_.suspend("bob");
  }
  static constexpr const char* kPassword = "correct horse battery";
  World world_;
};

TEST_F(Unwritten, HoldsForEveryFlowDoorNameAndAnswer) {
  const std::string before = world_.dump();
  const std::vector<std::vector<std::string>> answers = {
      {}, {""}, {"wrong"}, {"wrong", "000000"}, {"7K3M-9QPD-XW2R"}, {std::string(600, 'x')}};
  for (const Operation operation : {Operation::authenticate, Operation::account,
                                    Operation::prepare_change, Operation::change_password}) {
    for (const char* door :
         {"login", "sshd", "sudo", "su", "passwd", "passwd-by-root", "greeter", "locker"}) {
      for (const char* name : {"ada", "bob", "carol", "dan", "nobody", "N o", ""}) {
        for (const auto& answer : answers) {
          // account asks nothing, so what it may let in is not a refusal of a first factor.
          BluntPerson person(answer);
          const auto decided = world_.converse(operation, name, door, person);
          if (operation == Operation::authenticate || operation == Operation::change_password) {
            EXPECT_FALSE(decided.has_value() && decided->outcome == protocol::Outcome::accept);
          }
        }
      }
    }
  }
  EXPECT_EQ(world_.dump(), before);
}

TEST_F(Unwritten, HoldsAfterThePasswordWhileTheCodeIsMissing) {
  const std::string before = world_.dump();
  const std::string wrong = world_.app.wrong_code(world_.clock.now());
  for (const auto& answers : std::vector<std::vector<std::string>>{
           {kPassword}, {kPassword, ""}, {kPassword, wrong}, {kPassword, wrong, wrong, wrong}}) {
    BluntPerson person(answers);
    const auto decided = world_.converse(Operation::authenticate, "ada", "login", person);
    EXPECT_FALSE(decided.has_value() && decided->outcome == protocol::Outcome::accept);
    EXPECT_EQ(world_.dump(), before) << answers.size();
  }
}

// The comparison can fail: an enrolment that has begun is written.
TEST_F(Unwritten, EndsWithThePassword) {
  const std::string before = world_.dump();
  BluntPerson person({kPassword, "phone"});
  (void)world_.converse(Operation::authenticate, "dan", "login", person);
  EXPECT_NE(world_.dump(), before);
}

}  // namespace
}  // namespace usher::sign_in
