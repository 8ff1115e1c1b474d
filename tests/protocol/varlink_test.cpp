// The Varlink codec: what is read, what is refused, and how frames come out of a stream.
#include "protocol/varlink.hpp"

#include <gtest/gtest.h>

namespace usher::protocol::varlink {
namespace {

std::string nested(std::size_t depth) {
  // The outermost object is the first level.
  return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

TEST(VarlinkJson, AllowsEightLevelsAndRefusesTheNinth) {
  EXPECT_TRUE(parse_object(nested(8)));
  auto deep = parse_object(nested(9));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code(), Errc::invalid_input);
  EXPECT_NE(deep.error().text().find("nested too deeply"), std::string_view::npos);
}

TEST(VarlinkJson, CountsObjectsLikeArrays) {
  EXPECT_TRUE(parse_object(R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}})"));
  EXPECT_FALSE(parse_object(R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}})"));
}

TEST(VarlinkJson, ComesBackUpBetweenSiblings) {
  EXPECT_TRUE(parse_object(R"({"a":[[[[[[[]]]]]]],"b":[[[[[[[]]]]]]],"c":[{},{},{}]})"));
}

TEST(VarlinkJson, SurvivesAFrameOfOpeningBrackets) {
  EXPECT_FALSE(parse_object("{\"a\":" + std::string(kMaxFrame - 10, '[')));
}

TEST(VarlinkJson, KeepsEveryKindOfValue) {
  auto json = parse_object(
      R"({"t":"\u00e9\n","n":-7,"u":18446744073709551615,"f":1.5,"b":true,"z":null,"l":[1,2]})");
  ASSERT_TRUE(json);
  EXPECT_EQ(*text_of(*json, "t"), "\xC3\xA9\n");
  EXPECT_EQ(number_of(*json, "n"), -7);
  EXPECT_EQ(number_of(*json, "u"), std::nullopt) << "does not fit";
  EXPECT_EQ(number_of(*json, "f"), std::nullopt) << "is not whole";
  EXPECT_TRUE(truth_of(*json, "b"));
  EXPECT_TRUE(member_of(*json, "z")->is_null());
  EXPECT_EQ(member_of(*json, "l")->size(), 2U);
}

TEST(VarlinkJson, RefusesWhatIsNoObjectOrNotStrictJson) {
  const std::string_view cases[] = {
      "",
      " ",
      "null",
      "7",
      "\"text\"",
      "[]",
      "[{}]",
      "{",
      "}",
      "{}}",
      "{} {}",
      "{}x",
      "{\"a\":1,}",
      "{'a':1}",
      "{\"a\":NaN}",
      "{\"a\":Infinity}",
      "{\"a\":1e999}",
      "{\"a\":01}",
      "{\"a\":tru}",
      "{\"a\"}",
      "{a:1}",
      "{\"a\":1 /* no */}",
      "// no\n{}",
      "{\"a\":\"\n\"}",
      "{\"a\":\"\xFF\"}",
      "{\"\xC0\xAF\":1}",
      "{\"a\":\"\xED\xA0\x80\"}",
      "{\"a\":\"\\ud800\"}",
      "{\"a\":\"\\x41\"}",
      "\xEF\xBB\xBF{}",
      std::string_view("{}\0", 3),
      std::string_view("{\"a\":\"\0\"}", 9),
  };
  for (const std::string_view text : cases) {
    auto json = parse_object(text);
    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().code(), Errc::invalid_input) << text;
  }
}

TEST(VarlinkJson, RefusesAKeyThatStandsTwice) {
  EXPECT_FALSE(parse_object(R"({"a":1,"a":2})"));
  EXPECT_FALSE(parse_object(R"({"a":{"b":1,"b":1}})"));
  EXPECT_FALSE(parse_object(R"({"a":1,"\u0061":2})")) << "the same key, escaped";
  EXPECT_TRUE(parse_object(R"({"a":{"a":1},"b":{"a":1}})"));
}

TEST(VarlinkJson, PrintsBadTextOnlyWhereItMayBeReplaced) {
  const Json json = {{"a", "\xFF"}};
  EXPECT_FALSE(to_text(json, BadText::refused));
  auto text = to_text(json, BadText::replaced);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "{\"a\":\"\xEF\xBF\xBD\"}");
}

Result<Call> read_call(std::string_view frame) {
  Secret copy = TRY(Secret::copy(frame));
  return decode_call(copy);
}

TEST(VarlinkCall, CarriesASecretThatNoTreeHolds) {
  Call call;
  call.method = "io.usher.Admin.SetPassword";
  call.parameters = {{"name", "ada"}};
  const Secret typed = Secret::copy("pass \"\xC3\xA9\xFF\n").release_value();
  call.secret = NamedSecret{"secret", to_hex(typed).release_value()};
  Secret frame = encode(call).release_value();
  frame.shorten(frame.size() - 1);
  const std::string digits(call.secret->text.view());
  EXPECT_NE(frame.view().find(digits), std::string_view::npos);
  auto read = decode_call(frame);
  ASSERT_TRUE(read && read->secret);
  EXPECT_EQ(read->parameters.dump().find(digits), std::string::npos);
  EXPECT_EQ(frame.view().find(digits), std::string_view::npos) << "the frame's copy is overwritten";
  EXPECT_TRUE(from_hex(read->secret->text).release_value().equals(typed));
  EXPECT_EQ(read->parameters["name"], "ada");
}

TEST(VarlinkCall, KnowsNoOtherDigits) {
  for (const char* text : {"0", "0g", "AB", "0-"}) {
    EXPECT_FALSE(from_hex(Secret::copy(text).release_value())) << text;
  }
}

TEST(VarlinkCall, GoesThereAndBack) {
  Call call;
  call.method = "io.usher.Admin.AddUser";
  call.parameters = {{"name", "ada"}, {"uid", 1879048192}};
  auto frame = encode(call);
  ASSERT_TRUE(frame);
  ASSERT_EQ(frame->view().back(), '\0');
  auto read = read_call(frame->view().substr(0, frame->size() - 1));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->method, call.method);
  EXPECT_EQ(read->parameters, call.parameters);
  EXPECT_FALSE(read->more);
}

TEST(VarlinkCall, MayLeaveItsParametersOut) {
  auto call = read_call(R"({"method":"io.usher.Admin.GetStatus","more":true})");
  ASSERT_TRUE(call);
  EXPECT_TRUE(call->parameters.empty());
  EXPECT_TRUE(call->more);
}

TEST(VarlinkCall, IsRefusedWhenNoReplyCouldFollow) {
  for (const char* flag : {"oneway", "upgrade"}) {
    auto call = read_call("{\"method\":\"a.b.C\",\"" + std::string(flag) + "\":true}");
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().code(), Errc::unsupported);
    EXPECT_TRUE(read_call("{\"method\":\"a.b.C\",\"" + std::string(flag) + "\":false}"));
  }
}

TEST(VarlinkCall, IsRefusedWhenItIsNotOne) {
  const std::string cases[] = {
      "{}",
      R"({"method":""})",
      R"({"method":7})",
      R"({"method":null})",
      R"({"method":"a.b.C","parameters":[]})",
      R"({"method":"a.b.C","parameters":null})",
      R"({"method":"a.b.C","more":1})",
      R"({"method":"a.b.C","oneway":"true"})",
      R"({"method":"a.b.C","surprise":1})",
      "{\"method\":\"" + std::string(kMaxMethodName + 1, 'a') + "\"}",
      "{\"method\":\"a.b.C\",\"parameters\":{\"a\":\"" + std::string(kMaxFrame, 'x') + "\"}}",
  };
  for (const std::string& frame : cases) {
    auto call = read_call(frame);
    ASSERT_FALSE(call) << frame.substr(0, 80);
    EXPECT_EQ(call.error().code(), Errc::invalid_input);
  }
}

Result<Reply> there_and_back(const Reply& reply, std::string_view secret_name) {
  Secret frame = TRY(encode(reply));
  EXPECT_EQ(frame.view().back(), '\0');
  frame.shorten(frame.size() - 1);
  return decode_reply(frame, secret_name);
}

TEST(VarlinkReply, GoesThereAndBack) {
  auto reply = there_and_back(ReplyOk{{{"more", false}}, {}}, "");
  ASSERT_TRUE(reply);
  const auto* ok = std::get_if<ReplyOk>(&*reply);
  ASSERT_NE(ok, nullptr);
  EXPECT_EQ(ok->parameters, Json({{"more", false}}));
  EXPECT_FALSE(ok->secret);
}

TEST(VarlinkReply, CarriesAnErrorAndItsParameters) {
  auto reply = there_and_back(ReplyError{"io.usher.Admin.NoSuchUser", {{"name", "bob"}}}, "code");
  ASSERT_TRUE(reply);
  const auto* error = std::get_if<ReplyError>(&*reply);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->error, "io.usher.Admin.NoSuchUser");
  EXPECT_EQ(*text_of(error->parameters, "name"), "bob");
}

ReplyOk with_secret(Json parameters, std::string_view name, std::string_view text) {
  return ReplyOk{std::move(parameters),
                 NamedSecret{std::string(name), Secret::copy(text).release_value()}};
}

TEST(VarlinkReply, SplicesASecretAsItsLastParameter) {
  auto frame = encode(Reply(with_secret({{"a", 1}}, "code", "7K3M-9QPD-XW2R")));
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->view(),
            std::string_view("{\"parameters\":{\"a\":1,\"code\":\"7K3M-9QPD-XW2R\"}}\0", 47));
  auto alone = encode(Reply(with_secret(Json::object(), "code", "X")));
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->view(), std::string_view("{\"parameters\":{\"code\":\"X\"}}\0", 28));
}

TEST(VarlinkReply, CutsTheSecretOutBeforeAnythingIsParsed) {
  Secret frame = Secret::copy(R"({"parameters":{"a":1,"code":"7K3M-9QPD-XW2R"}})").release_value();
  auto reply = decode_reply(frame, "code");
  ASSERT_TRUE(reply);
  const auto* ok = std::get_if<ReplyOk>(&*reply);
  ASSERT_NE(ok, nullptr);
  ASSERT_TRUE(ok->secret);
  EXPECT_EQ(ok->secret->text.view(), "7K3M-9QPD-XW2R");
  EXPECT_EQ(ok->parameters, Json({{"a", 1}}));
  EXPECT_EQ(frame.view().find("7K3M"), std::string_view::npos) << "the frame was overwritten";
}

TEST(VarlinkReply, FindsNoSecretWhereNoneWasSpliced) {
  const std::string_view cases[] = {
      R"({"parameters":{"code":"X","z":1}})",
      R"({"parameters":{"kode":"X"}})",
      R"({"parameters":{"code":7}})",
      R"({"parameters":{"code":"\u0041"}})",
      R"({"parameters":{}})",
      R"({"parameters":{"z":{"code":"X"}},"error":"a.B"})",
  };
  for (const std::string_view text : cases) {
    Secret frame = Secret::copy(text).release_value();
    auto reply = decode_reply(frame, "code");
    ASSERT_TRUE(reply) << text;
    const auto* ok = std::get_if<ReplyOk>(&*reply);
    EXPECT_TRUE(ok == nullptr || !ok->secret) << text;
  }
}

TEST(VarlinkReply, RefusesASecretThatCannotBeSpliced) {
  EXPECT_FALSE(encode(Reply(with_secret({}, "code", "a\"b"))));
  EXPECT_FALSE(encode(Reply(with_secret(Json::object(), "code", "a\\b"))));
  EXPECT_FALSE(encode(Reply(with_secret(Json::object(), "co\"de", "X"))));
  EXPECT_FALSE(encode(Reply(with_secret({{"code", "Y"}}, "code", "X"))));
}

TEST(VarlinkReply, IsRefusedWhenItIsNotOne) {
  const std::string_view cases[] = {
      "",
      "[]",
      R"({"error":7})",
      R"({"parameters":7})",
      R"({"continues":true})",
      R"({"parameters":{},"surprise":1})",
      R"("}})",
  };
  for (const std::string_view text : cases) {
    Secret frame = Secret::copy(text).release_value();
    EXPECT_FALSE(decode_reply(frame, "code")) << text;
  }
}

TEST(VarlinkReply, IsRefusedOverTheFrameLimit) {
  const Json large = {{"a", std::string(kMaxFrame, 'x')}};
  EXPECT_FALSE(encode(Reply(ReplyOk{large, {}})));
  EXPECT_FALSE(encode(Reply(ReplyError{"a.B", large})));
  EXPECT_FALSE(encode(Reply(with_secret(large, "code", "X"))));
  EXPECT_FALSE(encode(Call{"a.b.C", large, false}));
}

std::vector<std::string> frames_of(FrameBuffer& buffer) {
  std::vector<std::string> frames;
  for (;;) {
    auto next = buffer.next();
    EXPECT_TRUE(next);
    if (!next || !next->has_value()) return frames;
    frames.emplace_back((*next)->view());
  }
}

TEST(FrameBuffer, CutsAtEveryByte) {
  const std::string stream("{\"a\":1}\0{\"b\":2}\0\0{}\0", 20);
  const std::vector<std::string> whole = {"{\"a\":1}", "{\"b\":2}", "", "{}"};
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    FrameBuffer buffer(kMaxFrame);
    std::vector<std::string> frames;
    for (const std::string& part : {stream.substr(0, cut), stream.substr(cut)}) {
      ASSERT_TRUE(buffer.append(part));
      for (std::string& frame : frames_of(buffer)) frames.push_back(std::move(frame));
    }
    EXPECT_EQ(frames, whole) << "cut at " << cut;
    EXPECT_TRUE(buffer.empty());
  }
}

TEST(FrameBuffer, TakesOneByteAtATime) {
  const std::string stream("{\"a\":1}\0{}\0", 11);
  FrameBuffer buffer(kMaxFrame);
  std::vector<std::string> frames;
  for (const char byte : stream) {
    ASSERT_TRUE(buffer.append({&byte, 1}));
    for (std::string& frame : frames_of(buffer)) frames.push_back(std::move(frame));
  }
  EXPECT_EQ(frames, (std::vector<std::string>{"{\"a\":1}", "{}"}));
}

TEST(FrameBuffer, HoldsTwoFramesOfOneRead) {
  FrameBuffer buffer(kMaxFrame);
  ASSERT_TRUE(buffer.append(std::string_view("{}\0{\"a\":1}\0{\"b", 14)));
  EXPECT_EQ(frames_of(buffer), (std::vector<std::string>{"{}", "{\"a\":1}"}));
  EXPECT_FALSE(buffer.empty());
  ASSERT_TRUE(buffer.append(std::string_view("\":2}\0", 5)));
  EXPECT_EQ(frames_of(buffer), (std::vector<std::string>{"{\"b\":2}"}));
}

TEST(FrameBuffer, AllowsAFrameOfTheLimitAndRefusesOneByteMore) {
  const std::string largest(kMaxFrame, 'x');
  FrameBuffer fits(kMaxFrame);
  ASSERT_TRUE(fits.append(largest));
  ASSERT_TRUE(fits.append(std::string_view("\0", 1)));
  EXPECT_EQ(frames_of(fits), std::vector<std::string>{largest});

  FrameBuffer unfinished(kMaxFrame);
  EXPECT_FALSE(unfinished.append(largest + "x"));
  FrameBuffer finished(kMaxFrame);
  EXPECT_FALSE(finished.append(largest + std::string("x\0", 2)));
  FrameBuffer second(kMaxFrame);
  ASSERT_TRUE(second.append(std::string("{}\0", 3) + largest + "x"));
  EXPECT_TRUE(second.next());
  EXPECT_FALSE(second.append("x"));
}

}  // namespace
}  // namespace usher::protocol::varlink
