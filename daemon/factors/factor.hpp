// What a second factor is to the sign-in: four functions, a name and a standing. A new factor is
// one file and one row in table.cpp; the PAM module, the wire and usherctl never change for it.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/context.hpp"
#include "daemon/ports/person.hpp"
#include "daemon/store/factors.hpp"

namespace usher::factors {

// Values, not errors: an Error means "could not decide".
enum class Proof : std::uint8_t {
  proven,
  wrong,
  spent,      // right, but used before: a replay
  throttled,  // not even looked at: too many wrong ones before
  abandoned,  // an empty answer: the person gave up
  help,       // a lone ?: the device is out of reach
};

// Written in the transaction that keeps a new factor, or spends a code. Its Error keeps nothing.
using Alongside = std::function<Result<void>(store::Database&, store::FactorId factor)>;

// May a lone ? ask for help in place of the code, and does the question say so?
enum class Help : std::uint8_t { none, taken, offered };

// The codes of this conversation: the wrong ones as they were counted, which a right one takes
// back.
struct Guesses {
  std::map<store::FactorId, unsigned> wrong;
  std::string_view kind;  // the kind the last one was taken for
  Help help = Help::none;
  Alongside on_row_spent;  // of a code that is a row of its own: a recovery code
};

bool asks_for_help(const Guesses& guesses, const Secret& typed);
std::string_view question_of(const daemon::Context& context, const Guesses& guesses);

enum class Standing : std::uint8_t {
  second_factor,  // what an organisation asks for
  // Typed where another's code is asked for; enrolled beside it, gone with the last of them.
  stand_in,
};

struct FactorKind {
  std::string_view name;  // as stored and shown: "totp"
  Standing standing;

  // Asks once and checks the answer against every factor the person has. Spends what can be used
  // once before it answers `proven`. A typed code is handed to check_typed().
  Result<Proof> (*prove)(const daemon::Context& context, ports::Person& person,
                         std::span<const store::FactorRecord> enrolled, std::string_view hint,
                         Guesses& guesses);
  // Checks a code against the factors of this kind, which are all it is given.
  Result<Proof> (*check)(const daemon::Context& context, const Secret& code,
                         std::span<const store::FactorRecord> enrolled, Guesses& guesses);
  // How many bytes at the end of an answer are a code of this kind, where password and code share a
  // field.
  std::size_t (*code_at_end)(std::string_view answer);
  // Of a stand-in: does what was typed where a code stands alone look like one of this kind,
  // however people type it?
  bool (*is_code)(std::string_view typed) = nullptr;

  // Shows what is needed to enrol and keeps it only after one successful use.
  Result<Proof> (*enrol)(const daemon::Context& context, ports::Person& person,
                         const store::PersonRecord& record, const Alongside& alongside);
};

// Every kind, in the order in which they are offered.
std::span<const FactorKind* const> kinds();
const FactorKind* find_kind(std::string_view name);

// What somebody has enrolled, as the sign-in asks about it. A kind this program does not know is a
// second factor: it must deny, not be passed over.
bool is_second_factor(const store::FactorRecord& factor);
// The oldest second factor, which is the one that is asked for; null: there is none.
const store::FactorRecord* asked_factor(std::span<const store::FactorRecord> enrolled);
std::size_t code_at_end(std::span<const store::FactorRecord> enrolled, std::string_view answer);
// A code typed where one of `asked` was asked for: a stand-in's, if it looks like one and there is
// one, else that kind's.
Result<Proof> check_typed(const daemon::Context& context, const FactorKind& asked,
                          const Secret& typed, std::span<const store::FactorRecord> enrolled,
                          Guesses& guesses);

// The same work for the end of an answer whose password was refused, whoever it is.
Result<void> check_nobodys(const daemon::Context& context, const Secret& answer);

extern const FactorKind totp_factor;
extern const FactorKind recovery_factor;

}  // namespace usher::factors
