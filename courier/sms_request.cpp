// One escape a place, in a table; from left to right into room that was counted before.
#include "courier/sms_request.hpp"

#include <algorithm>
#include <array>

#include "courier/filler.hpp"

namespace usher::courier {
namespace {

using protocol::courier::BodyForm;
using protocol::courier::Gateway;
using protocol::courier::Piece;
using protocol::courier::Place;
using protocol::courier::Placeholder;
using protocol::courier::Sms;

constexpr std::string_view kDigits = "0123456789ABCDEF";
// A control character in JSON: "\u001F".
constexpr std::size_t kLongestEscape = 6;

// RFC 3986 section 2.3: what never means anything.
bool is_unreserved(char c) {
  constexpr std::string_view kOthers = "-._~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

bool put_in_url(Filler& filler, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (is_unreserved(c)) {
    filler.put(c);
    return true;
  }
  filler.put('%');
  filler.put(kDigits[byte >> 4U]);
  filler.put(kDigits[byte & 15U]);
  return true;
}

// There is no escape in a header: what could end it is not put in.
bool put_in_header(Filler& filler, char c) {
  filler.put(c);
  return c >= 0x20 && c < 0x7F;
}

// RFC 8259 section 7.
bool put_in_json(Filler& filler, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7F) {
    filler.put("\\u00");
    filler.put(kDigits[byte >> 4U]);
    filler.put(kDigits[byte & 15U]);
    return true;
  }
  if (c == '"' || c == '\\') filler.put('\\');
  filler.put(c);
  return true;
}

// In the order of the enum.
constexpr bool (*kPuts[])(Filler& filler, char c) = {put_in_url, put_in_header, put_in_url,
                                                     put_in_json};
static_assert(std::size(kPuts) == static_cast<std::size_t>(Place::json) + 1);

bool put_value(Filler& filler, Place place, std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [&](char c) { return kPuts[static_cast<std::size_t>(place)](filler, c); });
}

// By Placeholder.
using Values = std::array<std::string_view, static_cast<std::size_t>(Placeholder::key) + 1>;

Values values_of(const Sms& sms, std::string_view key) {
  const std::string_view to = sms.to;
  return {to, to.substr(1), sms.gateway.from, sms.text.view(), sms.reference, sms.gateway.account,
          key};
}

Result<std::size_t> most_room(std::string_view text, const Values& values) {
  std::size_t room = 0;
  while (!text.empty()) {
    const Piece piece = TRY(protocol::courier::take_piece(text));
    room += piece.literal.size();
    if (piece.value) room += kLongestEscape * values[static_cast<std::size_t>(*piece.value)].size();
  }
  return room;
}

Result<Secret> filled(std::string_view text, Place place, const Values& values) {
  Secret whole = TRY(Secret::zeroed(TRY(most_room(text, values))));
  Filler filler(whole);
  while (!text.empty()) {
    const Piece piece = TRY(protocol::courier::take_piece(text));
    filler.put(piece.literal);
    if (!piece.value) continue;
    if (!put_value(filler, place, values[static_cast<std::size_t>(*piece.value)])) {
      return Error(Errc::invalid_input, "headers");
    }
  }
  filler.end();
  return whole;
}

std::string_view content_type_of(BodyForm form) {
  constexpr std::string_view kTypes[] = {"", "application/x-www-form-urlencoded",
                                         "application/json; charset=utf-8"};
  return kTypes[static_cast<std::size_t>(form)];
}

}  // namespace

Result<Secret> escaped_for(Place place, std::string_view value) {
  Secret escaped = TRY(Secret::zeroed(kLongestEscape * value.size()));
  Filler filler(escaped);
  if (!put_value(filler, place, value)) return Error(Errc::invalid_input, "headers");
  filler.end();
  return escaped;
}

Result<SmsRequest> request_of(const Sms& sms, std::string_view key) {
  TRY(check(sms));
  const Gateway& gateway = sms.gateway;
  const Values values = values_of(sms, key);
  SmsRequest request{.method = gateway.method,
                     .url = TRY(filled(gateway.url, Place::url, values)),
                     .headers = {},
                     .body = {}};
  for (const std::string& header : gateway.headers) {
    request.headers.push_back(TRY(filled(header, Place::header, values)));
  }
  if (gateway.form == BodyForm::none) return request;
  const Place place = gateway.form == BodyForm::json ? Place::json : Place::form;
  request.body = TRY(filled(gateway.body, place, values));
  request.headers.push_back(TRY(Secret::join({"Content-Type: ", content_type_of(gateway.form)})));
  return request;
}

}  // namespace usher::courier
