// Recovery codes stand in for a device that is lost: each is a row with a keyed digest, spent by
// one compare-and-set. A set is shown once and kept only after the person says that they have it.
#include "daemon/factors/recovery.hpp"

#include "daemon/factors/factor.hpp"
#include "daemon/factors/settle.hpp"
#include "daemon/store/recovery_codes.hpp"

namespace usher::factors {
namespace {

using daemon::Context;
using store::FactorRecord;
using texts::Text;

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kGroup = 4;
constexpr std::size_t kShownLength = kRecoveryDigits + kRecoveryDigits / kGroup - 1;

char digit_of(char c) {
  if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (c == 'o') return '0';
  if (c == 'i' || c == 'l') return '1';
  return kDigits.find(c) == std::string_view::npos ? '\0' : c;
}

bool separates(char c) {
  return c == '-' || c == ' ';
}

bool is_digit_or_separator_at(std::string_view shown, std::size_t at) {
  const bool hyphen = at % (kGroup + 1) == kGroup;
  return hyphen ? shown[at] == '-' : digit_of(shown[at]) != '\0';
}

bool is_as_shown(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit_or_separator_at(text, at)) return false;
  }
  return text.size() == kShownLength;
}

std::size_t count_digits(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (separates(c)) continue;
    if (digit_of(c) == '\0') return 0;
    ++digits;
  }
  return digits;
}

// Behind a password only as it is shown: anything looser could be the password's own end, or all of
// it with another kind's code.
std::size_t code_at_end(std::string_view answer) {
  if (answer.size() < kShownLength) return 0;
  return is_as_shown(answer.substr(answer.size() - kShownLength)) ? kShownLength : 0;
}

std::string digest_of(const Context& c, const FactorRecord& set, const Secret& digits) {
  return c.services.sealer.code_digest(recovery_factor.name, set.uuid, digits.view());
}

bool is_code(std::string_view typed) {
  return count_digits(typed) == kRecoveryDigits;
}

Result<Proof> check(const Context& c, const Secret& code, std::span<const FactorRecord> enrolled,
                    Guesses& guesses) {
  const std::optional<Secret> digits = TRY(parse_recovery_code(code.view()));
  const Secret nothing;
  std::vector<Match> matches;
  for (const FactorRecord& set : enrolled) {
    matches.push_back({set.id, {}, digest_of(c, set, digits ? *digits : nothing)});
  }
  return settle(c, matches, guesses);
}

Result<Proof> prove(const Context& c, ports::Person& person, std::span<const FactorRecord> enrolled,
                    std::string_view hint, Guesses& guesses) {
  if (!hint.empty()) TRY(person.tell(ports::Tone::error, hint));
  const Secret code = TRY(person.ask({question_of(c, guesses), c.front_end.codes}));
  if (code.empty()) return Proof::abandoned;
  if (asks_for_help(guesses, code)) return Proof::help;
  return check_typed(c, recovery_factor, code, enrolled, guesses);
}

// --- A new set ---

struct NewSet {
  FactorRecord record;
  Secret shown;  // a line a code
  std::vector<std::string> digests;
};

Result<NewSet> draw(const Context& c, const store::PersonRecord& person) {
  NewSet set;
  set.record.person = person.id;
  set.record.uuid = crypto::random_id(c.services.entropy);
  set.record.kind = recovery_factor.name;
  set.record.label = kRecoveryLabel;
  set.record.created_at = c.services.clock.now();
  // Nothing to keep but the digests; every factor's row has a sealed value.
  const Secret mark = TRY(Secret::copy(recovery_factor.name));
  set.record.sealed = TRY(c.services.sealer.seal(mark, {"factor", "sealed", set.record.uuid}));
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    const Secret code = TRY(make_recovery_code(c.services.entropy));
    const std::optional<Secret> digits = TRY(parse_recovery_code(code.view()));
    if (!digits) return Error(Errc::internal, "a recovery code that is none was made");
    set.digests.push_back(digest_of(c, set.record, *digits));
    set.shown = TRY(Secret::join({set.shown.view(), "  ", code.view(), "\n"}));
  }
  return set;
}

// In place of those before, which stay if it fails.
Result<void> keep(const Context& c, const NewSet& set, const Alongside& alongside) {
  return c.services.store.write([&](store::Database& database) -> Result<void> {
    TRY(store::delete_factors_of_kind(database, set.record.person, set.record.kind));
    const store::FactorId id = TRY(store::put_pending_factor(database, set.record));
    if (!TRY(store::confirm_factor(database, id, 0, set.record.label))) {
      return Error(Errc::conflict, "the person may not sign in any more");
    }
    for (const std::string& digest : set.digests) {
      TRY(store::put_recovery_code(database, id, digest));
    }
    return alongside(database, id);
  });
}

Result<Proof> enrol(const Context& c, ports::Person& person, const store::PersonRecord& record,
                    const Alongside& alongside) {
  const NewSet set = TRY(draw(c, record));
  const Secret text =
      TRY(Secret::join({c.text(Text::recovery_codes_shown), "\n\n", set.shown.view()}));
  TRY(person.tell(ports::Tone::info, text.view()));
  (void)TRY(person.ask({c.text(Text::recovery_codes_noted), ports::Echo::shown}));
  TRY(keep(c, set, alongside));
  return Proof::proven;
}

}  // namespace

Result<Secret> make_recovery_code(ports::Entropy& entropy) {
  Secret bytes = TRY(Secret::zeroed(kRecoveryDigits / 2));
  entropy.fill(bytes.writable());
  Secret shown = TRY(Secret::zeroed(kShownLength));
  std::size_t size = 0;
  for (std::size_t i = 0; i < kRecoveryDigits; ++i) {
    if (i != 0 && i % kGroup == 0) shown.writable()[size++] = '-';
    const auto byte = static_cast<unsigned char>(bytes.view()[i / 2]);
    shown.writable()[size++] = kDigits[i % 2 == 0 ? byte >> 4U : byte & 0xFU];
  }
  return shown;
}

Result<std::optional<Secret>> parse_recovery_code(std::string_view typed) {
  if (!is_code(typed)) return std::optional<Secret>();
  Secret digits = TRY(Secret::zeroed(kRecoveryDigits));
  std::size_t size = 0;
  for (const char c : typed) {
    if (!separates(c)) digits.writable()[size++] = digit_of(c);
  }
  return std::optional<Secret>(std::move(digits));
}

const FactorKind recovery_factor{.name = "recovery",
                                 .standing = Standing::stand_in,
                                 .prove = prove,
                                 .check = check,
                                 .code_at_end = code_at_end,
                                 .is_code = is_code,
                                 .enrol = enrol};

}  // namespace usher::factors
