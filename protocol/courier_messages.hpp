// What usherd and usher-courier say to each other (io.usher.Courier.varlink), as values. Both sides
// build and read their messages here; neither trusts the other's.
// At least once: a message whose report never arrived is usherd's to offer again.
#pragma once

#include <chrono>
#include <optional>

#include "protocol/courier_work.hpp"
#include "protocol/varlink.hpp"

namespace usher::protocol::courier {

inline constexpr std::string_view kTakeMethod = "io.usher.Courier.Take";
inline constexpr std::string_view kReportMethod = "io.usher.Courier.Report";

// usherd answers Take within this, with nothing if there is nothing.
inline constexpr std::chrono::milliseconds kTakeWait{30'000};
inline constexpr std::size_t kMaxDetail = 200;
inline constexpr std::chrono::seconds kMaxWait{3'600};

enum class Outcome : std::uint8_t { sent, refused, later, service_down };
enum class Cause : std::uint8_t {
  none,
  not_sendable,
  sender,
  recipient,
  message,
  denied,
  unclear,
  no_address,
  no_connection,
  silent,
  dropped,
  unwelcome,
  no_encryption,
  handshake,
  wrong_name,
  expired,
  untrusted,
  login_refused,
  no_password,
  no_credit,
  busy,
  not_understood,
  stopping,
  internal,
};
std::string_view name_of(Outcome outcome);
std::string_view name_of(Cause cause);

struct Report {
  std::string id;
  Outcome outcome = Outcome::service_down;
  Cause cause = Cause::internal;
  std::string detail;  // printable ASCII, at most kMaxDetail bytes
  // What the service asks for before it is asked again, kMaxWait at most; 0: it does not say.
  std::chrono::seconds wait{0};
};

// Why can only be said of what was not sent, and "refused", "later" and "service_down" each have
// causes of their own.
bool fit_together(Outcome outcome, Cause cause);

// --- usherd's side ---

struct Take {};
// The refusal of a call that is neither method with its parameters, each of its type; nothing else
// may stand beside them.
using ReadCall = std::variant<Take, Report, varlink::ReplyError>;
ReadCall read_call(const varlink::Call& call);

// The answer to Take. Errc::invalid_input: what is to be sent must not be; the text names the
// field, and usherd need not offer it again.
Result<varlink::Reply> reply_of(const std::optional<Work>& work);
// The answer to Report.
varlink::Reply reported();
// To either. Errc::not_found: no such message. Every other code: it failed.
varlink::Reply reply_of(const Error& error);

// --- usher-courier's side ---

varlink::Call take_call();
varlink::Call call_of(const Report& report);

// A message of which nothing but the id can be read, and what is wrong with it.
struct Unsendable {
  std::string id;
  std::string field;
};
using Taken = std::variant<std::monostate, Work, Unsendable>;
// `reply` was decoded with varlink::kCallSecret. Errors as reply_of() got them.
// Errc::invalid_input: not an answer to this method.
Result<Taken> read_taken(const varlink::Reply& reply);
Result<void> read_reported(const varlink::Reply& reply);

}  // namespace usher::protocol::courier
