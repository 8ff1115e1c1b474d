// Varlink messages (varlink.org/Method-Call): JSON objects ended by one NUL byte. Frames are cut
// out of a byte stream under a cap, calls and replies are read strictly.
// A secret in a call or a reply never enters a JSON tree: it is spliced into the frame as the last
// parameter of a Secret frame, and cut out of it again before the frame is parsed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "protocol/varlink_json.hpp"

namespace usher::protocol::varlink {

// One frame without its NUL.
inline constexpr std::size_t kMaxFrame = 64 * 1024;
// "io.usher.Admin.AddUser": interface and member.
inline constexpr std::size_t kMaxMethodName = 255;

// A parameter whose characters need no escaping: letters, digits and hyphens.
struct NamedSecret {
  std::string name;
  Secret text;
};

// The one name a call's secret has. What may hold any character goes in hexadecimal digits.
inline constexpr std::string_view kCallSecret = "secret";

struct Call {
  std::string method;
  Json parameters = Json::object();
  bool more = false;  // the caller would take several replies
  std::optional<NamedSecret> secret{};
};

struct ReplyOk {
  Json parameters = Json::object();
  std::optional<NamedSecret> secret;
};

struct ReplyError {
  std::string error;  // "io.usher.Admin.NoSuchUser"
  Json parameters = Json::object();
};

using Reply = std::variant<ReplyOk, ReplyError>;

// Frames include their NUL. Errc::invalid_input: over kMaxFrame, a text that is not UTF-8, a secret
// that would need escaping, or the name of a parameter that is there already.
Result<Secret> encode(const Call& call);
Result<Secret> encode(const Reply& reply);

// Frames come without their NUL. Errc::invalid_input: not a call, or a member varlink does not
// know. Errc::unsupported: oneway or upgrade, to which no reply could be sent.
// The frame's copy of a secret is overwritten; what stands in the parameters is not the secret.
Result<Call> decode_call(Secret& frame);
// `secret_name` is the parameter to cut out as a Secret, empty for none; the frame's copy of it is
// overwritten. Errc::invalid_input: not a reply, or more replies are announced.
Result<Reply> decode_reply(Secret& frame, std::string_view secret_name);

// Hexadecimal digits of any bytes, and back. Errc::invalid_input: they are none.
Result<Secret> to_hex(const Secret& bytes);
Result<Secret> from_hex(const Secret& digits);

// Cuts frames out of a stream. Its memory grows with what arrived and is wiped at the end.
class FrameBuffer {
 public:
  explicit FrameBuffer(std::size_t frame_limit) : frame_limit_(frame_limit) {}

  // Errc::invalid_input: the frame that is arriving is over the limit; the buffer is of no more
  // use. Callers take every whole frame before they append again, which bounds what is held.
  Result<void> append(std::string_view bytes);
  // The next whole frame without its NUL, if it is there.
  Result<std::optional<Secret>> next();
  // Nothing of a further frame has arrived.
  bool empty() const { return size_ == 0; }

 private:
  Result<void> grow_to(std::size_t needed);

  std::size_t frame_limit_;
  Secret bytes_;
  std::size_t size_ = 0;     // bytes that are there
  std::size_t scanned_ = 0;  // of them, known to hold no NUL
};

}  // namespace usher::protocol::varlink
