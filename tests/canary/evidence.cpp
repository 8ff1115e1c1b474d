// Encodings written out here: a test that used the product's own would share its mistakes.
#include "tests/canary/evidence.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace usher::test {
namespace {

std::string hex(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  for (const char byte : bytes) {
    const auto number = static_cast<unsigned char>(byte);
    text += alphabet[number >> 4];
    text += alphabet[number & 15];
  }
  return text;
}

// `width` bits a character, from the top; a last incomplete character is left out, because padding
// and what follows decide it.
std::string in_bits(std::string_view bytes, unsigned width, std::string_view alphabet) {
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    held = (held << 8) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= width;) {
      bits -= width;
      text += alphabet[(held >> bits) & ((1U << width) - 1)];
    }
  }
  return text;
}

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string from_base32(std::string_view text) {
  std::string bytes;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t value = kBase32.find(c);
    if (value == std::string_view::npos) continue;
    held = (held << 5) | static_cast<std::uint32_t>(value);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((held >> bits) & 0xFF);
  }
  return bytes;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

void add_encodings(Canaries& secret, std::string_view bytes) {
  secret.forms.insert(secret.forms.end(),
                      {std::string(bytes), hex(bytes, "0123456789abcdef"),
                       hex(bytes, "0123456789ABCDEF"), in_bits(bytes, 6, kBase64)});
}

std::string in_groups(std::string_view text, char between) {
  std::string grouped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != 0 && i % 4 == 0) grouped += between;
    grouped += text[i];
  }
  return grouped;
}

bool is_word_at(std::string_view bytes, std::size_t at, std::size_t size) {
  const auto joins = [&](std::size_t i) {
    return i < bytes.size() && std::isalnum(static_cast<unsigned char>(bytes[i])) != 0;
  };
  return !(at > 0 && joins(at - 1)) && !joins(at + size);
}

bool holds_word(std::string_view bytes, std::string_view word) {
  for (std::size_t at = bytes.find(word); at != std::string_view::npos;
       at = bytes.find(word, at + 1)) {
    if (is_word_at(bytes, at, word.size())) return true;
  }
  return false;
}

}  // namespace

Canaries password(std::string what, std::string_view text) {
  Canaries secret{std::move(what), {}, {}};
  add_encodings(secret, text);
  return secret;
}

Canaries one_time_code(std::string what, std::string_view shown) {
  Canaries secret{std::move(what), {}, {}};
  std::string bare(shown);
  std::erase(bare, '-');
  const std::string behind_handle = bare.substr(4);
  add_encodings(secret, shown);
  add_encodings(secret, bare);
  add_encodings(secret, behind_handle);
  secret.forms.push_back(in_groups(behind_handle, '-'));
  secret.forms.push_back(in_groups(behind_handle, ' '));
  secret.forms.push_back(lower(in_groups(behind_handle, '-')));
  secret.forms.push_back(lower(behind_handle));
  return secret;
}

Canaries recovery_code(std::string what, std::string_view shown) {
  Canaries secret{std::move(what), {}, {}};
  std::string bare(shown);
  std::erase(bare, '-');
  std::string bytes;
  for (std::size_t i = 0; i + 1 < bare.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(bare.substr(i, 2), nullptr, 16));
  }
  add_encodings(secret, shown);
  add_encodings(secret, bare);
  add_encodings(secret, bytes);
  for (const char between : {'-', ' '}) {
    secret.forms.push_back(in_groups(bare, between));
    secret.forms.push_back(upper(in_groups(bare, between)));
  }
  return secret;
}

Canaries seed(std::string what, std::string_view base32) {
  Canaries secret{std::move(what), {}, {}};
  std::string bare(base32);
  std::erase(bare, ' ');
  add_encodings(secret, from_base32(bare));
  for (const std::string& text : {bare, in_groups(bare, ' '), in_groups(bare, '-')}) {
    secret.forms.push_back(text);
    secret.forms.push_back(lower(text));
  }
  return secret;
}

Canaries digits(std::string what, std::string_view code) {
  return {std::move(what), {}, {std::string(code)}};
}

std::string Evidence::find(const Canaries& secret) const {
  for (const Piece& piece : pieces_) {
    for (const std::string& form : secret.forms) {
      if (piece.bytes.find(form) != std::string::npos) return piece.name + " holds " + form;
    }
    for (const std::string& word : secret.words) {
      if (holds_word(piece.bytes, word)) return piece.name + " holds " + word;
    }
  }
  return "";
}

std::size_t Evidence::bytes(std::string_view name) const {
  std::size_t sum = 0;
  for (const Piece& piece : pieces_) {
    if (name.empty() || piece.name == name) sum += piece.bytes.size();
  }
  return sum;
}

}  // namespace usher::test
