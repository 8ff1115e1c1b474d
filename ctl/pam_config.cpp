// Lines, words, includes. The odd rules are libpam's own: a bracket opens one word, a # ends the
// line even inside one, and a line it cannot understand fails in the facility it may belong to.
#include "ctl/pam_config.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <utility>

#include "base/unique_fd.hpp"

namespace usher::ctl {
namespace {

constexpr std::size_t kMaxFile = 1024 * 1024;
// libpam's buffer has 1,024 bytes, and it cuts what is longer in two: no line of a sane host.
constexpr std::size_t kMaxLine = 1'000;
// A file that includes itself twice would double at each level.
constexpr std::size_t kMaxLines = 1'024;
constexpr unsigned kMaxDepth = 32;
constexpr std::string_view kBlanks = " \t\n";
constexpr std::string_view kOther = "other";

constexpr std::string_view kFacilityNames[] = {"auth", "account", "password", "session"};
static_assert(std::size(kFacilityNames) == kPamFacilities);

using MaybeFacility = std::optional<PamFacility>;

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// "[...]" is one word without its edges, in which \] is a bracket; else up to the next blank.
std::optional<std::string> take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  if (text.empty()) return std::nullopt;
  if (text.front() != '[') {
    const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return std::string(word);
  }
  std::string word;
  std::size_t at = 1;
  for (; at < text.size() && text[at] != ']'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == ']') ++at;
    word += text[at];
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return word;
}

struct LogicalLine {
  std::string text;
  unsigned number = 0;  // of its first line
};
enum class Whole : std::uint8_t { yes, no };  // no: the file ends in a line that goes on

struct LogicalLines {
  std::vector<LogicalLine> lines;
  Whole whole = Whole::yes;
};

Result<LogicalLines> logical_lines(const PamFiles::File& file) {
  LogicalLines all;
  LogicalLine line;
  std::string_view rest = file.text;
  for (unsigned number = 1; !rest.empty(); ++number) {
    std::string_view physical = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(physical.size() + 1, rest.size()));
    if (line.text.size() + physical.size() > kMaxLine || physical.find('\0') != physical.npos) {
      return Error(Errc::exhausted,
                   fmt::format("{}:{}: too long for libpam, or no text", file.path, number));
    }
    const std::size_t start = physical.find_first_not_of(kBlanks);
    if (start == physical.npos || physical[start] == '#') continue;
    if (line.number == 0) line.number = number;
    const std::size_t comment = physical.find('#');
    physical = physical.substr(0, comment);
    const bool goes_on =
        comment == physical.npos && physical[physical.find_last_not_of(kBlanks)] == '\\';
    if (goes_on) physical = physical.substr(0, physical.find_last_of('\\'));
    line.text += physical;
    if (goes_on) line.text += ' ';
    if (!goes_on) all.lines.push_back(std::exchange(line, {}));
  }
  if (line.number != 0) all.whole = Whole::no;
  return all;
}

// What the words of one line say, before anything is included.
struct Words {
  MaybeFacility facility;  // nothing: an @include for all of them
  enum class What : std::uint8_t { module, broken, include, substack } what = What::module;
  PamLine line;
};

Words parse_words(std::string_view text, MaybeFacility wanted) {
  Words words;
  using What = Words::What;
  // A type nobody knows belongs to auth, "most sensitive", unless one was asked for.
  words.facility = wanted ? wanted : PamFacility::auth;
  std::string type = take_word(text).value_or("");
  if (type.starts_with('-')) type.erase(0, 1);
  if (same_word(type, "@include")) {
    words.facility = wanted;
    words.what = What::include;
    words.line.control_text = type;
    words.line.module = take_word(text).value_or("");
    return words;
  }
  const auto* known = std::find_if(std::begin(kFacilityNames), std::end(kFacilityNames),
                                   [&](std::string_view name) { return same_word(type, name); });
  if (known == std::end(kFacilityNames)) words.what = What::broken;
  if (known != std::end(kFacilityNames)) {
    words.facility = static_cast<PamFacility>(known - std::begin(kFacilityNames));
  }
  const auto control = take_word(text);
  words.line.control_text = control.value_or("");
  words.line.control = parse_pam_control(control ? *control : "default=bad");
  if (!control) words.what = What::broken;
  if (control && same_word(*control, "include")) words.what = What::include;
  if (control && same_word(*control, "substack")) words.what = What::substack;
  const auto module = take_word(text);
  words.line.module = module.value_or("");
  if (!module && words.what == What::module) words.what = What::broken;
  while (auto option = take_word(text)) words.line.options.push_back(std::move(*option));
  return words;
}

// One service being read. The lines gathered before libpam gives up on a file stay in the stacks.
class Reader {
 public:
  explicit Reader(const PamFiles& files) : files_(files) {}

  enum class Outcome : std::uint8_t { read, absent, given_up };
  Result<Outcome> read(const std::string& name, MaybeFacility wanted, unsigned depth,
                       std::uint8_t level) {
    // libpam counts substacks only, and follows includes until it has no descriptor left.
    if (level >= kPamLevels) return Outcome::absent;
    if (depth >= kMaxDepth) return Error(Errc::exhausted, name + " is included too deep");
    const auto file = TRY(files_.open(name));
    if (!file) return Outcome::absent;
    const LogicalLines all = TRY(logical_lines(*file));
    for (const LogicalLine& line : all.lines) {
      if (TRY(take(*file, line, wanted, {depth, level})) != Outcome::read) {
        return Outcome::given_up;
      }
    }
    if (all.whole == Whole::yes) return Outcome::read;
    return give_up(file->path + " ends in the middle of a line");
  }

  std::array<PamStack, kPamFacilities> take_stacks() { return std::exchange(stacks_, {}); }
  const std::string& why() const { return why_; }

 private:
  struct Where {
    unsigned depth;
    std::uint8_t level;
  };

  Outcome give_up(std::string why) {
    why_ = std::move(why);
    return Outcome::given_up;
  }

  Result<Outcome> take(const PamFiles::File& file, const LogicalLine& line, MaybeFacility wanted,
                       Where where) {
    if (++lines_ > kMaxLines) return Error(Errc::exhausted, "the PAM files have too many lines");
    Words words = parse_words(line.text, wanted);
    words.line.file = file.path;
    words.line.number = line.number;
    words.line.level = where.level;
    if (wanted && words.facility != wanted) return Outcome::read;
    switch (words.what) {
      case Words::What::module:
        add(*words.facility, std::move(words.line));
        return Outcome::read;
      case Words::What::broken:
        words.line.kind = PamLine::Kind::broken;
        add(*words.facility, std::move(words.line));
        return Outcome::read;
      case Words::What::include:
      case Words::What::substack:
        return include(std::move(words), where);
    }
    return Outcome::read;
  }

  Result<Outcome> include(Words words, Where where) {
    PamLine& line = words.line;
    if (line.module.empty()) {
      return give_up(
          fmt::format("{}:{} includes no file; libpam crashes on it", line.file, line.number));
    }
    const bool substack = words.what == Words::What::substack;
    if (substack) {
      PamLine mark = line;
      mark.kind = PamLine::Kind::substack;
      add(*words.facility, std::move(mark));
    }
    const Outcome outcome = TRY(read(line.module, words.facility, where.depth + 1,
                                     static_cast<std::uint8_t>(where.level + (substack ? 1 : 0))));
    if (outcome == Outcome::read) return outcome;
    if (outcome == Outcome::absent) {
      why_ =
          fmt::format("{}:{} includes {}, which is not there", line.file, line.number, line.module);
    }
    // A line that fails in its place; of an @include nobody knows the place.
    if (!words.facility) return Outcome::given_up;
    line.kind = PamLine::Kind::broken;
    line.control = parse_pam_control("default=bad");
    add(*words.facility, std::move(line));
    return Outcome::read;
  }

  void add(PamFacility facility, PamLine line) {
    stacks_[static_cast<std::size_t>(facility)].push_back(std::move(line));
  }

  const PamFiles& files_;
  std::array<PamStack, kPamFacilities> stacks_;
  std::size_t lines_ = 0;
  std::string why_;
};

// Root may have made it a link; a device or a pipe nobody reads.
Result<std::optional<std::string>> read_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid() && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>{};
  if (!fd.valid()) return system_error("opening " + path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error("looking at " + path);
  if (!S_ISREG(status.st_mode)) return Error(Errc::conflict, path + " is no regular file");
  std::string text(kMaxFile + 1, '\0');
  std::size_t filled = 0;
  for (ssize_t count = 1; count > 0 && filled < text.size();) {
    count = ::read(fd.get(), text.data() + filled, text.size() - filled);
    if (count < 0) return system_error("reading " + path);
    filled += static_cast<std::size_t>(count);
  }
  if (filled > kMaxFile) return Error(Errc::exhausted, path + " is over 1 MiB");
  text.resize(filled);
  return std::optional<std::string>(std::move(text));
}

}  // namespace

std::string_view name_of(PamFacility facility) {
  return kFacilityNames[static_cast<std::size_t>(facility)];
}

PamFiles::PamFiles(const Host& host)
    : root_(host.root), directories_{"/etc/pam.d", "/usr/lib/pam.d"} {}

PamFiles::PamFiles(std::string directory) : directories_{std::move(directory)} {}

void PamFiles::pretend(const std::string& path, std::optional<std::string> text) {
  pretended_[path] = std::move(text);
}

Result<std::optional<std::string>> PamFiles::read(const std::string& path) const {
  const auto pretended = pretended_.find(path);
  if (pretended != pretended_.end()) return pretended->second;
  return read_file(root_ + path);
}

Result<std::optional<PamFiles::File>> PamFiles::open(const std::string& name) const {
  std::vector<std::string> paths;
  if (name.starts_with('/')) paths.push_back(name);
  if (paths.empty()) {
    for (const std::string& directory : directories_)
      paths.push_back(fmt::format("{}/{}", directory, name));
  }
  for (std::string& path : paths) {
    auto text = TRY(read(path));
    if (text) return std::optional<File>(File{std::move(path), std::move(*text)});
  }
  return std::optional<File>{};
}

Result<std::vector<std::string>> PamFiles::names() const {
  namespace fs = std::filesystem;
  std::set<std::string> found;
  for (const std::string& directory : directories_) {
    std::error_code failure;
    if (!fs::exists(root_ + directory, failure)) continue;
    for (fs::directory_iterator it(root_ + directory, failure), end; !failure && it != end;
         it.increment(failure)) {
      const std::string name = it->path().filename().string();
      // What dpkg and editors leave beside; no service has such a name.
      const bool leftover = name.find(".dpkg-") != name.npos || name.find(".ucf-") != name.npos ||
                            name.starts_with('.') || name.ends_with('~');
      std::error_code ignored;
      if (!leftover && fs::is_regular_file(it->path(), ignored)) found.insert(name);
    }
    if (failure) return system_error("reading " + directory, failure.value());
  }
  return std::vector<std::string>(found.begin(), found.end());
}

Result<PamService> read_pam_service(const PamFiles& files, const std::string& name) {
  using Outcome = Reader::Outcome;
  Reader reader(files);
  const Outcome own = TRY(reader.read(name, std::nullopt, 0, 0));
  PamService service{name, reader.take_stacks(), {}};
  // libpam reads `other` always, and gives up when it cannot be read, needed or not.
  const Outcome others =
      own == Outcome::given_up ? own : TRY(reader.read(std::string(kOther), std::nullopt, 0, 0));
  if (others == Outcome::given_up) return Error(Errc::damaged, reader.why());
  if (own == Outcome::absent && others == Outcome::absent) {
    return Error(Errc::damaged, "there is no file of PAM's for it, and no `other`");
  }
  auto fallback = reader.take_stacks();
  for (std::size_t i = 0; i < kPamFacilities; ++i) {
    if (!service.stacks[i].empty()) continue;
    service.from_other[i] = true;
    service.stacks[i] = std::move(fallback[i]);
  }
  return service;
}

}  // namespace usher::ctl
