// What is wrong with a template is said with its file, its line and the cure.
#include "daemon/letters/template_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/letters/samples.hpp"

namespace usher::letters {
namespace {

using ::testing::HasSubstr;

// All that password-changed must show, and nothing else.
constexpr std::string_view kAll = "{{organisation}} {{login}} {{host}} {{time}} {{support}}";

std::string letter_with(std::string_view more) {
  return "Subject: a password\n\n" + std::string(kAll) + "\n" + std::string(more) + "\n";
}

std::string complaint(std::string_view text, Letter letter = Letter::password_changed) {
  const auto parsed = parse_letter("x.txt", text, row_of(letter));
  return parsed ? "" : std::string(parsed.error().text());
}
std::string layout_complaint(std::string_view text) {
  const auto parsed = parse_layout("layout.html", text);
  return parsed ? "" : std::string(parsed.error().text());
}

TEST(Template, IsASubjectAnEmptyLineAndAText) {
  EXPECT_EQ(complaint(letter_with("")), "");
  EXPECT_EQ(complaint(letter_with("\n\n  \n")), "");
  for (const char* none : {"", "\n", "Hello\n\ntext", "Subject:\n\ntext", "Subject:  \n\ntext",
                           "subject: x\n\ntext"}) {
    EXPECT_EQ(complaint(none),
              "x.txt:1: no subject: the first line must be \"Subject: \" and a few words")
        << none;
  }
  for (const char* joined : {"Subject: x", "Subject: x\n\n", "Subject: x\ntext\n\ntext"}) {
    EXPECT_EQ(complaint(joined), "x.txt:2: must be empty, with the text behind it") << joined;
  }
}

TEST(Template, IsTextOfABoundedLength) {
  for (const char* no_text : {"\t{{by}}", "a\r", "\x01", "\xFF", "\u0085"}) {
    EXPECT_EQ(complaint(letter_with(no_text)),
              "x.txt:4: not UTF-8, or a control character: save it as UTF-8 with plain line ends, "
              "and use blanks for tabs");
  }
  EXPECT_EQ(complaint(letter_with(std::string(kMaxTemplate, 'x'))),
            "x.txt:1: over 12000 bytes; shorten it");
}

TEST(Template, NamesOnlyWhatTheLetterIsGiven) {
  EXPECT_EQ(complaint(letter_with("{{servise}}")),
            "x.txt:4: there is no {{servise}} here: the nearest is {{service}}");
  EXPECT_EQ(complaint(letter_with("\n\n{{code}}")),
            "x.txt:6: there is no {{code}} here: the nearest is {{host}}");
  EXPECT_EQ(complaint(letter_with("{{}}")),
            "x.txt:4: there is no {{}} here: the nearest is {{host}}");
  EXPECT_EQ(complaint(letter_with("{{#orign}}x{{/orign}}")),
            "x.txt:4: there is no {{orign}} here: the nearest is {{origin}}");
  EXPECT_EQ(complaint("Subject: {{logn}}\n\nx"),
            "x.txt:1: there is no {{logn}} here: the nearest is {{login}}");
}

TEST(Template, ShowsWhatItsReaderNeeds) {
  EXPECT_EQ(complaint("Subject: x\n\n{{organisation}} {{login}} {{host}} {{time}}\n"),
            "x.txt:3: {{support}} is missing: it must stand in this text, outside of sections");
  // The subject alone is not enough, nor is a case of two.
  EXPECT_EQ(complaint("Subject: {{login}}\n\n{{organisation}} {{support}} {{host}} {{time}}\n"),
            "x.txt:3: {{login}} is missing: it must stand in this text, outside of sections");
  EXPECT_EQ(complaint("Subject: x\n\n{{organisation}} {{login}} {{host}} {{time}}\n"
                      "{{#origin}}{{support}}{{/origin}}"),
            "x.txt:4: {{support}} is missing: it must stand in this text, outside of sections");
  EXPECT_EQ(complaint(letter_with("{{until}}"), Letter::invitation),
            "x.txt:4: {{code}} is missing: it must stand in this text, outside of sections");
}

TEST(Template, MayNotBuildOnWhatMayBeMissing) {
  EXPECT_EQ(complaint(letter_with("from {{origin}}")),
            "x.txt:4: {{origin}} may be missing: write it between {{#origin}} and {{/origin}}");
  EXPECT_EQ(complaint(letter_with("{{#origin}}{{not_you}}{{/origin}}")),
            "x.txt:4: {{not_you}} may be missing: write it between {{#not_you}} and {{/not_you}}");
  EXPECT_EQ(complaint(letter_with("{{^origin}}{{origin}}{{/origin}}")),
            "x.txt:4: {{origin}} may be missing: write it between {{#origin}} and {{/origin}}");
  EXPECT_EQ(complaint(letter_with("{{#not_you_until}}{{not_you}}{{/not_you_until}}")),
            "x.txt:4: not_you_until is no section: leave {{#not_you_until}} out");
  EXPECT_EQ(complaint(letter_with("{{#not_you}}\n{{not_you}} {{not_you_until}}\n{{/not_you}}")),
            "");
  EXPECT_EQ(complaint(letter_with("{{^not_you}}\nNo code.\n{{/not_you}}")), "");
}

TEST(Template, ClosesWhatItOpens) {
  EXPECT_EQ(complaint(letter_with("{{login")),
            "x.txt:4: a tag is not closed: write {{name}}, on one line");
  EXPECT_EQ(complaint(letter_with("{{login\n}}")),
            "x.txt:4: a tag is not closed: write {{name}}, on one line");
  EXPECT_EQ(complaint(letter_with("{{login}")),
            "x.txt:4: a tag is not closed: write {{name}}, on one line");
  EXPECT_EQ(complaint(letter_with("{{{login}}")),
            "x.txt:4: a tag is not closed: write {{name}}, on one line");
  EXPECT_EQ(complaint(letter_with("{{#origin}}")),
            "x.txt:4: {{#origin}} is not closed: write {{/origin}} behind it");
  EXPECT_EQ(complaint(letter_with("{{/origin}}")),
            "x.txt:4: {{/origin}} closes nothing that is open here");
  EXPECT_EQ(complaint(letter_with("{{#origin}}{{#not_you}}{{/origin}}{{/not_you}}")),
            "x.txt:4: {{/origin}} closes nothing that is open here");
  EXPECT_EQ(complaint(letter_with("{{#origin}}{{#origin}}{{#origin}}{{#origin}}{{#origin}}")),
            "x.txt:4: too many sections in each other");
}

TEST(Template, IsNoProgram) {
  EXPECT_EQ(complaint(letter_with("{{> footer}}")),
            "x.txt:4: {{> }} includes another file, which letters cannot");
  EXPECT_EQ(complaint(letter_with("{{=<% %>=}}<%code%>")),
            "x.txt:4: {{= =}} changes the braces, which letters cannot");
  EXPECT_EQ(complaint(letter_with("{{{service}}}")), "x.txt:4: write {{service}}");
  EXPECT_EQ(complaint(letter_with("{{&service}}")), "x.txt:4: write {{service}}");
  EXPECT_EQ(complaint(letter_with("{{#login}}x{{/login}}")),
            "x.txt:4: login is no section: leave {{#login}} out");
  EXPECT_EQ(complaint(letter_with("{{^service}}x{{/service}}")),
            "x.txt:4: service is no section: leave {{^service}} out");
  EXPECT_EQ(complaint(letter_with("{{! a note }}{{ service }}")), "");
}

TEST(Template, KeepsSecretsAndCasesOutOfTheSubject) {
  const std::string text = "\n\n{{code}} {{until}} " + std::string(kAll) + "\n";
  EXPECT_EQ(complaint("Subject: {{code}}" + text, Letter::invitation),
            "x.txt:1: {{code}} is a secret: not in the subject");
  EXPECT_EQ(complaint("Subject: x{{#by}} by {{by}}{{/by}}" + text, Letter::invitation),
            "x.txt:1: no sections in the subject: it is for every case");
}

TEST(Template, ShowsNoFlag) {
  EXPECT_EQ(complaint(letter_with("{{known_places}}"), Letter::reset_elsewhere),
            "x.txt:4: known_places is no text: write {{#known_places}} before what holds then, and "
            "{{/known_places}} behind it");
}

TEST(Layout, HoldsLanguageAndContent) {
  EXPECT_EQ(layout_complaint("<html lang=\"{{language}}\">{{{content}}}</html>"), "");
  EXPECT_EQ(layout_complaint("<html>{{{content}}}</html>\n"),
            "layout.html:1: {{language}} is missing: it must stand in this text, outside of "
            "sections");
  EXPECT_EQ(layout_complaint("{{language}}\n"),
            "layout.html:1: {{{content}}} is missing: it must stand in this text, outside of "
            "sections");
  EXPECT_EQ(layout_complaint("{{language}}\n{{content}}"), "layout.html:2: write {{{content}}}");
  EXPECT_EQ(layout_complaint("{{language}}\n{{{subject}}}"), "layout.html:2: write {{subject}}");
  EXPECT_EQ(layout_complaint("{{language}}\n{{code}}"),
            "layout.html:2: there is no {{code}} here: the nearest is {{content}}");
}

TEST(EachBuiltInTemplate, StaysWithinItsOwnRules) {
  const auto templates = Templates::built_in();
  EXPECT_TRUE(templates) << templates.error().text();
}

}  // namespace
}  // namespace usher::letters
