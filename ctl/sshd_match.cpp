// sshd_config(5)'s Match and Include; nothing else of the file is read here.
#include "ctl/sshd_match.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "ctl/host_files.hpp"

namespace usher::ctl {
namespace {

constexpr const char* kMainFile = "/etc/ssh/sshd_config";
constexpr unsigned kMaxDepth = 16;  // sshd's own
constexpr std::size_t kMaxFiles = 1'000;

using Words = std::vector<std::string>;

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// Blanks and "=" part them. Quotes hold blanks together, which no name and no address has.
Words words_of(std::string line) {
  for (char& c : line) {
    if (c == '=' || c == '\t') c = ' ';
  }
  std::erase(line, '"');
  std::istringstream rest(line);
  Words words;
  for (std::string word; rest >> word && word.front() != '#';) words.push_back(word);
  return words;
}

// The first that is wanted, with something in the place of each wildcard.
std::string sample_of(const std::string& patterns, char filler) {
  std::istringstream rest(patterns);
  for (std::string pattern; std::getline(rest, pattern, ',');) {
    if (pattern.empty() || pattern.front() == '!') continue;
    std::replace(pattern.begin(), pattern.end(), '*', filler);
    std::replace(pattern.begin(), pattern.end(), '?', filler);
    return pattern;
  }
  return {};
}

std::string sample_address(const std::string& patterns) {
  std::string address = sample_of(patterns, '1');
  address = address.substr(0, address.find('/'));
  if (address.find(':') != std::string::npos) return address;
  while (std::count(address.begin(), address.end(), '.') < 3) address += ".1";
  return address;
}

// By the machine's own file: NSS is not asked.
std::string member_of(const Host& host, const std::string& group) {
  const auto file = read_image(host.path("/etc/group"));
  if (!file || !*file) return {};
  std::istringstream lines((*file)->bytes);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(group + ":")) continue;
    const std::string members = line.substr(line.rfind(':') + 1);
    return members.substr(0, members.find(','));
  }
  return {};
}

std::string connection_for(const Host& host, const Words& words) {
  // Addresses that documentation may use, and nobody has (RFC 5737).
  std::map<std::string, std::string> facts{{"user", "nobody-in-particular"},
                                           {"host", "host.invalid"},
                                           {"addr", "192.0.2.1"},
                                           {"laddr", "192.0.2.2"},
                                           {"lport", "22"}};
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string criterion = lower(words[i]);
    if (criterion == "all") continue;
    if (++i >= words.size()) return {};
    if (criterion == "user") facts["user"] = sample_of(words[i], 'a');
    if (criterion == "host") facts["host"] = sample_of(words[i], 'a');
    if (criterion == "address") facts["addr"] = sample_address(words[i]);
    if (criterion == "localaddress") facts["laddr"] = sample_address(words[i]);
    if (criterion == "localport") facts["lport"] = sample_of(words[i], '1');
    if (criterion == "rdomain") facts["rdomain"] = sample_of(words[i], 'a');
    if (criterion == "group") facts["user"] = member_of(host, sample_of(words[i], 'a'));
  }
  std::string connection;
  for (const auto& [name, value] : facts) {
    if (value.empty()) return {};
    connection += fmt::format("{}{}={}", connection.empty() ? "" : ",", name, value);
  }
  return connection;
}

class Reader {
 public:
  explicit Reader(const Host& host) : host_(host) {}

  Result<void> read(const std::string& path, unsigned depth) {
    if (depth > kMaxDepth || ++files_ > kMaxFiles) {
      return Error(Errc::exhausted, "sshd's configuration includes too many files");
    }
    const MaybeFile file = TRY(read_image(host_.path(path)));
    if (!file) return {};
    std::istringstream lines(file->bytes);
    unsigned number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      const Words words = words_of(line);
      if (words.empty()) continue;
      const std::string keyword = lower(words.front());
      if (keyword == "match") {
        blocks_.push_back({path, number, line, connection_for(host_, words)});
      }
      if (keyword == "include") TRY(include(words, depth));
    }
    return {};
  }
  std::vector<MatchBlock> take() { return std::move(blocks_); }

 private:
  Result<void> include(const Words& words, unsigned depth) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::string pattern = words[i].starts_with('/') ? words[i] : "/etc/ssh/" + words[i];
      for (const std::string& path : expand(pattern)) TRY(read(path, depth + 1));
    }
    return {};
  }

  std::vector<std::string> expand(const std::string& pattern) const {
    glob_t found{};
    std::vector<std::string> paths;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): usherctl has one thread
    if (::glob(host_.path(pattern).c_str(), 0, nullptr, &found) == 0) {
      for (std::size_t i = 0; i < found.gl_pathc; ++i) {
        paths.emplace_back(found.gl_pathv[i] + host_.root.size());
      }
    }
    ::globfree(&found);
    return paths;
  }

  const Host& host_;
  std::vector<MatchBlock> blocks_;
  std::size_t files_ = 0;
};

}  // namespace

Result<std::vector<MatchBlock>> match_blocks(const Host& host) {
  Reader reader(host);
  TRY(reader.read(kMainFile, 0));
  return reader.take();
}

}  // namespace usher::ctl
