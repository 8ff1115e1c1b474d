// The wrapper of libcrypt (libxcrypt), and the only file that includes its header. Refuses a cost
// before the library sees it, never logs, and wipes what the library worked with.
#include "daemon/crypto/crypt_hash.hpp"

#include <crypt.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

namespace usher::crypto {
namespace {

// Far above any distribution's default (5,000 SHA rounds, bcrypt 2^12), far below what would hold
// up the other sign-ins: each of these takes about a second.
constexpr unsigned kMostRounds = 1'000'000;
constexpr unsigned kMostBcryptLog2 = 14;
// 2^15 blocks of 4 KiB: 128 MiB while one password is verified.
constexpr unsigned kMostScryptLog2 = 15;
constexpr unsigned kMostScryptBlock = 32;
// crypt.h: a longer output than any method has.
constexpr std::size_t kLongest = CRYPT_OUTPUT_SIZE - 1;

// crypt(5)'s own base 64.
std::optional<unsigned> digit_of(char c) {
  constexpr std::string_view kDigits =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const std::size_t at = kDigits.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<unsigned>(at));
}

std::optional<unsigned> decimal(std::string_view text) {
  unsigned number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view up_to_dollar(std::string_view text) {
  return text.substr(0, text.find('$'));
}

// --- Is the cost bounded? `rest` is what follows the prefix. ---

bool fixed_cost(std::string_view /*rest*/) {
  return true;
}

bool sha_cost(std::string_view rest) {
  constexpr std::string_view kRounds = "rounds=";
  if (!rest.starts_with(kRounds)) return true;  // 5,000
  const auto rounds = decimal(up_to_dollar(rest.substr(kRounds.size())));
  return rounds && *rounds <= kMostRounds;
}

bool sha1_cost(std::string_view rest) {
  const auto rounds = decimal(up_to_dollar(rest));
  return rounds && *rounds <= kMostRounds;
}

bool bcrypt_cost(std::string_view rest) {
  if (rest.size() < 3 || rest[2] != '$') return false;
  const auto cost = decimal(rest.substr(0, 2));
  return cost && *cost <= kMostBcryptLog2;
}

// "j9T": flavour, log2(N) - 1, r - 1. Longer forms ask for parallelism, time or a ROM, which no
// shadow file has.
bool yescrypt_cost(std::string_view rest) {
  const std::string_view cost = up_to_dollar(rest);
  if (cost.size() != 3 || cost[0] != 'j') return false;
  const auto log2 = digit_of(cost[1]);
  const auto block = digit_of(cost[2]);
  return log2 && block && *log2 + 1 <= kMostScryptLog2 && *block + 1 <= kMostScryptBlock;
}

// log2(N), then r and p in five digits each, the lowest first; p is 1 everywhere.
bool scrypt_cost(std::string_view rest) {
  if (rest.size() < 11) return false;
  const auto log2 = digit_of(rest[0]);
  const auto block = digit_of(rest[1]);
  return log2 && block && *log2 <= kMostScryptLog2 && *block <= kMostScryptBlock &&
         rest.substr(2, 4) == "...." && rest.substr(6, 5) == "/....";
}

struct Method {
  std::string_view prefix;
  bool (*is_bounded)(std::string_view rest);
};
constexpr Method kMethods[] = {
    {"$y$", yescrypt_cost}, {"$gy$", yescrypt_cost}, {"$7$", scrypt_cost}, {"$2b$", bcrypt_cost},
    {"$2y$", bcrypt_cost},  {"$2a$", bcrypt_cost},   {"$6$", sha_cost},    {"$5$", sha_cost},
    {"$sha1$", sha1_cost},  {"$1$", fixed_cost},
};

// The library's working memory, 32 KiB that hold the password and what was made of it.
struct Wiped {
  void operator()(crypt_data* data) const {
    explicit_bzero(data, sizeof *data);
    delete data;
  }
};

}  // namespace

bool is_crypt_hash(std::string_view hash) {
  if (hash.size() > kLongest) return false;
  // Printable ASCII without what ends a field (crypt(5)).
  if (!std::all_of(hash.begin(), hash.end(), [](char c) {
        return c > ' ' && c < 0x7F && c != ':' && c != ';' && c != '*' && c != '!' && c != '\\';
      })) {
    return false;
  }
  for (const Method& method : kMethods) {
    if (!hash.starts_with(method.prefix)) continue;
    return method.is_bounded(hash.substr(method.prefix.size()));
  }
  return false;
}

Result<bool> verify_crypt_hash(const Secret& password, const std::string& hash) {
  if (!is_crypt_hash(hash)) {
    return Error(Errc::damaged, "a stored hash is none of a shadow file's that is supported");
  }
  // The library reads up to a NUL: "right\0whatever" would be right.
  const std::string_view typed = password.view();
  if (typed.size() > CRYPT_MAX_PASSPHRASE_SIZE || typed.find('\0') != std::string_view::npos) {
    return false;
  }
  Secret ended = TRY(Secret::zeroed(typed.size() + 1));
  std::copy(typed.begin(), typed.end(), ended.writable().begin());
  const std::unique_ptr<crypt_data, Wiped> data(new crypt_data{});
  errno = 0;
  const char* made = crypt_r(ended.view().data(), hash.c_str(), data.get());
  if (made == nullptr || made[0] == '*') {
    if (errno == EINVAL) return Error(Errc::damaged, "a shadow file's hash is malformed");
    return Error(Errc::exhausted, "no memory to verify a shadow file's hash");
  }
  return constant_time_equal(made, hash);
}

}  // namespace usher::crypto
