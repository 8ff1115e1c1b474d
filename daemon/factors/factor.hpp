// What a second factor is to the sign-in: three functions, a name and a length. A new factor is one
// file and one row in table.cpp; the PAM module, the wire and usherctl never change for it.
#pragma once

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
};

// The wrong codes of this conversation, as they were counted: a right one takes them back.
struct Guesses {
  std::map<store::FactorId, unsigned> wrong;
};

struct FactorKind {
  std::string_view name;  // as stored and shown: "totp"

  // Asks once and checks the answer against every factor of this kind the person has. Spends what
  // can be used once before it answers `proven`.
  Result<Proof> (*prove)(const daemon::Context& context, ports::Person& person,
                         std::span<const store::FactorRecord> enrolled, std::string_view hint,
                         Guesses& guesses);
  // Checks a code that came in the same field as the password.
  Result<Proof> (*check)(const daemon::Context& context, const Secret& code,
                         std::span<const store::FactorRecord> enrolled, Guesses& guesses);
  // How many characters at the end of such a field are the code.
  std::size_t code_length;

  // Shows what is needed to enrol and keeps it only after one successful use.
  Result<Proof> (*enrol)(const daemon::Context& context, ports::Person& person,
                         const store::PersonRecord& record);
};

// Every kind, in the order in which they are offered.
std::span<const FactorKind* const> kinds();
const FactorKind* find_kind(std::string_view name);

extern const FactorKind totp_factor;

}  // namespace usher::factors
