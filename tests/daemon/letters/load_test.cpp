// The administrator's own templates: what replaces what, who may have written them, and what is
// said about those that cannot be used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/daemon/letters/samples.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::letters {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using texts::Language;

constexpr std::string_view kOurs =
    "Subject: Hello {{login}}\n\nOur own words, {{login}}, at {{organisation}}, {{host}}, "
    "{{time}}.\n\n"
    "Ask {{support}}.\n";

class OwnTemplates : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::create_directories(root_ + "/en"));
    ASSERT_TRUE(std::filesystem::create_directories(root_ + "/fr"));
  }

  std::string write(const std::string& name, std::string_view text) {
    std::ofstream(root_ + "/" + name) << text;
    return root_ + "/" + name;
  }
  std::string complaint() const {
    const auto loaded = Templates::load(root_);
    return loaded ? "" : replaced(std::string(loaded.error().text()), root_, "DIR");
  }
  std::string written(Letter letter, Language language) const {
    const auto loaded = Templates::load(root_);
    if (!loaded) return std::string(loaded.error().text());
    const auto mail = loaded->render(letter, language, samples(row_of(letter)));
    if (!mail) return std::string(mail.error().text());
    return std::string(mail->subject.view()) + "|" + std::string(mail->text.view()) + "|" +
           std::string(mail->html.view());
  }

  fakes::TemporaryDirectory directory_;
  std::string root_ = directory_ / "templates";
};

TEST_F(OwnTemplates, TakeThePlaceOfOneLetterInOneLanguage) {
  write("en/password-changed.txt", kOurs);
  EXPECT_THAT(written(Letter::password_changed, Language::english),
              HasSubstr("Hello ada|Our own "));
  EXPECT_THAT(written(Letter::password_changed, Language::french), HasSubstr("a été modifié"));
  EXPECT_THAT(written(Letter::reset_done, Language::english), Not(HasSubstr("Our own")));
}

TEST_F(OwnTemplates, MayBeTheLayoutOfAll) {
  write("layout.html", "<html lang=\"{{language}}\"><h1>{{organisation}}</h1>{{{content}}}</html>");
  EXPECT_THAT(written(Letter::test, Language::french),
              HasSubstr("<html lang=\"fr\"><h1>Acme</h1><p>Ceci est un essai."));
}

TEST_F(OwnTemplates, AreTheBuiltInOnesWhereThereIsNoDirectory) {
  std::filesystem::remove_all(root_);
  EXPECT_EQ(complaint(), "");
  EXPECT_THAT(written(Letter::test, Language::english), HasSubstr("This is a test."));
  ASSERT_TRUE(std::filesystem::create_directory(root_));
  EXPECT_EQ(complaint(), "");
}

TEST_F(OwnTemplates, AreTheExamplesAsTheyAreShipped) {
  std::filesystem::remove_all(root_);
  std::filesystem::copy(USHER_TEMPLATES_DIR, root_, std::filesystem::copy_options::recursive);
  EXPECT_EQ(complaint(), "");
}

TEST_F(OwnTemplates, AreRefusedWithFileAndLine) {
  write("fr/password-changed.txt", replaced(std::string(kOurs), "{{time}}", "{{tiem}}"));
  EXPECT_EQ(complaint(),
            "DIR/fr/password-changed.txt:3: there is no {{tiem}} here: the nearest is {{time}}");
}

TEST_F(OwnTemplates, AreRefusedWhereNothingWouldReadThem) {
  const std::string path = write("en/pasword-changed.txt", kOurs);
  EXPECT_EQ(complaint(),
            "DIR/en/pasword-changed.txt: no letter has that name: the nearest is "
            "password-changed.txt");
  std::filesystem::remove(path);
  write("en/test.html", kOurs);
  EXPECT_EQ(complaint(), "DIR/en/test.html: no letter has that name: the nearest is test.txt");
  std::filesystem::remove(root_ + "/en/test.html");
  write("password-changed.txt", kOurs);
  EXPECT_EQ(
      complaint(),
      "DIR/password-changed.txt: neither layout.html nor the directory of a language: en, fr");
}

TEST_F(OwnTemplates, AreLeftOutOneByOneWhereThatIsWanted) {
  write("layout.html", "<html>no content</html>");
  write("en/password-changed.txt", kOurs);
  write("en/pasword-changed.txt", kOurs);
  std::string too_long(kOurs);
  for (int i = 0; i < 740; ++i) too_long += "some more words\n";
  write("en/reset-done.txt", too_long);
  write("fr/password-changed.txt", replaced(std::string(kOurs), "{{time}}", "{{tiem}}"));
  write("README", "x");
  int mistakes = 0;
  const auto loaded = Templates::load(root_, [&](const Error& mistake) -> Result<void> {
    ++mistakes;
    EXPECT_THAT(std::string(mistake.text()), HasSubstr(root_));
    return {};
  });
  ASSERT_TRUE(loaded);
  EXPECT_EQ(mistakes, 5);
  const auto text = [&](Letter letter, Language language) {
    return std::string(loaded->render(letter, language, samples(row_of(letter)))->text.view());
  };
  const auto built_in = Templates::built_in();
  EXPECT_THAT(text(Letter::password_changed, Language::english), HasSubstr("Our own words"));
  EXPECT_THAT(text(Letter::password_changed, Language::french), HasSubstr("a été modifié"));
  EXPECT_THAT(text(Letter::reset_done, Language::english), Not(HasSubstr("some more words")));
  EXPECT_EQ(
      loaded->render(Letter::test, Language::french, samples(row_of(Letter::test)))->html.view(),
      built_in->render(Letter::test, Language::french, samples(row_of(Letter::test)))->html.view());
}

TEST_F(OwnTemplates, AreLeftOutAllWhereTheirDirectoryCannotBeTrusted) {
  write("en/password-changed.txt", kOurs);
  ASSERT_EQ(::chmod(root_.c_str(), 0777), 0);
  int mistakes = 0;
  const auto loaded = Templates::load(root_, [&](const Error&) -> Result<void> {
    ++mistakes;
    return {};
  });
  ASSERT_TRUE(loaded);
  EXPECT_EQ(mistakes, 1);
  const auto mail = loaded->render(Letter::password_changed, Language::english,
                                   samples(row_of(Letter::password_changed)));
  EXPECT_THAT(std::string(mail->text.view()), Not(HasSubstr("Our own words")));
}

TEST_F(OwnTemplates, LeaveWhatEditorsLeaveAlone) {
  write("en/.test.txt.swp", "x");
  write("en/test.txt~", "x");
  ASSERT_TRUE(std::filesystem::create_directory(root_ + "/.git"));
  EXPECT_EQ(complaint(), "");
}

TEST_F(OwnTemplates, AreRefusedIfAnybodyElseMayWriteThem) {
  const std::string path = write("en/password-changed.txt", kOurs);
  const std::string others = ": chown root, chmod go-w, then start again";
  ASSERT_EQ(::chmod(path.c_str(), 0664), 0);
  EXPECT_EQ(complaint(), "DIR/en/password-changed.txt can be changed by others" + others);
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(complaint(), "");
  ASSERT_EQ(::chmod((root_ + "/en").c_str(), 0777), 0);
  EXPECT_EQ(complaint(), "DIR/en can be changed by others" + others);
  ASSERT_EQ(::chmod((root_ + "/en").c_str(), 0755), 0);
  ASSERT_EQ(::chmod(root_.c_str(), 0777), 0);
  EXPECT_EQ(complaint(), "DIR can be changed by others" + others);
}

TEST_F(OwnTemplates, AreRefusedIfTheyAreNoFiles) {
  ASSERT_EQ(::mkfifo((root_ + "/en/test.txt").c_str(), 0644), 0);
  EXPECT_THAT(complaint(), HasSubstr("DIR/en/test.txt can be changed by others"));
}

TEST_F(OwnTemplates, AreRefusedIfALetterCouldGetTooLong) {
  const auto with = [](std::string_view what, std::size_t times) {
    std::string text(kOurs);
    for (std::size_t i = 0; i < times; ++i) text += what;
    return text;
  };
  // Each value short enough in the sample would be too long in somebody's letter.
  write("en/password-changed.txt", with("{{host}}\n", 40));
  EXPECT_EQ(complaint(),
            "DIR/en/password-changed.txt:1: the HTML is too long for a mail with the longest "
            "values; shorten it");
  write("en/password-changed.txt", with("some more words\n", 740));
  EXPECT_EQ(complaint(),
            "DIR/en/password-changed.txt:1: the text is too long for a mail with the longest "
            "values; shorten it");
  write("en/password-changed.txt",
        replaced(std::string(kOurs), "Hello", "{{host}} {{host}} {{organisation}}"));
  EXPECT_EQ(complaint(),
            "DIR/en/password-changed.txt:1: the subject is too long for a mail with the longest "
            "values; shorten it");
}

TEST_F(OwnTemplates, AreRefusedIfTheLayoutLeavesNoRoom) {
  write("layout.html", "{{language}}{{{content}}}" + std::string(11'900, 'x'));
  EXPECT_THAT(complaint(), HasSubstr("DIR/layout.html:1: around: "));
  EXPECT_THAT(complaint(), HasSubstr("the HTML is too long for a mail"));
}

}  // namespace
}  // namespace usher::letters
