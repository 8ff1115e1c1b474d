// Reading replies line by line, and starring out what is nobody's to read.
#include "courier/server_reply.hpp"

#include <algorithm>

#include "protocol/courier_messages.hpp"

namespace usher::courier {
namespace {

constexpr std::size_t kCodeDigits = 3;
constexpr int kGoAhead = 354;
// So many letters or digits in a row tell something.
constexpr std::size_t kTelling = 4;
// A reply is kept up to here; a server may send without end.
constexpr std::size_t kMostKept = 1'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter_or_digit(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

// 0: it starts with none.
int code_of(std::string_view line) {
  if (line.size() < kCodeDigits) return 0;
  int code = 0;
  for (const char c : line.substr(0, kCodeDigits)) {
    if (!is_digit(c)) return 0;
    code = code * 10 + (c - '0');
  }
  return code;
}

bool holds(std::string_view text, std::string_view word) {
  const auto found = std::search(text.begin(), text.end(), word.begin(), word.end(),
                                 [](char a, char b) { return lower(a) == lower(b); });
  return found != text.end();
}

void star_out(std::string& text, std::size_t from, std::size_t size) {
  std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(from), size, '*');
}

// The whole of it, however short its words are.
void star_out_whole(std::string& text, std::size_t start, std::string_view secret) {
  if (secret.empty()) return;
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  auto from = text.begin() + static_cast<std::ptrdiff_t>(start);
  while (true) {
    from = std::search(from, text.end(), secret.begin(), secret.end(), same);
    if (from == text.end()) return;
    const auto size = static_cast<std::ptrdiff_t>(secret.size());
    std::fill_n(from, size, '*');
    from += size;
  }
}

// Its words, whatever they are glued to: "%2090417265" is a blank and a code.
void star_out_words_of(std::string& text, std::size_t start, std::string_view secret) {
  for (std::size_t at = 0; at < secret.size();) {
    std::size_t end = at;
    while (end < secret.size() && is_letter_or_digit(secret[end])) ++end;
    if (end - at >= kTelling) star_out_whole(text, start, secret.substr(at, end - at));
    at = end + 1;
  }
}

void star_out_words(std::string& text, std::size_t start, std::span<const std::string_view> secrets,
                    bool (*is_of_word)(char c)) {
  for (std::size_t at = start; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_of_word(text[end])) ++end;
    const std::string_view word = std::string_view(text).substr(at, end - at);
    const bool is_told = std::any_of(secrets.begin(), secrets.end(), [&](std::string_view secret) {
      return word.size() >= kTelling && holds(secret, word);
    });
    if (is_told) star_out(text, at, word.size());
    at = end + 1;
  }
}

}  // namespace

void ServerReply::add_line(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (is_complete_) {
    code_ = code_of(line);
    text_ = line.substr(0, kMostKept);
  } else if (line.size() > kCodeDigits) {
    text_ += ' ';
    text_ += line.substr(kCodeDigits + 1, kMostKept - std::min(kMostKept, text_.size()));
  }
  is_complete_ = line.size() <= kCodeDigits || line[kCodeDigits] != '-';
  if (is_complete_ && text_.size() > kCodeDigits) text_[kCodeDigits] = ' ';
  if (code_ == kGoAhead) went_ahead_ = true;
}

std::string reportable(std::string_view reply, std::span<const std::string_view> secrets) {
  std::string text(reply);
  const std::size_t start = code_of(text) != 0 ? kCodeDigits : 0;
  for (const std::string_view secret : secrets) star_out_whole(text, start, secret);
  for (const std::string_view secret : secrets) star_out_words_of(text, start, secret);
  star_out_words(text, start, secrets, is_letter_or_digit);
  // A code behind an escape of another's making: "\u000a90417265" is no word of ours.
  star_out_words(text, start, secrets, is_digit);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < 0x20 || c >= 0x7F; }, '?');
  text.resize(std::min(text.size(), protocol::courier::kMaxDetail));
  return text;
}

}  // namespace usher::courier
