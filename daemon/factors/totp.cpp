// TOTP (RFC 6238): one code a step, spent in the store before the answer is "yes".
// The seed is opened for one comparison and wiped; it is shown once, while it is enrolled.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/factors/device_name.hpp"
#include "daemon/factors/factor.hpp"
#include "daemon/factors/oath.hpp"
#include "daemon/factors/qr.hpp"
#include "daemon/factors/settle.hpp"

namespace usher::factors {
namespace {

using daemon::Context;
using store::FactorRecord;
using texts::Text;

constexpr std::string_view kUsualName = "app";
constexpr std::size_t kSeedBytes = 20;  // RFC 4226 section 4, R6: 160 bits recommended
constexpr std::size_t kCodeLength = 6;
constexpr int kEnrolTries = 3;
constexpr int kRedraws = 3;
constexpr std::string_view kRedraw = "#";
constexpr std::size_t kLargestDrawing = protocol::kMaxText - 512;  // room for the words around it

// The sealed value: algorithm, digits, period (one byte each), then the seed.
struct Token {
  TotpParameters parameters;
  Secret seed;
};
constexpr std::size_t kParameterBytes = 3;

crypto::Place place_of(const FactorRecord& factor) {
  return {"factor", "sealed", factor.uuid};
}

Result<std::string> seal(const Context& c, const Token& token, const FactorRecord& factor) {
  const std::array<char, kParameterBytes> head{static_cast<char>(token.parameters.algorithm),
                                               static_cast<char>(token.parameters.digits),
                                               static_cast<char>(token.parameters.period)};
  const Secret plain = TRY(Secret::join({{head.data(), head.size()}, token.seed.view()}));
  return c.services.sealer.seal(plain, place_of(factor));
}

Result<Token> open(const Context& c, const FactorRecord& factor) {
  const Secret plain = TRY(c.services.sealer.open(factor.sealed, place_of(factor)));
  if (plain.size() <= kParameterBytes) return Error(Errc::damaged, "a TOTP seed is too short");
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(plain.view()[i]); };
  if (byte(0) > static_cast<unsigned char>(Algorithm::sha512)) {
    return Error(Errc::damaged, "a TOTP seed has an unknown algorithm");
  }
  Token token;
  token.parameters = {static_cast<Algorithm>(byte(0)), byte(1), byte(2)};
  token.seed = TRY(Secret::copy(plain.view().substr(kParameterBytes)));
  return token;
}

std::int64_t unix_seconds(ports::Instant now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
}

Result<std::optional<std::int64_t>> step_of(const Context& c, const FactorRecord& factor,
                                            std::string_view code) {
  const Token token = TRY(open(c, factor));
  return matching_step(token.seed, token.parameters, unix_seconds(c.services.clock.now()), code);
}

Result<Proof> check(const Context& c, const Secret& code, std::span<const FactorRecord> enrolled,
                    Guesses& guesses) {
  std::vector<Match> matches;
  for (const FactorRecord& factor : enrolled) {
    matches.push_back({factor.id, TRY(step_of(c, factor, code.view()))});
  }
  return settle(c, matches, guesses);
}

// People type codes as apps show them: "123 456".
Result<Secret> without_blanks(const Secret& typed) {
  Secret code = TRY(Secret::zeroed(typed.size()));
  std::size_t size = 0;
  for (const char c : typed.view()) {
    if (c != ' ') code.writable()[size++] = c;
  }
  code.shorten(size);
  return code;
}

Result<Secret> ask_code(const Context& c, ports::Person& person, std::string_view text) {
  const Secret typed = TRY(person.ask({text, c.front_end.codes}));
  return without_blanks(typed);
}

Result<Proof> prove(const Context& c, ports::Person& person, std::span<const FactorRecord> enrolled,
                    std::string_view hint, Guesses& guesses) {
  if (!hint.empty()) TRY(person.tell(ports::Tone::error, hint));
  const Secret code = TRY(ask_code(c, person, question_of(c, guesses)));
  if (code.empty()) return Proof::abandoned;
  if (asks_for_help(guesses, code)) return Proof::help;
  return check_typed(c, totp_factor, code, enrolled, guesses);
}

// --- Enrolment ---

// An enrolment cut off less than an hour ago goes on with the same seed: the app may have it.
Result<std::optional<FactorRecord>> cut_off_factor(const Context& c,
                                                   const store::PersonRecord& record) {
  const ports::Instant oldest = c.services.clock.now() - c.services.config.pending_enrolment;
  return c.services.store.read([&](store::Database& database) {
    return store::find_pending_factor(database, record.id, totp_factor.name, oldest);
  });
}

Result<FactorRecord> begin_factor(const Context& c, const store::PersonRecord& record,
                                  std::string label) {
  FactorRecord factor;
  factor.person = record.id;
  factor.uuid = crypto::random_id(c.services.entropy);
  factor.kind = totp_factor.name;
  factor.label = std::move(label);
  factor.pending = true;
  factor.created_at = c.services.clock.now();
  Token token;
  token.seed = TRY(Secret::zeroed(kSeedBytes));
  c.services.entropy.fill(token.seed.writable());
  factor.sealed = TRY(seal(c, token, factor));
  factor.id = TRY(c.services.store.write(
      [&](store::Database& database) { return store::put_pending_factor(database, factor); }));
  return factor;
}

// RFC 3986 unreserved characters stay; an organisation's name may hold anything.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

// The Key URI that authenticator apps read. Defaults (SHA1, 6 digits, 30 s) are left out: the code
// in the terminal stays two sizes smaller.
Result<Secret> key_uri(const Context& c, const store::PersonRecord& record, const Secret& base32) {
  const std::string issuer = percent_encoded(c.services.config.organisation);
  return Secret::join({"otpauth://totp/", issuer, ":", record.name.view(),
                       "?secret=", base32.view(), "&issuer=", issuer});
}

// In groups of four, as people read a key aloud.
Result<Secret> grouped(const Secret& base32) {
  Secret groups = TRY(Secret::zeroed(base32.size() + base32.size() / 4));
  std::size_t size = 0;
  for (std::size_t i = 0; i < base32.size(); ++i) {
    if (i != 0 && i % 4 == 0) groups.writable()[size++] = ' ';
    groups.writable()[size++] = base32.view()[i];
  }
  groups.shorten(size);
  return groups;
}

// What the person scans, or types where nothing can be drawn.
class ShownKey {
 public:
  static Result<ShownKey> of(const Context& c, const store::PersonRecord& record,
                             const Token& token) {
    ShownKey key;
    const Secret base32 = TRY(to_base32(token.seed));
    key.uri_ = TRY(key_uri(c, record, base32));
    key.groups_ = TRY(grouped(base32));
    return key;
  }

  Result<void> show(const Context& c, ports::Person& person, Blocks blocks) const {
    const Secret drawing = TRY(draw(c, blocks));
    if (drawing.empty()) {
      const Secret text =
          TRY(Secret::join({c.text(Text::type_this_key_alone), groups_.view(), "\n"}));
      return person.tell(ports::Tone::info, text.view());
    }
    const Secret text = TRY(Secret::join({c.text(Text::scan_this), "\n\n", drawing.view(), "\n",
                                          c.text(Text::type_this_key), groups_.view(), "\n",
                                          c.text(Text::redraw), "\n"}));
    return person.tell(ports::Tone::info, text.view());
  }

 private:
  // Empty where the front end draws nothing, and where a long organisation in another script makes
  // a code that no step can carry: the key alone will do.
  Result<Secret> draw(const Context& c, Blocks blocks) const {
    if (c.front_end.drawing == daemon::Drawing::none) return Secret();
    Secret drawing = TRY(draw_qr(uri_, blocks));
    return drawing.size() > kLargestDrawing ? Secret() : std::move(drawing);
  }

  Secret uri_;
  Secret groups_;
};

Result<std::optional<FactorRecord>> factor_to_enrol(const Context& c, ports::Person& person,
                                                    const store::PersonRecord& record) {
  if (auto pending = TRY(cut_off_factor(c, record))) return pending;
  const auto enrolled = TRY(c.services.store.read(
      [&](store::Database& database) { return store::list_factors(database, record.id); }));
  auto name = TRY(ask_device_name(c, person, enrolled, kUsualName));
  if (!name) return std::optional<FactorRecord>();
  return std::optional<FactorRecord>(TRY(begin_factor(c, record, std::move(*name))));
}

// Once more, in signs, as often as is of any use. What is not "#" is a code.
Result<Secret> ask_first_code(const Context& c, ports::Person& person, const ShownKey& key,
                              int& redraws) {
  while (true) {
    Secret code = TRY(ask_code(c, person, c.text(Text::code_shown_by_app)));
    if (!constant_time_equal(code.view(), kRedraw) || redraws == 0) return code;
    --redraws;
    TRY(key.show(c, person, Blocks::signs));
  }
}

// False: the enrolment is not there any more, or the person may not sign in any more.
Result<bool> keep(const Context& c, const FactorRecord& factor, std::int64_t step,
                  const Alongside& alongside) {
  return c.services.store.write([&](store::Database& database) -> Result<bool> {
    if (!TRY(store::confirm_factor(database, factor.id, step, factor.label))) return false;
    TRY(alongside(database, factor.id));
    return true;
  });
}

Result<Proof> enrol(const Context& c, ports::Person& person, const store::PersonRecord& record,
                    const Alongside& alongside) {
  TRY(person.tell(ports::Tone::info, c.text(Text::app_wanted)));
  const auto factor = TRY(factor_to_enrol(c, person, record));
  if (!factor) return Proof::abandoned;
  const ShownKey key = TRY(ShownKey::of(c, record, TRY(open(c, *factor))));
  TRY(key.show(c, person, Blocks::half));
  int redraws = kRedraws;
  for (int attempt = 0; attempt < kEnrolTries; ++attempt) {
    const Secret code = TRY(ask_first_code(c, person, key, redraws));
    if (code.empty()) return Proof::abandoned;
    if (const auto step = TRY(step_of(c, *factor, code.view()))) {
      return TRY(keep(c, *factor, *step, alongside)) ? Proof::proven : Proof::abandoned;
    }
    TRY(person.tell(ports::Tone::error, c.text(Text::enrolment_code_refused)));
  }
  return Proof::wrong;
}

std::size_t code_at_end(std::string_view answer) {
  return std::min(answer.size(), kCodeLength);
}

}  // namespace

const FactorKind totp_factor{.name = "totp",
                             .standing = Standing::second_factor,
                             .prove = prove,
                             .check = check,
                             .code_at_end = code_at_end,
                             .enrol = enrol};

}  // namespace usher::factors
