// The scenarios' own tools: a script that does not fit must fail its test.
#include "tests/daemon/sign_in/scripted_person.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/fakes/temporary_directory.hpp"

namespace usher::sign_in {
namespace {

class ScriptTest : public ::testing::Test {
 protected:
  Scenario read(std::string_view text) {
    std::ofstream(path_) << text;
    return read_scenario(path_);
  }
  fakes::TemporaryDirectory directory_;
  std::string path_ = directory_ / "story.scenario";
  World world_;
};

TEST_F(ScriptTest, IsReadInWordsAndSections) {
  const Scenario scenario = read(
      "# a comment\ncovers M7 P8\n\nrun\n  authenticate \"a b\" at login # here\nprompts\n"
      "  types \"\\\"q\\\" \\\\ \\n \\u00e9\"\naudit\n");
  EXPECT_TRUE(scenario.complaints.empty());
  EXPECT_EQ(scenario.name, "M7_P8_story");
  ASSERT_EQ(scenario.sections.size(), 3U);
  EXPECT_EQ(scenario.sections[0].lines[0].words.size(), 4U);
  EXPECT_EQ(scenario.sections[0].lines[0].word(1), "a b");
  EXPECT_EQ(scenario.sections[0].lines[0].number, 5);
  EXPECT_EQ(scenario.sections[1].lines[0].word(1), "\"q\" \\ \n \u00e9");
  EXPECT_TRUE(scenario.sections[2].lines.empty());
}

TEST_F(ScriptTest, ComplainsAboutWhatItCannotRead) {
  EXPECT_EQ(read("promps\n").complaints.size(), 1U);
  EXPECT_EQ(read("run\n  authenticate \"ada at login\n").complaints.size(), 1U);
  EXPECT_EQ(read("  a line before any section\n").complaints.size(), 1U);
}

TEST_F(ScriptTest, FailsWhenItIsNotUsedUp) {
  const Scenario scenario = read("prompts\n  asks \"Password: \"\n  types \"x\"\n");
  EXPECT_NONFATAL_FAILURE(
      {
        ScriptedPerson person(world_, scenario.path, scenario.sections[0].lines,
                              [](const Line&) {});
      },
      "the conversation ended before: asks");
}

TEST_F(ScriptTest, FailsWhenSomethingElseIsAsked) {
  const Scenario scenario = read("prompts\n  asks \"Password: \"\n  types \"x\"\n");
  const auto& lines = scenario.sections[0].lines;
  const auto ask = [&](const ports::Question& question) {
    ScriptedPerson person(world_, scenario.path, lines, [](const Line&) {});
    EXPECT_FALSE(person.ask(question).has_value());
  };
  EXPECT_NONFATAL_FAILURE(ask({"Code: "}), "asked \"Code: \"");
  EXPECT_NONFATAL_FAILURE(ask({"Password: ", ports::Echo::shown}), "asked shown");
}

TEST_F(ScriptTest, FailsWhenATextIsNotTheOneOrNotExpected) {
  const Scenario scenario = read("prompts\n  reads \"Welcome.\"\n");
  const auto& lines = scenario.sections[0].lines;
  const auto tell = [&](ports::Tone tone, std::string_view text) {
    ScriptedPerson person(world_, scenario.path, lines, [](const Line&) {});
    EXPECT_FALSE(person.tell(tone, text).has_value());
  };
  EXPECT_NONFATAL_FAILURE(tell(ports::Tone::info, "Welcome!"), "told \"Welcome!\"");
  EXPECT_NONFATAL_FAILURE(tell(ports::Tone::error, "Welcome."), "told error");
}

}  // namespace
}  // namespace usher::sign_in
