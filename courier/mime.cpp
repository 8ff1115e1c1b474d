// Headers, from left to right into room that was counted before.
#include "courier/mime.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "base/text.hpp"
#include "courier/filler.hpp"

namespace usher::courier {
namespace {

using protocol::courier::Mail;

constexpr std::size_t base64_size(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}

void put_base64(Filler& filler, std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(3, bytes.size()))) {
    std::uint32_t three = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      three = three << 8U | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint32_t digit = three >> (18U - 6U * i) & 63U;
      filler.put(i <= bytes.size() ? kDigits[digit] : '=');
    }
  }
}

// --- Encoded words ---

// A word with "Subject: " in front stays within the 76 characters of RFC 2047 section 2; no
// character is cut, so a word may hold three bytes less.
constexpr std::size_t kWordBytes = 39;
constexpr std::string_view kWordStart = "=?UTF-8?B?";
constexpr std::string_view kWordEnd = "?=";
constexpr std::string_view kFold = "\r\n ";

std::string_view next_word(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const std::size_t length = utf8_sequence_length(text.substr(size));
    if (size + length > kWordBytes) break;
    size += length;
  }
  return text.substr(0, size);
}

Result<Secret> encoded_words(std::string_view text) {
  const std::size_t words = text.size() / (kWordBytes - 3) + 1;
  Secret encoded = TRY(Secret::zeroed(
      words * (base64_size(kWordBytes) + kWordStart.size() + kWordEnd.size() + kFold.size())));
  Filler filler(encoded);
  for (bool is_first = true; !text.empty(); is_first = false) {
    const std::string_view word = next_word(text);
    if (!is_first) filler.put(kFold);
    filler.put(kWordStart);
    put_base64(filler, word);
    filler.put(kWordEnd);
    text.remove_prefix(word.size());
  }
  filler.end();
  return encoded;
}

// It can stand in a header as it is: a short line of ASCII that nobody takes for an encoded word.
bool is_plain(std::string_view text) {
  constexpr std::size_t kShort = 64;
  const auto is_ascii = [](char c) { return c >= 0x20 && c < 0x7F; };
  return text.size() <= kShort && text.front() != ' ' && text.back() != ' ' &&
         text.find("=?") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), is_ascii);
}

// A quoted string (RFC 5322 section 3.2.4), or encoded words.
Result<Secret> phrase(std::string_view name) {
  if (!is_plain(name)) return encoded_words(name);
  Secret quoted = TRY(Secret::zeroed(name.size() * 2 + 2));
  Filler filler(quoted);
  filler.put('"');
  for (const char c : name) {
    if (c == '"' || c == '\\') filler.put('\\');
    filler.put(c);
  }
  filler.put('"');
  filler.end();
  return quoted;
}

// --- Headers ---

// "Sat, 22 Nov 2025 08:26:40 +0000": in English whatever the locale.
std::string date_time(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds at{std::chrono::seconds(seconds)};
  const sys_days day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss clock(at - day);
  const auto two = [](auto number) {
    const std::string digits = std::to_string(number);
    return digits.size() < 2 ? "0" + digits : digits;
  };
  return std::string(kDays[weekday(day).c_encoding()]) + ", " +
         two(static_cast<unsigned>(date.day())) + " " +
         kMonths[static_cast<unsigned>(date.month()) - 1] + " " +
         std::to_string(static_cast<int>(date.year())) + " " + two(clock.hours().count()) + ":" +
         two(clock.minutes().count()) + ":" + two(clock.seconds().count()) + " +0000";
}

Result<Secret> from(const Mail& mail) {
  if (mail.from_name.empty()) return Secret::join({"From: ", mail.from});
  const Secret name = TRY(phrase(mail.from_name));
  return Secret::join({"From: ", name.view(), kFold, "<", mail.from, ">"});
}

Result<Secret> subject(const Mail& mail) {
  const std::string_view text = mail.text.subject.view();
  if (is_plain(text)) return Secret::join({"Subject: ", text});
  const Secret words = TRY(encoded_words(text));
  return Secret::join({"Subject: ", words.view()});
}

}  // namespace

Result<std::vector<Secret>> headers_of(const Mail& mail) {
  TRY(check(mail));
  std::vector<Secret> headers;
  headers.push_back(TRY(Secret::join({"Date: ", date_time(mail.date)})));
  headers.push_back(TRY(from(mail)));
  headers.push_back(TRY(Secret::join({"To: ", mail.to})));
  if (!mail.reply_to.empty()) {
    headers.push_back(TRY(Secret::join({"Reply-To: ", mail.reply_to})));
  }
  headers.push_back(TRY(subject(mail)));
  headers.push_back(TRY(Secret::join({"Message-ID: <", mail.message_id, ">"})));
  // RFC 3834 section 5: no vacation notice answers it.
  headers.push_back(TRY(Secret::copy("Auto-Submitted: auto-generated")));
  headers.push_back(TRY(Secret::copy("MIME-Version: 1.0")));
  // The library adds the boundary.
  headers.push_back(TRY(Secret::copy("Content-Type: multipart/alternative")));
  return headers;
}

Result<Secret> with_line_ends(const Secret& text) {
  Secret lines = TRY(Secret::zeroed(text.size() * 2));
  Filler filler(lines);
  for (const char c : text.view()) {
    if (c == '\n') filler.put('\r');
    filler.put(c);
  }
  filler.end();
  return lines;
}

Result<Secret> base64(std::string_view bytes) {
  Secret digits = TRY(Secret::zeroed(base64_size(bytes.size())));
  Filler filler(digits);
  put_base64(filler, bytes);
  filler.end();
  return digits;
}

}  // namespace usher::courier
