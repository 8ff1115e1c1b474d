// Secrets in every form somebody might have written them, and the search for them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace usher::test {

struct Canaries {
  std::string what;
  std::vector<std::string> forms;  // found wherever the bytes stand
  std::vector<std::string> words;  // found only with no letter or digit beside them
};

Canaries password(std::string what, std::string_view text);
// XXXX-XXXX-XXXX: whole and without the handle, which is no secret.
Canaries one_time_code(std::string what, std::string_view shown);
// xxxx-xxxx-xxxx-xxxx: the bytes themselves, base64, and the digits in both cases and in groups.
Canaries recovery_code(std::string what, std::string_view shown);
// From base32: the bytes themselves, hex, base64, base32 in both cases and in groups.
Canaries seed(std::string what, std::string_view base32);
// Six digits turn up in every longer number: only as a word of their own.
Canaries digits(std::string what, std::string_view code);

class Evidence {
 public:
  void add(std::string name, std::string bytes) {
    pieces_.push_back({std::move(name), std::move(bytes)});
  }
  // Where the first form was found and what it was; "" when there is none.
  std::string find(const Canaries& secret) const;
  std::size_t size() const { return pieces_.size(); }
  // Of all pieces, or of those with that name.
  std::size_t bytes(std::string_view name = "") const;

 private:
  struct Piece {
    std::string name;
    std::string bytes;
  };
  std::vector<Piece> pieces_;
};

}  // namespace usher::test
