// Messages to frames and back; nothing here touches a socket.
#include "protocol/varlink.hpp"

#include <algorithm>
#include <cstring>

namespace usher::protocol::varlink {
namespace {

constexpr std::string_view kParameters = "parameters";

bool needs_no_escaping(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

Result<void> check_size(std::size_t size) {
  if (size > kMaxFrame) return Error(Errc::invalid_input, "a message is over its limit");
  return {};
}

// Fills a Secret from left to right. The caller has counted the room.
class Filler {
 public:
  explicit Filler(Secret& target) : room_(target.writable()) {}
  void put(std::string_view text) {
    if (!text.empty()) std::memcpy(room_.data(), text.data(), text.size());
    room_ = room_.subspan(text.size());
  }

 private:
  std::span<char> room_;
};

Result<Secret> with_end(std::string_view frame) {
  TRY(check_size(frame.size()));
  Secret ended = TRY(Secret::zeroed(frame.size() + 1));
  Filler(ended).put(frame);
  return ended;
}

// HEAD{...,"name":"secret"}}: cut_out() looks for it at this very place.
Result<Secret> splice(std::string_view head, std::string_view parameters,
                      const NamedSecret& secret) {
  if (!needs_no_escaping(secret.name) || !needs_no_escaping(secret.text.view())) {
    return Error(Errc::invalid_input, "a secret of a message needs escaping");
  }
  parameters.remove_suffix(1);  // its closing brace
  const std::string label =
      std::string(parameters.size() > 1 ? "," : "") + '"' + secret.name + "\":\"";
  constexpr std::string_view kTail = "\"}}";
  const std::size_t size =
      head.size() + parameters.size() + label.size() + secret.text.size() + kTail.size();
  TRY(check_size(size));
  Secret frame = TRY(Secret::zeroed(size + 1));
  Filler filler(frame);
  filler.put(head);
  filler.put(parameters);
  filler.put(label);
  filler.put(secret.text.view());
  filler.put(kTail);
  return frame;
}

// A secret is the last member of the parameters, which are the last of the message.
Result<void> check_place(const Json& parameters, const NamedSecret& secret) {
  if (parameters.is_object() && !parameters.contains(secret.name)) return {};
  return Error(Errc::invalid_input, "a secret of a message has no place");
}

Result<Secret> encode_ok(const ReplyOk& reply) {
  const std::string parameters = TRY(to_text(reply.parameters, BadText::replaced));
  if (!reply.secret) return with_end("{\"parameters\":" + parameters + "}");
  TRY(check_place(reply.parameters, *reply.secret));
  return splice("{\"parameters\":", parameters, *reply.secret);
}

Result<Json> take_parameters(Json& message) {
  const auto found = message.find(kParameters);
  if (found == message.end()) return Json::object();
  if (!found->is_object()) return Error(Errc::invalid_input, "parameters are not an object");
  return std::move(*found);
}

Result<void> allow_only(const Json& message, std::initializer_list<std::string_view> members) {
  for (const auto& [name, value] : message.items()) {
    if (std::find(members.begin(), members.end(), name) == members.end()) {
      return Error(Errc::invalid_input, "a message has a member varlink does not know");
    }
  }
  return {};
}

Result<bool> take_flag(const Json& message, std::string_view name) {
  const Json* flag = member_of(message, name);
  if (flag == nullptr) return false;
  if (!flag->is_boolean()) return Error(Errc::invalid_input, "a flag of a call is no boolean");
  return truth_of(message, name);
}

// Takes the secret from the end of a frame, where splice() put it. None: it is not there.
Result<std::optional<Secret>> cut_out(Secret& frame, std::string_view name) {
  constexpr std::string_view kTail = "\"}}";
  const std::string_view text = frame.view();
  if (name.empty() || !text.ends_with(kTail)) return std::optional<Secret>();
  const std::size_t end = text.size() - kTail.size();
  const std::size_t quote = end == 0 ? std::string_view::npos : text.rfind('"', end - 1);
  if (quote == std::string_view::npos) return std::optional<Secret>();
  const std::string label = '"' + std::string(name) + "\":";
  if (!text.substr(0, quote).ends_with(label)) return std::optional<Secret>();
  const std::string_view characters = text.substr(quote + 1, end - quote - 1);
  if (!needs_no_escaping(characters)) return std::optional<Secret>();
  Secret taken = TRY(Secret::copy(characters));
  std::fill_n(frame.writable().begin() + static_cast<std::ptrdiff_t>(quote + 1), characters.size(),
              '*');
  return std::optional<Secret>(std::move(taken));
}

}  // namespace

Result<Secret> encode(const Call& call) {
  Json message = {{"method", call.method}};
  if (call.more) message["more"] = true;
  if (!call.secret) {
    message[std::string(kParameters)] = call.parameters;
    return with_end(TRY(to_text(message, BadText::refused)));
  }
  TRY(check_place(call.parameters, *call.secret));
  std::string head = TRY(to_text(message, BadText::refused));
  head.back() = ',';
  return splice(head + "\"parameters\":", TRY(to_text(call.parameters, BadText::refused)),
                *call.secret);
}

Result<Secret> encode(const Reply& reply) {
  if (const auto* ok = std::get_if<ReplyOk>(&reply)) return encode_ok(*ok);
  const auto* refused = std::get_if<ReplyError>(&reply);
  const Json message = {{"error", refused->error}, {"parameters", refused->parameters}};
  return with_end(TRY(to_text(message, BadText::replaced)));
}

Result<Call> decode_call(Secret& frame) {
  TRY(check_size(frame.size()));
  std::optional<Secret> secret = TRY(cut_out(frame, kCallSecret));
  Json message = TRY(parse_object(frame.view()));
  TRY(allow_only(message, {"method", kParameters, "oneway", "more", "upgrade"}));
  const std::string* method = text_of(message, "method");
  if (method == nullptr || method->empty() || method->size() > kMaxMethodName) {
    return Error(Errc::invalid_input, "a call names no method");
  }
  if (TRY(take_flag(message, "oneway")) || TRY(take_flag(message, "upgrade"))) {
    return Error(Errc::unsupported, "a call asks for oneway or upgrade");
  }
  Call call;
  call.method = *method;
  call.more = TRY(take_flag(message, "more"));
  call.parameters = TRY(take_parameters(message));
  if (secret) call.secret = NamedSecret{std::string(kCallSecret), std::move(*secret)};
  return call;
}

Result<Secret> to_hex(const Secret& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Secret digits = TRY(Secret::zeroed(bytes.size() * 2));
  std::size_t at = 0;
  for (const char c : bytes.view()) {
    const auto byte = static_cast<unsigned char>(c);
    digits.writable()[at++] = kDigits[byte >> 4U];
    digits.writable()[at++] = kDigits[byte & 15U];
  }
  return digits;
}

Result<Secret> from_hex(const Secret& digits) {
  const auto value_of = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  const std::string_view text = digits.view();
  Secret bytes = TRY(Secret::zeroed(text.size() / 2));
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int value = value_of(text[i]);
    if (value < 0 || text.size() % 2 != 0) {
      return Error(Errc::invalid_input, "a secret is not in hexadecimal digits");
    }
    char& byte = bytes.writable()[i / 2];
    byte = static_cast<char>(byte * 16 + value);
  }
  return bytes;
}

Result<Reply> decode_reply(Secret& frame, std::string_view secret_name) {
  TRY(check_size(frame.size()));
  std::optional<Secret> secret = TRY(cut_out(frame, secret_name));
  Json message = TRY(parse_object(frame.view()));
  TRY(allow_only(message, {"error", kParameters, "continues"}));
  if (TRY(take_flag(message, "continues"))) {
    return Error(Errc::unsupported, "more replies are announced than were asked for");
  }
  Json parameters = TRY(take_parameters(message));
  if (const Json* error = member_of(message, "error")) {
    const std::string* name = error->get_ptr<const std::string*>();
    if (name == nullptr) return Error(Errc::invalid_input, "an error reply has no name");
    return Reply(ReplyError{*name, std::move(parameters)});
  }
  ReplyOk ok;
  if (secret) {
    parameters.erase(std::string(secret_name));
    ok.secret = NamedSecret{std::string(secret_name), std::move(*secret)};
  }
  ok.parameters = std::move(parameters);
  return Reply(std::move(ok));
}

Result<void> FrameBuffer::grow_to(std::size_t needed) {
  if (needed <= bytes_.size()) return {};
  constexpr std::size_t kFirst = 1024;
  const std::size_t size = std::max({needed, kFirst, bytes_.size() * 2});
  Secret larger = TRY(Secret::zeroed(size));
  if (size_ != 0) std::memcpy(larger.writable().data(), bytes_.view().data(), size_);
  bytes_ = std::move(larger);
  return {};
}

Result<void> FrameBuffer::append(std::string_view bytes) {
  if (bytes.empty()) return {};
  TRY(grow_to(size_ + bytes.size()));
  std::memcpy(bytes_.writable().data() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
  const std::string_view fresh = bytes_.view().substr(scanned_, size_ - scanned_);
  const std::size_t end = fresh.find('\0');
  scanned_ += std::min(end, fresh.size());
  if (scanned_ > frame_limit_) return Error(Errc::invalid_input, "a message is over its limit");
  return {};
}

Result<std::optional<Secret>> FrameBuffer::next() {
  if (scanned_ == size_) return std::optional<Secret>();  // no NUL: append() stopped at the first
  if (scanned_ > frame_limit_) return Error(Errc::invalid_input, "a message is over its limit");
  Secret frame = TRY(Secret::copy(bytes_.view().substr(0, scanned_)));
  const std::size_t rest = size_ - scanned_ - 1;
  if (rest == 0) {  // a connection that waits holds no buffer
    bytes_ = Secret();
    size_ = scanned_ = 0;
    return std::optional<Secret>(std::move(frame));
  }
  char* start = bytes_.writable().data();
  std::memmove(start, start + scanned_ + 1, rest);
  wipe(start + rest, size_ - rest);
  size_ = rest;
  scanned_ = std::min(bytes_.view().substr(0, size_).find('\0'), size_);
  return std::optional<Secret>(std::move(frame));
}

}  // namespace usher::protocol::varlink
