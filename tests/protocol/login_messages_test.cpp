// The messages of the login wire: there and back at every limit, refused one over it, cut anywhere,
// followed by anything, or holding a value this version does not know.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "protocol/messages.hpp"

namespace usher::protocol {
namespace {

std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<char>(i * 7));
  return text;
}

template <typename Message>
std::string frame_of(const Message& message, std::uint32_t request_id = 0) {
  const Result<Secret> frame = encode(Header{kVersion, {}, request_id}, message);
  return frame.has_value() ? std::string(frame->view()) : std::string();
}

template <typename Message>
bool is_refused(const Message& message) {
  const Result<Secret> frame = encode(Header{}, message);
  return !frame.has_value() && frame.error().code() == Errc::invalid_input;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ' || c == '\n') continue;
    digits.push_back(c);
    if (digits.size() < 2) continue;
    bytes.push_back(static_cast<char>(std::stoi(digits, nullptr, 16)));
    digits.clear();
  }
  return bytes;
}

// PROTOCOL.md explains these bytes one by one: ada, over ssh from 192.0.2.7, wants to sign in.
constexpr std::string_view kBeginInHex =
    "55534852 0002 0003 00000000 "    // "USHR", version 2, begin, request 0
    "01 00000000 00000000 ffffffff "  // authenticate, no flag, caller uid 0, no audit session
    "0003 616461 "                    // user "ada"
    "0004 73736864 "                  // service "sshd"
    "0003 737368 "                    // tty "ssh"
    "0009 3139322e302e322e37 "        // rhost "192.0.2.7"
    "0000 "                           // ruser ""
    "0000";                           // auth_info ""

Begin example() {
  Begin begin;
  begin.operation = Operation::authenticate;
  begin.caller_uid = 0;
  begin.audit_session = 4294967295U;
  begin.user = "ada";
  begin.service = "sshd";
  begin.tty = "ssh";
  begin.rhost = "192.0.2.7";
  return begin;
}

TEST(LoginWire, EncodesTheWorkedExampleByteForByte) {
  EXPECT_EQ(frame_of(example()), from_hex(kBeginInHex));
}

TEST(LoginWire, ShowsTheWorkedExampleInItsDocument) {
  std::ifstream file(USHER_SOURCE_DIR "/protocol/PROTOCOL.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t mark = text.find("<!-- begin-frame -->\n```\n");
  ASSERT_NE(mark, std::string::npos);
  const std::size_t start = text.find("```\n", mark) + 4;
  EXPECT_EQ(from_hex(text.substr(start, text.find("```", start) - start)), from_hex(kBeginInHex));
}

TEST(LoginWire, DecodesTheWorkedExample) {
  const std::string frame = from_hex(kBeginInHex);
  const auto begin = decode_begin(frame);
  ASSERT_TRUE(begin);
  EXPECT_EQ(begin->operation, Operation::authenticate);
  EXPECT_EQ(begin->flags, 0U);
  EXPECT_EQ(begin->caller_uid, 0U);
  EXPECT_EQ(begin->audit_session, 4294967295U);
  EXPECT_EQ(begin->user, "ada");
  EXPECT_EQ(begin->service, "sshd");
  EXPECT_EQ(begin->tty, "ssh");
  EXPECT_EQ(begin->rhost, "192.0.2.7");
  EXPECT_EQ(begin->ruser, "");
  EXPECT_EQ(begin->auth_info, "");
}

TEST(LoginWire, ReadsAHeader) {
  const std::string frame = frame_of(Answer{}, 0xFEDCBA98U);
  const auto header = decode_header(frame);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->version, kVersion);
  EXPECT_EQ(header->type, MessageType::answer);
  EXPECT_EQ(header->request_id, 0xFEDCBA98U);
}

TEST(LoginWire, RefusesAFrameThatIsNotOurs) {
  std::string frame = frame_of(ClientHello{});
  frame[0] = 'V';
  EXPECT_FALSE(decode_header(frame));
  EXPECT_FALSE(decode_client_hello(frame));
}

TEST(LoginWire, KnowsSixTypesAndNoOther) {
  std::string frame = frame_of(ClientHello{});
  for (int type = 0; type < 0x10000; ++type) {
    frame[6] = static_cast<char>(type >> 8);
    frame[7] = static_cast<char>(type & 0xFF);
    EXPECT_EQ(decode_header(frame).has_value(), type >= 1 && type <= 6) << type;
    EXPECT_EQ(decode_client_hello(frame).has_value(), type == 1) << type;
  }
}

TEST(LoginWire, RefusesAFrameOverItsLimit) {
  const std::string over = frame_of(ClientHello{}) + std::string(kMaxFrame, 'x');
  EXPECT_FALSE(decode_header(over));
  EXPECT_FALSE(decode_client_hello(over));
  EXPECT_FALSE(decode_begin(over));
}

TEST(Begin, ComesBackAtItsLimits) {
  const std::string name = text_of(kMaxName);
  const std::string info = text_of(kMaxAuthInfo);
  const Begin sent{
      Operation::change_password, 0xFFFFFFFFU, 0xFFFFFFFEU, 7, name, name, name, name, name, info};
  const std::string frame = frame_of(sent);
  const auto got = decode_begin(frame);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->operation, sent.operation);
  EXPECT_EQ(got->flags, sent.flags);
  EXPECT_EQ(got->caller_uid, sent.caller_uid);
  EXPECT_EQ(got->audit_session, sent.audit_session);
  for (const std::string_view text : {got->user, got->service, got->tty, got->rhost, got->ruser}) {
    EXPECT_EQ(text, name);
  }
  EXPECT_EQ(got->auth_info, info);
}

TEST(Begin, IsRefusedOneOverEachLimit) {
  const std::string name = text_of(kMaxName + 1);
  const std::string info = text_of(kMaxAuthInfo + 1);
  for (std::string_view Begin::*field :
       {&Begin::user, &Begin::service, &Begin::tty, &Begin::rhost, &Begin::ruser}) {
    Begin begin = example();
    begin.*field = name;
    EXPECT_TRUE(is_refused(begin));
  }
  Begin begin = example();
  begin.auth_info = info;
  EXPECT_TRUE(is_refused(begin));
}

// The length field of each text of the worked example, and the limit it may not pass.
TEST(Begin, IsNotDecodedOneOverEachLimit) {
  for (const std::string_view Begin::*field : {&Begin::user, &Begin::service, &Begin::tty,
                                               &Begin::rhost, &Begin::ruser, &Begin::auth_info}) {
    const std::size_t limit = field == &Begin::auth_info ? kMaxAuthInfo : kMaxName;
    const std::string longest(limit, 'x');
    Begin begin;
    begin.*const_cast<std::string_view Begin::*>(field) = longest;
    std::string frame = frame_of(begin);
    ASSERT_TRUE(decode_begin(frame));
    const std::size_t text = frame.find('x');
    frame.insert(text, 1, 'x');
    frame[text - 2] = static_cast<char>((limit + 1) >> 8);
    frame[text - 1] = static_cast<char>((limit + 1) & 0xFF);
    EXPECT_FALSE(decode_begin(frame));
  }
}

TEST(Step, ComesBackAtItsLimits) {
  const std::string text = text_of(kMaxText);
  for (const StepKind kind :
       {StepKind::ask_hidden, StepKind::ask_shown, StepKind::tell_info, StepKind::tell_error}) {
    for (const Slot slot : {Slot::none, Slot::password, Slot::new_password}) {
      const std::string frame = frame_of(Step{kind, slot, text}, 64);
      const auto got = decode_step(frame);
      ASSERT_TRUE(got);
      EXPECT_EQ(got->kind, kind);
      EXPECT_EQ(got->slot, slot);
      EXPECT_EQ(got->text, text);
    }
  }
  const std::string over = text_of(kMaxText + 1);
  EXPECT_TRUE(is_refused(Step{StepKind::ask_hidden, Slot::none, over}));
}

TEST(Answer, ComesBackAtItsLimits) {
  const std::string text = text_of(kMaxAnswer);
  const std::string frame = frame_of(Answer{AnswerKind::given, text});
  const auto got = decode_answer(frame);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->kind, AnswerKind::given);
  EXPECT_EQ(got->text, text);
  const std::string over = text_of(kMaxAnswer + 1);
  EXPECT_TRUE(is_refused(Answer{AnswerKind::given, over}));
}

TEST(Answer, CarriesTextOnlyWhenItWasGiven) {
  for (const AnswerKind kind : {AnswerKind::told, AnswerKind::no_text}) {
    EXPECT_TRUE(decode_answer(frame_of(Answer{kind, ""})));
    EXPECT_FALSE(decode_answer(frame_of(Answer{kind, "x"})));
  }
}

TEST(Verdict, ComesBackAtItsLimits) {
  const std::string user = text_of(kMaxName);
  const std::string text = text_of(kMaxText);
  const Verdict sent{
      Outcome::too_many_tries, Slot::new_password, 0xFFFF, Slot::password, user, text};
  const std::string frame = frame_of(sent);
  const auto got = decode_verdict(frame);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->outcome, sent.outcome);
  EXPECT_EQ(got->authtok, sent.authtok);
  EXPECT_EQ(got->authtok_length, sent.authtok_length);
  EXPECT_EQ(got->old_authtok, sent.old_authtok);
  EXPECT_EQ(got->user, user);
  EXPECT_EQ(got->text, text);

  const std::string long_user = text_of(kMaxName + 1);
  const std::string long_text = text_of(kMaxText + 1);
  EXPECT_TRUE(is_refused(Verdict{Outcome::accept, Slot::none, 0, Slot::none, long_user, ""}));
  EXPECT_TRUE(is_refused(Verdict{Outcome::accept, Slot::none, 0, Slot::none, "", long_text}));
}

TEST(Verdict, NamesTheOrganisationFromVersionTwoOn) {
  Verdict sent{Outcome::accept, Slot::none, 0, Slot::none, "ada", ""};
  sent.organisation = "acme";
  for (const std::uint16_t version : {std::uint16_t{1}, std::uint16_t{2}}) {
    const auto frame = encode({version, MessageType::verdict, 0}, sent);
    ASSERT_TRUE(frame);
    const auto got = decode_verdict(frame->view());
    ASSERT_TRUE(got) << version;
    EXPECT_EQ(got->organisation, version == 1 ? "" : "acme");
  }
  const std::string long_name = text_of(kMaxName + 1);
  sent.organisation = long_name;
  EXPECT_TRUE(is_refused(sent));
}

TEST(ClientHello, RefusesVersionZero) {
  EXPECT_TRUE(decode_client_hello(frame_of(ClientHello{0xFFFF})));
  EXPECT_FALSE(decode_client_hello(frame_of(ClientHello{0})));
}

TEST(ServerHello, MaySayThatNothingIsInCommon) {
  const auto hello = decode_server_hello(frame_of(ServerHello{0}));
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->version, 0);
}

// One frame of every type, with its decoder.
struct Sample {
  const char* name;
  std::string frame;
  bool (*decodes)(std::string_view frame);
};

std::vector<Sample> samples() {
  const Verdict verdict{Outcome::accept, Slot::password, 8, Slot::none, "ada", "Welcome."};
  return {
      {"client_hello", frame_of(ClientHello{}),
       [](std::string_view frame) { return decode_client_hello(frame).has_value(); }},
      {"server_hello", frame_of(ServerHello{}),
       [](std::string_view frame) { return decode_server_hello(frame).has_value(); }},
      {"begin", from_hex(kBeginInHex),
       [](std::string_view frame) { return decode_begin(frame).has_value(); }},
      {"step", frame_of(Step{StepKind::ask_shown, Slot::none, "Code: "}, 2),
       [](std::string_view frame) { return decode_step(frame).has_value(); }},
      {"answer", frame_of(Answer{AnswerKind::given, "755224"}, 2),
       [](std::string_view frame) { return decode_answer(frame).has_value(); }},
      {"verdict", frame_of(verdict, 3),
       [](std::string_view frame) { return decode_verdict(frame).has_value(); }},
  };
}

TEST(LoginWire, RefusesEveryMessageCutAnywhere) {
  for (const Sample& sample : samples()) {
    for (std::size_t size = 0; size < sample.frame.size(); ++size) {
      EXPECT_FALSE(sample.decodes(std::string_view(sample.frame).substr(0, size)))
          << sample.name << " cut to " << size;
    }
    EXPECT_TRUE(sample.decodes(sample.frame)) << sample.name;
  }
}

TEST(LoginWire, RefusesBytesAfterTheLastField) {
  for (const Sample& sample : samples()) {
    EXPECT_FALSE(sample.decodes(sample.frame + std::string(1, '\0'))) << sample.name;
    EXPECT_FALSE(sample.decodes(sample.frame + sample.frame)) << sample.name;
  }
}

TEST(LoginWire, RefusesOneMessageInThePlaceOfAnother) {
  const auto all = samples();
  for (std::size_t sent = 0; sent < all.size(); ++sent) {
    for (std::size_t expected = 0; expected < all.size(); ++expected) {
      EXPECT_EQ(all[expected].decodes(all[sent].frame), sent == expected)
          << all[sent].name << " for " << all[expected].name;
    }
  }
}

// Which bytes hold an enumeration, and its values.
struct EnumField {
  std::size_t sample;  // in samples()
  std::size_t offset;  // after the header
  int first, last;
};

TEST(LoginWire, RefusesEveryUnknownValueOfAnEnumeration) {
  const EnumField fields[] = {
      {2, 0, 1, 4},                // begin.operation
      {3, 0, 1, 4}, {3, 1, 0, 2},  // step.kind, step.slot
      {5, 0, 1, 6}, {5, 1, 0, 2},  // verdict.outcome, verdict.authtok
      {5, 4, 0, 2},                // verdict.old_authtok
  };
  for (const EnumField& field : fields) {
    for (int value = 0; value < 256; ++value) {
      Sample sample = samples()[field.sample];
      sample.frame[kHeaderSize + field.offset] = static_cast<char>(value);
      EXPECT_EQ(sample.decodes(sample.frame), value >= field.first && value <= field.last)
          << sample.name << " offset " << field.offset << " value " << value;
    }
  }
  for (int value = 0; value < 256; ++value) {
    std::string frame = frame_of(Answer{AnswerKind::given, ""});
    frame[kHeaderSize] = static_cast<char>(value);
    EXPECT_EQ(decode_answer(frame).has_value(), value >= 1 && value <= 3) << value;
  }
}

}  // namespace
}  // namespace usher::protocol
