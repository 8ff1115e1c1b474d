// Writes one letter: template and values in, a mail's three texts out.
#pragma once

#include <span>

#include "daemon/letters/template_text.hpp"
#include "daemon/letters/value.hpp"
#include "protocol/courier_work.hpp"

namespace usher::letters {

struct Stationery {
  const LetterRow& row;
  const LetterTemplate& letter;
  const LetterTemplate& layout;
  texts::Language language;
};

// Errors as Templates::render().
Result<protocol::courier::MailText> write_letter(const Stationery& stationery,
                                                 std::span<const Value> values);

}  // namespace usher::letters
