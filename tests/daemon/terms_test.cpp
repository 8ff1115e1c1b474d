// The files of terms: what they may hold, and that another text is another version.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "daemon/config.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::daemon {
namespace {

TEST(Terms, HaveTheDigestOfTheirTextAsVersion) {
  const auto terms = terms_of("/t", "Be kind.\n");
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->text, "Be kind.");
  // sha256sum, without the line feed at the end.
  EXPECT_EQ(terms->version, "5499befb38dbf3fcc08107141cb2a9e7f42a6aae403361dc3601b8296d7967ea");
  EXPECT_EQ(terms_of("/t", "Be kind.")->version, terms->version);
  EXPECT_NE(terms_of("/t", "Be kind!")->version, terms->version);
}

TEST(Terms, AreTextThatFitsOneStep) {
  EXPECT_TRUE(terms_of("/t", std::string(kMaxTerms, 'x')));
  EXPECT_TRUE(terms_of("/t", "Être aimable,\nverrouiller l'écran."));
  for (const std::string& text :
       {std::string(), std::string("\n\n"), std::string("a\x1b[2J"), std::string("a\tb"),
        std::string("\xff"), std::string(kMaxTerms + 1, 'x')}) {
    const auto terms = terms_of("/etc/usher/t", text);
    ASSERT_FALSE(terms) << text;
    EXPECT_NE(terms.error().text().find("/etc/usher/t: terms must be "), std::string::npos);
  }
}

class TermsFiles : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name) << text;
  }
  Result<Config> load() { return load_config(directory_ / "usher.toml", true); }

  fakes::TemporaryDirectory directory_;
};

TEST_F(TermsFiles, AreReadWithTheSettingsAndReportedWhenTheyChange) {
  write("terms.txt", "Be kind.");
  write("usher.toml", "[terms]\nfile = \"" + (directory_ / "terms.txt") + "\"\n");
  const auto before = load();
  ASSERT_TRUE(before) << before.error().text();
  ASSERT_EQ(before->terms.size(), 1U);
  EXPECT_EQ(before->terms[0].text, "Be kind.");
  write("terms.txt", "Be kind, always.");
  EXPECT_NE(load()->said, before->said);
}

TEST_F(TermsFiles, StopTheStartWhenTheyAreMissingOrOpenToOthers) {
  write("usher.toml", "[terms]\nfile = \"" + (directory_ / "terms.txt") + "\"\n");
  EXPECT_FALSE(load());
  write("terms.txt", "Be kind.");
  ASSERT_EQ(::chmod((directory_ / "terms.txt").c_str(), 0666), 0);
  EXPECT_FALSE(load());
}

}  // namespace
}  // namespace usher::daemon
