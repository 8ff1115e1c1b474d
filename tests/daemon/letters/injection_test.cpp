// Values that try to be something else than a value: a header, a line, a paragraph, a tag, a
// script. By the hundreds, in every place a letter has for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"
#include "tests/daemon/letters/samples.hpp"

namespace usher::letters {
namespace {

using protocol::courier::MailText;
using ::testing::HasSubstr;
using ::testing::Not;
using texts::Language;

const Templates& built_in() {
  static const Templates templates = Templates::built_in().release_value();
  return templates;
}

// As usher-courier will see it.
Result<void> sendable(const MailText& text) {
  protocol::courier::Mail mail;
  mail.server.host = "mail.acme.example";
  mail.server.port = 587;
  mail.from = mail.to = mail.message_id = "a@acme.example";
  mail.text.subject = TRY(Secret::copy(text.subject.view()));
  mail.text.text = TRY(Secret::copy(text.text.view()));
  mail.text.html = TRY(Secret::copy(text.html.view()));
  return protocol::courier::check(mail);
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

// The tags of the HTML, in their order: what a value must not change.
std::string tags_of(std::string_view html) {
  std::string tags;
  bool in_tag = false;
  for (const char c : html) {
    if (c == '<') in_tag = true;
    if (in_tag) tags += c;
    if (c == '>') in_tag = false;
  }
  return tags;
}

// The kind of each line in the text but wrapped ones: what a value must not change either.
std::string indented_lines_of(std::string_view text) {
  return std::to_string(count(text, "\n    ")) + " indented, " +
         std::to_string(count(text, "\n\n")) + " empty";
}

constexpr std::string_view kPieces[] = {"\r\n",
                                        "\n",
                                        "\r",
                                        "\n\n",
                                        std::string_view("\0", 1),
                                        "\t",
                                        "\x01",
                                        "\x01"
                                        "F",
                                        "\x02",
                                        "\x7F",
                                        "\xC2\x85",
                                        "\xE2\x80\xA8",
                                        "\xE2\x80\xAE",
                                        "\xFF",
                                        "\xC3",
                                        "\xED\xA0\x80",
                                        "{{",
                                        "}}",
                                        "{{{",
                                        "{{code}}",
                                        "{{#not_you}}",
                                        "{{/not_you}}",
                                        "{{> x}}",
                                        "{{=<% %>=}}",
                                        "<",
                                        ">",
                                        "&",
                                        "\"",
                                        "'",
                                        "</p>",
                                        "</pre>",
                                        "</title>",
                                        "<script>alert(1)</script>",
                                        "<img src=x onerror=x>",
                                        "<!--",
                                        "-->",
                                        "]]>",
                                        "&lt;",
                                        "&#60;",
                                        "Bcc: eve@evil.example",
                                        "Subject: x",
                                        "=?UTF-8?B?QQ==?=",
                                        "\n.\n",
                                        "--boundary",
                                        "%s%n",
                                        "$(id)",
                                        "a",
                                        "    ",
                                        "é",
                                        "日",
                                        "🙂",
                                        "-- "};

std::string hostile(std::mt19937& random) {
  std::string text;
  const std::size_t pieces = 1 + random() % 12;
  for (std::size_t i = 0; i < pieces; ++i) text += kPieces[random() % std::size(kPieces)];
  return text;
}

TEST(HostileValues, ChangeNothingButTheirOwnPlace) {
  std::mt19937 random(20261122);
  std::size_t tried = 0;
  for (int round = 0; round < 6; ++round) {
    for (const LetterRow& row : letters()) {
      for (const Language language : texts::languages()) {
        std::vector<Value> values = samples(row);
        const auto before = built_in().render(row.letter, language, values);
        ASSERT_TRUE(before);
        std::vector<std::string> texts;
        texts.reserve(values.size());
        for (Value& value : values) {
          if (row_of(value.variable).kind == Kind::line) {
            value.is = std::string_view(texts.emplace_back(hostile(random)));
          }
        }
        const auto mail = built_in().render(row.letter, language, values);
        ASSERT_TRUE(mail) << mail.error().text();
        const auto checked = sendable(*mail);
        ASSERT_TRUE(checked) << checked.error().text();
        EXPECT_EQ(tags_of(mail->html.view()), tags_of(before->html.view()));
        EXPECT_EQ(indented_lines_of(mail->text.view()), indented_lines_of(before->text.view()));
        EXPECT_EQ(shown(mail->html.view()), words_of(mail->text.view()));
        EXPECT_EQ(mail->subject.view().find('\n'), std::string_view::npos);
        ++tried;
      }
    }
  }
  EXPECT_GE(tried, 300U);
}

TEST(HostileValues, AreShownAsWhatTheyAreInHtml) {
  constexpr std::string_view kScript = "<script>alert('x')</script>";
  for (const LetterRow& row : letters()) {
    for (const Use& use : row.uses()) {
      if (row_of(use.variable).kind != Kind::line) continue;
      std::vector<Value> values = samples(row);
      set(values, use.variable, kScript);
      const auto mail = built_in().render(row.letter, Language::english, values);
      ASSERT_TRUE(mail);
      const std::string html(mail->html.view());
      EXPECT_THAT(html, Not(HasSubstr("<script")));
      EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
      EXPECT_THAT(words_of(mail->text.view()), HasSubstr(kScript));
    }
  }
}

TEST(HostileValues, OfSecretsAreRefused) {
  for (const LetterRow& row : letters()) {
    for (const Use& use : row.uses()) {
      if (row_of(use.variable).kind != Kind::secret) continue;
      for (const std::string_view bad : {"1\r\nBcc: eve@evil.example", "1 2", "", "é"}) {
        std::vector<Value> values = samples(row);
        set(values, use.variable, bad);
        const auto mail = built_in().render(row.letter, Language::english, values);
        ASSERT_FALSE(mail) << row.name;
        EXPECT_EQ(mail.error().code(), Errc::invalid_input);
        EXPECT_THAT(std::string(mail.error().text()), Not(HasSubstr("Bcc")));
      }
    }
  }
}

TEST(HostileValues, OfAnyLengthLeaveALetterSendable) {
  for (const LetterRow& row : letters()) {
    for (const std::string& sign : {std::string("\""), std::string("é"), std::string("x ")}) {
      std::string longest;
      for (int i = 0; i < 20'000; ++i) longest += sign;
      std::vector<Value> values = samples(row);
      for (Value& value : values) {
        if (row_of(value.variable).kind == Kind::line) value.is = std::string_view(longest);
      }
      for (const Language language : texts::languages()) {
        const auto mail = built_in().render(row.letter, language, values);
        ASSERT_TRUE(mail) << row.name << ": " << mail.error().text();
        EXPECT_TRUE(sendable(*mail));
      }
    }
  }
}

// --- What a caller must give ---

std::string complaint(Letter letter, const std::vector<Value>& values) {
  const auto mail = built_in().render(letter, Language::english, values);
  return mail ? "" : std::string(mail.error().text());
}

TEST(ValuesOfALetter, AreAllThereThatAreDue) {
  for (const LetterRow& row : letters()) {
    const std::vector<Value> all = samples(row);
    for (std::size_t left_out = 0; left_out < all.size(); ++left_out) {
      const Use& use = row.uses()[left_out];
      std::vector<Value> values = all;
      values.erase(values.begin() + static_cast<std::ptrdiff_t>(left_out));
      const std::string name(row_of(use.variable).name);
      if (use.need != Need::if_given) {
        EXPECT_EQ(complaint(row.letter, values),
                  std::string(row.name) + ": " + name + " is missing");
      } else if (use.section != use.variable) {
        // The code without its end; the end without its code is the other way round.
        EXPECT_EQ(complaint(row.letter, values),
                  std::string(row.name) + ": " + name + " is missing");
      } else if (use.variable == Variable::not_you) {
        EXPECT_EQ(complaint(row.letter, values),
                  std::string(row.name) + ": not_you_until is given alone");
      } else {
        EXPECT_EQ(complaint(row.letter, values), "") << row.name;
      }
    }
  }
}

TEST(ValuesOfALetter, AreItsOwnAndOnce) {
  std::vector<Value> values = samples(row_of(Letter::password_changed));
  values.push_back(sample_of(Variable::code));
  EXPECT_EQ(complaint(Letter::password_changed, values),
            "password-changed: code is none of its values");
  values.back() = sample_of(Variable::login);
  EXPECT_EQ(complaint(Letter::password_changed, values), "password-changed: login is given twice");
  values.back() = {Variable::content, "<b>"};
  EXPECT_EQ(complaint(Letter::password_changed, values),
            "password-changed: content is none of its values");
}

}  // namespace
}  // namespace usher::letters
