// Encoding and decoding, one pair a message. Enumerations are checked on the way in: a value
// this version does not know is a malformed frame, never a default.
#include "protocol/messages.hpp"

#include "protocol/codec.hpp"

namespace usher::protocol {
namespace {

constexpr std::uint16_t kVersionWithOrganisation = 2;

void put_header(Writer& writer, const Header& header) {
  writer.put_u32(kMagic);
  writer.put_u16(header.version);
  writer.put_u16(static_cast<std::uint16_t>(header.type));
  writer.put_u32(header.request_id);
}

// The frame is written once into room that is surely enough and cut to its size, so a secret
// answer never stays behind in an intermediate buffer.
template <typename PutBody>
Result<Secret> encode_frame(const Header& header, MessageType type, std::size_t room,
                            const PutBody& put_body) {
  Secret frame = TRY(Secret::zeroed(kHeaderSize + room));
  Writer writer(frame.writable());
  put_header(writer, Header{header.version, type, header.request_id});
  put_body(writer);
  if (writer.failed() || writer.size() > kMaxFrame) {
    return Error(Errc::invalid_input, "a login message is over its limit");
  }
  frame.shorten(writer.size());
  return frame;
}

Result<Header> take_header(Reader& reader) {
  const std::uint32_t magic = reader.take_u32();
  Header header;
  header.version = reader.take_u16();
  const std::uint16_t type = reader.take_u16();
  header.request_id = reader.take_u32();
  if (reader.failed()) return Error(Errc::invalid_input, "a login frame is too short");
  if (magic != kMagic) return Error(Errc::invalid_input, "not a login frame");
  if (type < static_cast<std::uint16_t>(MessageType::client_hello) ||
      type > static_cast<std::uint16_t>(MessageType::verdict)) {
    return Error(Errc::invalid_input, "an unknown login message");
  }
  header.type = static_cast<MessageType>(type);
  return header;
}

// One reader for header and body: string_view::substr could throw, and needs the C++ runtime.
template <typename Message, typename TakeBody>
Result<Message> decode_frame(std::string_view frame, MessageType type, const TakeBody& take_body) {
  if (frame.size() > kMaxFrame) return Error(Errc::invalid_input, "a login frame is too long");
  Reader reader(frame);
  const Header header = TRY(take_header(reader));
  if (header.type != type) return Error(Errc::invalid_input, "a login message out of turn");
  Message message;
  const bool known_values = take_body(reader, message, header.version);
  if (!reader.finished()) return Error(Errc::invalid_input, "a login message has a wrong length");
  if (!known_values) return Error(Errc::invalid_input, "a login message has an unknown value");
  return message;
}

// Casts a wire number to an enum whose values are 'first'..'last'.
template <typename Enum>
bool take_enum(std::uint8_t number, Enum first, Enum last, Enum& target) {
  if (number < static_cast<std::uint8_t>(first) || number > static_cast<std::uint8_t>(last)) {
    return false;
  }
  target = static_cast<Enum>(number);
  return true;
}

}  // namespace

Result<Secret> encode(const Header& header, const ClientHello& message) {
  return encode_frame(header, MessageType::client_hello, 2,
                      [&](Writer& writer) { writer.put_u16(message.lowest_version); });
}

Result<Secret> encode(const Header& header, const ServerHello& message) {
  return encode_frame(header, MessageType::server_hello, 2,
                      [&](Writer& writer) { writer.put_u16(message.version); });
}

Result<Secret> encode(const Header& header, const Begin& message) {
  constexpr std::size_t kNumbers = 1 + 4 + 4 + 4;
  const std::size_t room = kNumbers + 6 * 2 + message.user.size() + message.service.size() +
                           message.tty.size() + message.rhost.size() + message.ruser.size() +
                           message.auth_info.size();
  return encode_frame(header, MessageType::begin, room, [&](Writer& writer) {
    writer.put_u8(static_cast<std::uint8_t>(message.operation));
    writer.put_u32(message.flags);
    writer.put_u32(message.caller_uid);
    writer.put_u32(message.audit_session);
    writer.put_text(message.user, kMaxName);
    writer.put_text(message.service, kMaxName);
    writer.put_text(message.tty, kMaxName);
    writer.put_text(message.rhost, kMaxName);
    writer.put_text(message.ruser, kMaxName);
    writer.put_text(message.auth_info, kMaxAuthInfo);
  });
}

Result<Secret> encode(const Header& header, const Step& message) {
  return encode_frame(header, MessageType::step, 4 + message.text.size(), [&](Writer& writer) {
    writer.put_u8(static_cast<std::uint8_t>(message.kind));
    writer.put_u8(static_cast<std::uint8_t>(message.slot));
    writer.put_text(message.text, kMaxText);
  });
}

Result<Secret> encode(const Header& header, const Answer& message) {
  return encode_frame(header, MessageType::answer, 3 + message.text.size(), [&](Writer& writer) {
    writer.put_u8(static_cast<std::uint8_t>(message.kind));
    writer.put_text(message.text, kMaxAnswer);
  });
}

Result<Secret> encode(const Header& header, const Verdict& message) {
  const std::size_t room = 1 + 1 + 2 + 1 + 3 * 2 + message.user.size() + message.text.size() +
                           message.organisation.size();
  return encode_frame(header, MessageType::verdict, room, [&](Writer& writer) {
    writer.put_u8(static_cast<std::uint8_t>(message.outcome));
    writer.put_u8(static_cast<std::uint8_t>(message.authtok));
    writer.put_u16(message.authtok_length);
    writer.put_u8(static_cast<std::uint8_t>(message.old_authtok));
    writer.put_text(message.user, kMaxName);
    writer.put_text(message.text, kMaxText);
    if (header.version >= kVersionWithOrganisation) {
      writer.put_text(message.organisation, kMaxName);
    }
  });
}

Result<Header> decode_header(std::string_view frame) {
  if (frame.size() > kMaxFrame) return Error(Errc::invalid_input, "a login frame is too long");
  Reader reader(frame);
  return take_header(reader);
}

Result<ClientHello> decode_client_hello(std::string_view frame) {
  return decode_frame<ClientHello>(frame, MessageType::client_hello,
                                   [](Reader& reader, ClientHello& message, std::uint16_t) {
                                     message.lowest_version = reader.take_u16();
                                     return message.lowest_version != 0;
                                   });
}

Result<ServerHello> decode_server_hello(std::string_view frame) {
  return decode_frame<ServerHello>(frame, MessageType::server_hello,
                                   [](Reader& reader, ServerHello& message, std::uint16_t) {
                                     message.version = reader.take_u16();
                                     return true;
                                   });
}

Result<Begin> decode_begin(std::string_view frame) {
  return decode_frame<Begin>(
      frame, MessageType::begin, [](Reader& reader, Begin& message, std::uint16_t) {
        const bool known = take_enum(reader.take_u8(), Operation::authenticate,
                                     Operation::change_password, message.operation);
        message.flags = reader.take_u32();
        message.caller_uid = reader.take_u32();
        message.audit_session = reader.take_u32();
        message.user = reader.take_text(kMaxName);
        message.service = reader.take_text(kMaxName);
        message.tty = reader.take_text(kMaxName);
        message.rhost = reader.take_text(kMaxName);
        message.ruser = reader.take_text(kMaxName);
        message.auth_info = reader.take_text(kMaxAuthInfo);
        return known;
      });
}

Result<Step> decode_step(std::string_view frame) {
  return decode_frame<Step>(
      frame, MessageType::step, [](Reader& reader, Step& message, std::uint16_t) {
        const bool known_kind =
            take_enum(reader.take_u8(), StepKind::ask_hidden, StepKind::tell_error, message.kind);
        const bool known_slot =
            take_enum(reader.take_u8(), Slot::none, Slot::new_password, message.slot);
        message.text = reader.take_text(kMaxText);
        return known_kind && known_slot;
      });
}

Result<Answer> decode_answer(std::string_view frame) {
  return decode_frame<Answer>(
      frame, MessageType::answer, [](Reader& reader, Answer& message, std::uint16_t) {
        const bool known =
            take_enum(reader.take_u8(), AnswerKind::given, AnswerKind::no_text, message.kind);
        message.text = reader.take_text(kMaxAnswer);
        return known && (message.kind == AnswerKind::given || message.text.empty());
      });
}

Result<Verdict> decode_verdict(std::string_view frame) {
  return decode_frame<Verdict>(
      frame, MessageType::verdict, [](Reader& reader, Verdict& message, std::uint16_t version) {
        const bool known_outcome =
            take_enum(reader.take_u8(), Outcome::accept, Outcome::too_many_tries, message.outcome);
        const bool known_slot =
            take_enum(reader.take_u8(), Slot::none, Slot::new_password, message.authtok);
        message.authtok_length = reader.take_u16();
        const bool known_old =
            take_enum(reader.take_u8(), Slot::none, Slot::new_password, message.old_authtok);
        message.user = reader.take_text(kMaxName);
        message.text = reader.take_text(kMaxText);
        if (version >= kVersionWithOrganisation) message.organisation = reader.take_text(kMaxName);
        return known_outcome && known_slot && known_old;
      });
}

const char* name_of(Operation operation) {
  switch (operation) {
    case Operation::authenticate:
      return "authenticate";
    case Operation::account:
      return "account";
    case Operation::prepare_change:
      return "prepare-change";
    case Operation::change_password:
      return "change-password";
  }
  return "unknown";
}

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::accept:
      return "accept";
    case Outcome::refuse:
      return "refuse";
    case Outcome::unknown_user:
      return "unknown-user";
    case Outcome::new_password_needed:
      return "new-password-needed";
    case Outcome::unavailable:
      return "unavailable";
    case Outcome::too_many_tries:
      return "too-many-tries";
  }
  return "unknown";
}

}  // namespace usher::protocol
