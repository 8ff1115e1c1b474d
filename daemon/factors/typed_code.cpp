// Whose code an answer is: the stand-ins are looked at first, because they look like nothing else.
#include <algorithm>

#include "daemon/factors/factor.hpp"
#include "daemon/factors/settle.hpp"

namespace usher::factors {
namespace {

using store::FactorRecord;

bool stands_in(const FactorKind& kind) {
  return kind.standing == Standing::stand_in;
}

std::vector<FactorRecord> of_kind(std::span<const FactorRecord> enrolled, const FactorKind& kind) {
  std::vector<FactorRecord> theirs;
  std::copy_if(enrolled.begin(), enrolled.end(), std::back_inserter(theirs),
               [&](const FactorRecord& factor) { return factor.kind == kind.name; });
  return theirs;
}

bool has(std::span<const FactorRecord> enrolled, const FactorKind& kind) {
  return std::any_of(enrolled.begin(), enrolled.end(),
                     [&](const FactorRecord& factor) { return factor.kind == kind.name; });
}

}  // namespace

bool is_second_factor(const FactorRecord& factor) {
  const FactorKind* kind = find_kind(factor.kind);
  return kind == nullptr || !stands_in(*kind);
}

const FactorRecord* asked_factor(std::span<const FactorRecord> enrolled) {
  const auto found = std::find_if(enrolled.begin(), enrolled.end(), is_second_factor);
  return found == enrolled.end() ? nullptr : &*found;
}

std::size_t code_at_end(std::span<const FactorRecord> enrolled, std::string_view answer) {
  const FactorRecord* asked = asked_factor(enrolled);
  if (asked == nullptr) return 0;
  for (const FactorKind* kind : kinds()) {
    if (!stands_in(*kind) || !has(enrolled, *kind)) continue;
    if (const std::size_t size = kind->code_at_end(answer); size > 0) return size;
  }
  const FactorKind* kind = find_kind(asked->kind);
  return kind != nullptr ? kind->code_at_end(answer) : 0;
}

// No code of any kind.
bool asks_for_help(const Guesses& guesses, const Secret& typed) {
  return guesses.help != Help::none && typed.view() == "?";
}

std::string_view question_of(const daemon::Context& c, const Guesses& guesses) {
  return c.text(guesses.help == Help::offered ? texts::Text::code_or_help : texts::Text::code);
}

Result<Proof> check_typed(const daemon::Context& c, const FactorKind& asked, const Secret& typed,
                          std::span<const FactorRecord> enrolled, Guesses& guesses) {
  const FactorKind* taken_for = &asked;
  for (const FactorKind* kind : kinds()) {
    if (stands_in(*kind) && kind->is_code(typed.view()) && has(enrolled, *kind)) taken_for = kind;
  }
  guesses.kind = taken_for->name;
  return taken_for->check(c, typed, of_kind(enrolled, *taken_for), guesses);
}

Result<void> check_nobodys(const daemon::Context& c, const Secret& answer) {
  const auto all = kinds();
  const bool as_row = std::any_of(all.begin(), all.end(), [&](const FactorKind* kind) {
    return stands_in(*kind) && kind->code_at_end(answer.view()) > 0;
  });
  return settle_nobodys(c, as_row ? Spent::as_row : Spent::by_counter);
}

}  // namespace usher::factors
