// Crockford's base32 (crockford.com/base32.html). Characters of a code are kept in Secrets only.
#include "daemon/sign_in/one_time_code.hpp"

#include <algorithm>
#include <array>

#include "daemon/passwdqc.hpp"

namespace usher::sign_in {
namespace {

// No I, L, O (read as digits) and no U.
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
// A random byte modulo 32 favours no character, because 256 is a multiple of 32.
static_assert(kAlphabet.size() == 32);

constexpr std::size_t kMostNotYou = 8;

bool is_separator(char c) {
  return c == '-' || c == ' ' || c == '\t';
}

// The canonical character, or NUL when there is none.
char canonical(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  if (c == 'I' || c == 'L') return '1';
  return kAlphabet.find(c) == std::string_view::npos ? '\0' : c;
}

OneTimeCode from_canonical(Secret text) {
  std::string handle(text.view().substr(0, kHandleLength));
  return OneTimeCode{std::move(handle), std::move(text)};
}

struct Means {
  const crypto::Sealer& sealer;
  ports::Entropy& entropy;
};
struct Terms {
  std::string_view purpose;
  ports::Instant expires_at{};
  std::optional<store::ContactId> contact{};
  std::optional<policy::Span> ends_at{};
  Form form = Form::characters;
};

std::string_view without_blanks_around(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Words with signs between them; one that could be read as a code is not taken.
Result<OneTimeCode> make_passphrase(const crypto::Sealer& sealer, store::PersonId person) {
  constexpr int kBits = 64;
  constexpr int kDraws = 8;
  for (int draw = 0; draw < kDraws; ++draw) {
    const Secret words = TRY(daemon::random_passphrase(kBits));
    if (!TRY(parse_code(words.view()))) return passphrase_code(sealer, person, words.view());
  }
  return Error(Errc::internal, "every passphrase reads as a code");
}

Result<OneTimeCode> drawn_as(const Means& means, const store::PersonRecord& person, Form form) {
  if (form == Form::passphrase) return make_passphrase(means.sealer, person.id);
  return make_code(means.entropy);
}

// `keep` writes the row; Errc::already_exists draws another code.
template <typename Keep>
Result<IssuedCode> issue(const Means& means, const store::PersonRecord& person, const Terms& terms,
                         const Keep& keep) {
  // A live code may have the same handle; one in a million does.
  constexpr int kDraws = 8;
  for (int draw = 0; draw < kDraws; ++draw) {
    IssuedCode issued{TRY(drawn_as(means, person, terms.form)), terms.expires_at};
    store::CodeRecord record;
    record.handle = issued.code.handle;
    record.purpose = terms.purpose;
    record.digest = digest_of(means.sealer, terms.purpose, person.id, issued.code);
    record.epoch = person.epoch;
    record.expires_at = issued.expires_at;
    record.contact = terms.contact;
    record.ends_at = terms.ends_at;
    const Result<void> kept = keep(record);
    if (kept) return issued;
    if (kept.error().code() != Errc::already_exists) return kept.error();
  }
  return Error(Errc::internal, "no free handle for a one-time code");
}

}  // namespace

Result<OneTimeCode> make_code(ports::Entropy& entropy) {
  Secret text = TRY(Secret::zeroed(kCodeLength));
  const std::span<char> characters = text.writable();
  entropy.fill(characters);
  for (char& c : characters) c = kAlphabet[static_cast<unsigned char>(c) % kAlphabet.size()];
  return from_canonical(std::move(text));
}

Result<std::optional<OneTimeCode>> parse_code(std::string_view typed) {
  Secret text = TRY(Secret::zeroed(kCodeLength));
  std::size_t size = 0;
  for (const char c : typed) {
    if (is_separator(c)) continue;
    const char kept = canonical(c);
    if (kept == '\0' || size == kCodeLength) return std::optional<OneTimeCode>();
    text.writable()[size++] = kept;
  }
  if (size != kCodeLength) return std::optional<OneTimeCode>();
  return std::optional<OneTimeCode>(from_canonical(std::move(text)));
}

Result<Secret> shown(const OneTimeCode& code) {
  constexpr std::size_t kGroup = 4;
  const std::string_view text = code.text.view();
  if (text.size() != kCodeLength) return Error(Errc::internal, "a one-time code is not whole");
  Secret grouped = TRY(Secret::zeroed(kCodeLength + kCodeLength / kGroup - 1));
  std::size_t at = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != 0 && i % kGroup == 0) grouped.writable()[at++] = '-';
    grouped.writable()[at++] = text[i];
  }
  return grouped;
}

Result<OneTimeCode> passphrase_code(const crypto::Sealer& sealer, store::PersonId person,
                                    std::string_view typed) {
  const std::string_view words = without_blanks_around(typed);
  const std::string drawn = sealer.code_digest(
      "passphrase-handle", std::to_string(static_cast<std::int64_t>(person)), words);
  std::string handle = drawn.substr(0, kHandleLength);
  for (char& c : handle) c = kAlphabet[static_cast<unsigned char>(c) % kAlphabet.size()];
  return OneTimeCode{std::move(handle), TRY(Secret::copy(words))};
}

std::string digest_of(const crypto::Sealer& sealer, std::string_view purpose,
                      store::PersonId person, const OneTimeCode& code) {
  return sealer.code_digest(purpose, std::to_string(static_cast<std::int64_t>(person)),
                            code.text.view());
}

Result<IssuedCode> issue_first_sign_in_code(store::Database& database,
                                            const store::PersonRecord& person,
                                            const crypto::Sealer& sealer, ports::Entropy& entropy,
                                            ports::Instant now) {
  return issue({sealer, entropy}, person, {kFirstSignIn, now + kFirstSignInLife, {}},
               [&](const store::CodeRecord& record) {
                 return store::put_code(database, person.id, record);
               });
}

Result<IssuedCode> issue_invitation_code(store::Database& database,
                                         const store::PersonRecord& person,
                                         store::ContactId contact, const crypto::Sealer& sealer,
                                         ports::Entropy& entropy, ports::Instant now) {
  return issue({sealer, entropy}, person, {kFirstSignIn, now + kFirstSignInLife, contact},
               [&](const store::CodeRecord& record) {
                 return store::put_code(database, person.id, record);
               });
}

Result<IssuedCode> issue_not_you_code(store::Database& database, const store::PersonRecord& person,
                                      const crypto::Sealer& sealer, ports::Entropy& entropy,
                                      ports::Instant now) {
  const auto live = TRY(store::list_codes(database, person.id, kNotYou, now));
  if (live.size() >= kMostNotYou) {
    const auto newest = std::max_element(
        live.begin(), live.end(),
        [](const auto& one, const auto& other) { return one.expires_at < other.expires_at; });
    TRY(store::delete_code(database, person.id, newest->handle));
  }
  return issue({sealer, entropy}, person, {kNotYou, now + kNotYouLife, {}},
               [&](const store::CodeRecord& record) {
                 return store::add_code(database, person.id, record, now);
               });
}

Result<IssuedCode> issue_reset_code(store::Database& database, const store::PersonRecord& person,
                                    const ResetTerms& terms, const crypto::Sealer& sealer,
                                    ports::Entropy& entropy, ports::Instant now) {
  return issue({sealer, entropy}, person,
               {kReset, now + kResetLife, terms.contact, terms.time + kResetLife, terms.form},
               [&](const store::CodeRecord& record) {
                 return store::add_code(database, person.id, record, now, terms.time);
               });
}

}  // namespace usher::sign_in
