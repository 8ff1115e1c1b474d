// The messages of the login wire, one struct each. PROTOCOL.md tells the whole story: order,
// limits, versions, and a frame in hex.
//
// Texts are views into the frame they were decoded from (or that the caller keeps alive while
// encoding). A decoded message has every field inside its limit; nothing else was checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"

namespace usher::protocol {

// "USHR". A frame that starts otherwise is not ours.
inline constexpr std::uint32_t kMagic = 0x55534852;
inline constexpr std::uint16_t kVersion = 2;        // the highest version this program speaks
inline constexpr std::uint16_t kLowestVersion = 1;  // the lowest
inline constexpr std::size_t kHeaderSize = 12;
inline constexpr std::size_t kMaxFrame = 16 * 1024;
inline constexpr std::size_t kMaxAnswer = 4 * 1024;
inline constexpr std::size_t kMaxText = 8 * 1024;  // a step's or verdict's text; holds a QR code
inline constexpr std::size_t kMaxName = 256;       // user, service, tty, rhost, ruser, organisation
inline constexpr std::size_t kMaxAuthInfo = 8 * 1024;
// How many steps a conversation may take; a peer that wants more is looping.
inline constexpr std::uint32_t kMaxSteps = 64;

// Requests are odd, replies even.
enum class MessageType : std::uint16_t {
  client_hello = 1,
  server_hello = 2,
  begin = 3,
  step = 4,
  answer = 5,
  verdict = 6,
};

struct Header {
  std::uint16_t version = kVersion;
  MessageType type = MessageType::client_hello;
  // Hello and begin: 0. A step carries the daemon's number for it, from 1 and rising, its answer
  // the same number. A verdict answers the whole conversation, its number means nothing.
  std::uint32_t request_id = 0;
};

// First frame. The header's version is the highest the client speaks.
struct ClientHello {
  std::uint16_t lowest_version = kLowestVersion;
};

// Reply. Every later frame of the connection carries this version. 0: none in common.
struct ServerHello {
  std::uint16_t version = kVersion;
};

enum class Operation : std::uint8_t {
  authenticate = 1,     // pam_sm_authenticate
  account = 2,          // pam_sm_acct_mgmt: asks nothing, every door passes here
  prepare_change = 3,   // pam_sm_chauthtok, PAM_PRELIM_CHECK: is this person ours?
  change_password = 4,  // pam_sm_chauthtok, PAM_UPDATE_AUTHTOK
};

// PAM flags that change what the daemon does.
inline constexpr std::uint32_t kFlagSilent = 1u << 0;             // PAM_SILENT
inline constexpr std::uint32_t kFlagChangeExpiredOnly = 1u << 1;  // PAM_CHANGE_EXPIRED_AUTHTOK

// What the caller of PAM knows. Only facts; the daemon trusts the texts from peer uid 0 alone.
struct Begin {
  Operation operation = Operation::authenticate;
  std::uint32_t flags = 0;
  std::uint32_t caller_uid = 0;     // getuid() in the caller: who ran su, sudo or passwd
  std::uint32_t audit_session = 0;  // /proc/self/sessionid; 4294967295 when there is none
  std::string_view user;            // PAM_USER
  std::string_view service;         // PAM_SERVICE
  std::string_view tty;             // PAM_TTY
  std::string_view rhost;           // PAM_RHOST
  std::string_view ruser;           // PAM_RUSER
  std::string_view auth_info;       // SSH_AUTH_INFO_0 of the PAM environment, "" if over the limit
};

// Where the module keeps an answer until the verdict says what it was.
enum class Slot : std::uint8_t {
  none = 0,      // forget it at once: codes, menu choices
  password = 1,  // the current password
  new_password = 2,
};

enum class StepKind : std::uint8_t {
  ask_hidden = 1,  // PAM_PROMPT_ECHO_OFF
  ask_shown = 2,   // PAM_PROMPT_ECHO_ON
  tell_info = 3,   // PAM_TEXT_INFO; answered with AnswerKind::told
  tell_error = 4,  // PAM_ERROR_MSG; answered with AnswerKind::told
};

struct Step {
  StepKind kind = StepKind::ask_hidden;
  Slot slot = Slot::none;
  std::string_view text;
};

enum class AnswerKind : std::uint8_t {
  given = 1,    // the text the person typed, perhaps empty
  told = 2,     // the text was shown
  no_text = 3,  // the conversation failed or returned no text: nobody answered
};

struct Answer {
  AnswerKind kind = AnswerKind::given;
  std::string_view text;
};

enum class Outcome : std::uint8_t {
  accept = 1,
  refuse = 2,               // wrong, unknown, suspended, throttled: one value, one PAM code
  unknown_user = 3,         // not ours; in authenticate only where unknown = "pass"
  new_password_needed = 4,  // account: the caller may run the change now
  unavailable = 5,          // could not decide
  too_many_tries = 6,       // the caller should stop asking
};

struct Verdict {
  Outcome outcome = Outcome::unavailable;
  // The slot whose answer is the proven password: PAM_AUTHTOK. Slot::none when there is none.
  Slot authtok = Slot::none;
  // Only the first bytes of that answer are the password (a code may follow in the same field).
  std::uint16_t authtok_length = 0;
  // PAM_OLDAUTHTOK, after a change.
  Slot old_authtok = Slot::none;
  std::string_view user;  // the name that was decided about; the module refuses any other
  std::string_view text;  // for the person; may be empty
  // From version 2 on: USHER_ORG of the session that begins; may be empty.
  std::string_view organisation{};
};

// Encoders return the whole frame, header included. The frame is a Secret: an answer is one.
Result<Secret> encode(const Header& header, const ClientHello& message);
Result<Secret> encode(const Header& header, const ServerHello& message);
Result<Secret> encode(const Header& header, const Begin& message);
Result<Secret> encode(const Header& header, const Step& message);
Result<Secret> encode(const Header& header, const Answer& message);
Result<Secret> encode(const Header& header, const Verdict& message);

// Magic, length and a type this version knows. Errc::invalid_input otherwise.
Result<Header> decode_header(std::string_view frame);

// The body after the header. Errc::invalid_input when a field is missing, over its limit or not
// of its type, or when bytes follow the last field.
Result<ClientHello> decode_client_hello(std::string_view frame);
Result<ServerHello> decode_server_hello(std::string_view frame);
Result<Begin> decode_begin(std::string_view frame);
Result<Step> decode_step(std::string_view frame);
Result<Answer> decode_answer(std::string_view frame);
Result<Verdict> decode_verdict(std::string_view frame);

// As logs and audit records have them.
const char* name_of(Operation operation);
const char* name_of(Outcome outcome);

}  // namespace usher::protocol
