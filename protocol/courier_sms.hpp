// A text message, and the HTTPS gateway that takes it: templates of a request, and how its answer
// is read. What each may be is checked on both sides; a field that passed cannot say another thing
// to a gateway than was meant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace usher::protocol::courier {

// In bytes, as templates.
inline constexpr std::size_t kMaxGatewayUrl = 1'024;
inline constexpr std::size_t kMaxGatewayHeader = 512;
inline constexpr std::size_t kMaxGatewayHeaders = 8;
inline constexpr std::size_t kMaxGatewayBody = 4'096;
inline constexpr std::size_t kMaxAccount = 64;
inline constexpr std::size_t kMaxSmsSender = 20;
inline constexpr std::size_t kMaxSmsText = 1'000;
inline constexpr std::size_t kMaxPointer = 128;
inline constexpr std::size_t kMaxValues = 16;  // of a match, and of statuses
inline constexpr std::size_t kMaxValue = 64;

// Each in the order of its enum.
enum class Method : std::uint8_t { post, put, get };
inline constexpr std::string_view kMethods[] = {"POST", "PUT", "GET"};
enum class BodyForm : std::uint8_t { none, form, json };
inline constexpr std::string_view kBodyForms[] = {"none", "form", "json"};
enum class GatewayLogin : std::uint8_t { none, basic };
inline constexpr std::string_view kGatewayLogins[] = {"none", "basic"};
enum class Signature : std::uint8_t { none, hmac_sha256, ovh };
inline constexpr std::string_view kSignatures[] = {"none", "hmac-sha256", "ovh"};

// Of an answer in JSON: what RFC 6901 finds is there, and one of the values where there are some.
struct Match {
  std::string pointer;  // empty: not looked at
  std::vector<std::string> values;

  bool operator==(const Match&) const = default;
};

struct Gateway {
  Method method = Method::post;
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  BodyForm form = BodyForm::none;
  std::string body;  // with BodyForm::none empty, and only there
  GatewayLogin login = GatewayLogin::none;
  Signature signature = Signature::none;
  std::vector<std::int64_t> statuses;  // of an answer that may mean it was taken
  Match sent;                          // of such an answer
  Match bad_number;                    // of any answer: it is the recipient that was refused
  std::string ca_file;                 // empty: the machine's certificates
  std::string account;                 // ours at the gateway; may be empty
  std::string from;                    // the sender that people see; may be empty

  bool operator==(const Gateway&) const = default;
};

struct Sms {
  Gateway gateway;
  std::string to;         // E.164
  std::string reference;  // 32 hexadecimal digits, the same whenever this message is offered
  std::int64_t date = 0;  // when it was offered: seconds since 1970, UTC
  Secret text;
};

// A plus and 7 to 15 digits, the first of them not 0.
bool is_phone_number(std::string_view text);
// Letters, digits and " +-._": a number, or a name as people see it.
bool is_sms_sender(std::string_view text);
// Letters, digits and "-._".
bool is_account(std::string_view text);

// Errc::invalid_input names the field that is not what it must be; its value is in no Error.
Result<void> check(const Gateway& gateway);
Result<void> check(const Sms& sms);

}  // namespace usher::protocol::courier
