// What usherctl prints: aligned tables, times, JSON. Text from usherd is data: what a terminal
// would obey is shown escaped.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/varlink.hpp"

namespace usher::ctl {

// The three standard streams; a test brings its own.
struct Streams {
  std::FILE* in;
  std::FILE* out;
  std::FILE* err;
};

void print(std::FILE* file, std::string_view text);

// Control characters, bidirectional overrides and broken UTF-8 as \xNN or \u{NNNN}.
std::string escaped(std::string_view text);

// 2025-11-22T01:02:03+01:00, in the caller's time zone. Milliseconds since 1970 come in.
std::string local_time(std::int64_t milliseconds);

// One reply as one line of JSON; a secret goes out last and never through a JSON tree.
Result<void> print_json(std::FILE* file, const protocol::varlink::ReplyOk& reply);

// Columns as wide as their widest cell, two blanks apart; cells are escaped, empty ones are "-".
class Table {
 public:
  explicit Table(std::vector<std::string> header);
  void add(const std::vector<std::string>& cells);
  void print_to(std::FILE* file) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Like a Table without header, for the facts of one thing.
class Facts {
 public:
  void add(std::string_view name, std::string_view value);
  void print_to(std::FILE* file) const;

 private:
  std::vector<std::pair<std::string, std::string>> facts_;
};

// A member of a reply as text; empty when it is missing or of another type.
std::string text_member(const protocol::varlink::Json& object, std::string_view name);
// A list of texts with commas; "" when it is missing or empty.
std::string list_member(const protocol::varlink::Json& object, std::string_view name);
// "-" when it is missing.
std::string number_member(const protocol::varlink::Json& object, std::string_view name);
std::string time_member(const protocol::varlink::Json& object, std::string_view name);
// An array of objects; empty when it is missing.
const protocol::varlink::Json& rows_member(const protocol::varlink::Json& object,
                                           std::string_view name);

}  // namespace usher::ctl
