// The templates in force, and the letters they make. One text a letter and a language; the HTML is
// made of the same words, so that a translation is one file and both parts say the same.
// Pure but for load(), which reads files; sends nothing.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "daemon/letters/template_text.hpp"
#include "daemon/letters/value.hpp"
#include "daemon/texts/language.hpp"
#include "protocol/courier_work.hpp"

namespace usher::letters {

class Templates {
 public:
  // Those that are compiled in. An Error means a broken build.
  static Result<Templates> built_in();
  // Those of a directory (/etc/usher/templates: LANGUAGE/NAME.txt and layout.html) in place of
  // built-in ones of the same name; without the directory, the built-in ones. One that could not be
  // used is a mistake that says where and why, and so is a file that is no letter's.
  static Result<Templates> load(const std::string& directory) {
    return load(directory, [](const Error& mistake) -> Result<void> { return mistake; });
  }
  // Asks about each mistake: an Error of its answer is load()'s; else the built-in one stands in.
  using OnMistake = std::function<Result<void>(const Error& mistake)>;
  static Result<Templates> load(const std::string& directory, const OnMistake& on_mistake);

  // A letter with its values; each as the letter's row names it, those of Need::if_given only where
  // there is something to say.
  // Errc::invalid_input: a value is missing, of the wrong kind, not this letter's, given twice, or
  // a secret that is none. Within protocol::courier's limits whatever the values, or an Error.
  Result<protocol::courier::MailText> render(Letter letter, texts::Language language,
                                             std::span<const Value> values) const;

  // In place of the template that is there. Errc::invalid_input: FILE:LINE: what is wrong, and
  // what cures it. Also when a letter of it could get too long for a mail. What was there then
  // stays.
  Result<void> replace(Letter letter, texts::Language language, const std::string& file,
                       std::string_view text);
  Result<void> replace_layout(const std::string& file, std::string_view text);

 private:
  Templates() = default;
  const LetterTemplate& of(Letter letter, texts::Language language) const;
  Result<void> check_size(Letter letter, texts::Language language) const;

  std::array<std::array<LetterTemplate, texts::kLanguages>, kLetters> letters_;
  LetterTemplate layout_;
};

}  // namespace usher::letters
