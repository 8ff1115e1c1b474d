// One-time codes that travel by another way than the sign-in itself: handed over by an admin, typed
// at the password prompt. Twelve characters of Crockford's base32, shown as XXXX-XXXX-XXXX: the
// first four are a handle the row is found by, the other eight carry 40 secret bits.
// Makes, reads and issues codes; spending one belongs to the transaction that acts on it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "daemon/crypto/sealer.hpp"
#include "daemon/ports/clock.hpp"
#include "daemon/ports/entropy.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/people.hpp"

namespace usher::sign_in {

inline constexpr std::size_t kHandleLength = 4;
inline constexpr std::size_t kCodeLength = 12;
inline constexpr std::string_view kFirstSignIn = "first-sign-in";
inline constexpr std::string_view kReset = "reset";     // mailed to who forgot the password
inline constexpr std::string_view kNotYou = "not-you";  // mailed with a notice; lets nobody in
// A long weekend: an account made on Friday is signed in to on Monday.
inline constexpr std::chrono::hours kFirstSignInLife{72};
// A mailbox is read at once by whoever waits for the code.
inline constexpr std::chrono::hours kResetLife{1};
// Whoever reads their mail once a week is not too late.
inline constexpr std::chrono::days kNotYouLife{7};

struct OneTimeCode {
  std::string handle;  // not secret alone: the first four characters of the text
  Secret text;         // canonical: twelve characters, upper case, no hyphen
};

Result<OneTimeCode> make_code(ports::Entropy& entropy);

// Forgiving as Crockford's base32 asks: either case, O for 0, I and L for 1, hyphens and blanks
// anywhere. None: this is no code (U stands in no code, and twelve characters must remain); it may
// still be a password. An Error only when memory is out.
Result<std::optional<OneTimeCode>> parse_code(std::string_view typed);

// XXXX-XXXX-XXXX, as it is printed for a person.
Result<Secret> shown(const OneTimeCode& code);

// A passphrase that was mailed in place of a code, as one: its handle is drawn from it with the
// key, and tells nothing of the rest. Blanks around it are not part of it.
Result<OneTimeCode> passphrase_code(const crypto::Sealer& sealer, store::PersonId person,
                                    std::string_view typed);

// What the store keeps instead of a code. Bound to purpose and person, so that a row that was moved
// or relabelled matches nothing. Compare with constant_time_equal.
std::string digest_of(const crypto::Sealer& sealer, std::string_view purpose,
                      store::PersonId person, const OneTimeCode& code);

struct IssuedCode {
  OneTimeCode code;
  ports::Instant expires_at{};
};

// Writes the digest of a fresh code and voids the person's earlier ones of this purpose; belongs in
// the caller's transaction. `person.epoch` must be the epoch of that moment: a reset raises it
// first.
Result<IssuedCode> issue_first_sign_in_code(store::Database& database,
                                            const store::PersonRecord& person,
                                            const crypto::Sealer& sealer, ports::Entropy& entropy,
                                            ports::Instant now);

// The same code, for an address that it goes to and that it confirms.
Result<IssuedCode> issue_invitation_code(store::Database& database,
                                         const store::PersonRecord& person,
                                         store::ContactId contact, const crypto::Sealer& sealer,
                                         ports::Entropy& entropy, ports::Instant now);

// Beside those that were mailed with the notices before: what a thief does next takes none away.
// When there are eight it is in place of the newest, and the first ones stand.
Result<IssuedCode> issue_not_you_code(store::Database& database, const store::PersonRecord& person,
                                      const crypto::Sealer& sealer, ports::Entropy& entropy,
                                      ports::Instant now);

enum class Form : std::uint8_t { characters, passphrase };

// Likewise, beside what was mailed before, and bound to the address it goes to. `time` is the
// throttle's own (store/tries.hpp), by which it ends; a passphrase has 64 secret bits.
struct ResetTerms {
  store::ContactId contact;
  Form form = Form::characters;
  policy::Span time{0};
};
Result<IssuedCode> issue_reset_code(store::Database& database, const store::PersonRecord& person,
                                    const ResetTerms& terms, const crypto::Sealer& sealer,
                                    ports::Entropy& entropy, ports::Instant now);

}  // namespace usher::sign_in
