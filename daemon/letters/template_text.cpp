// From the first line to the last: the text's shape, then its tags, each held against what the
// letter is given. kainjow's own parser takes a tag it does not know for one without a value.
#include "daemon/letters/template_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "daemon/config_file.hpp"
#include "daemon/letters/tags.hpp"

namespace usher::letters {
namespace {

constexpr std::string_view kSubject = "Subject: ";
constexpr std::size_t kMaxDepth = 4;

// What may stand where: a letter's values, or the layout's.
struct Grammar {
  std::span<const Use> uses;
  std::optional<Variable> unescaped;  // the one that is HTML already
};

const Use* use_of(const Grammar& grammar, std::string_view name) {
  for (const Use& use : grammar.uses) {
    if (row_of(use.variable).name == name) return &use;
  }
  return nullptr;
}

std::string_view nearest_of(const Grammar& grammar, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Use& use : grammar.uses) names.push_back(row_of(use.variable).name);
  return nearest(name, names);
}

class Checker {
 public:
  Checker(std::string_view file, const Grammar& grammar) : file_(file), grammar_(grammar) {}

  // `first_line` is the number of the text's first line in its file.
  Result<void> read(std::string_view text, std::size_t first_line) {
    Tags tags(text);
    for (;;) {
      const auto tag = tags.next();
      if (!tag.has_value()) {
        return complaint(first_line + tags.line() - 1, tag.error().text());
      }
      if (!*tag) break;
      line_ = first_line + (*tag)->line - 1;
      TRY(take(**tag));
    }
    if (open_.empty()) return {};
    return complaint(line_, fmt::format("{{{{#{0}}}}} is not closed: write {{{{/{0}}}}} behind it",
                                        open_.back().name));
  }

  // In one line, where a lock screen may show them.
  Result<void> read_subject(std::string_view text, std::size_t line) {
    in_subject_ = true;
    TRY(read(text, line));
    in_subject_ = false;
    shown_.clear();
    return {};
  }

  Result<void> nothing_missing(std::size_t last_line) const {
    for (const Use& use : grammar_.uses) {
      const std::string_view name = row_of(use.variable).name;
      if (use.need != Need::must || std::count(shown_.begin(), shown_.end(), name) != 0) continue;
      return complaint(last_line, fmt::format("{} is missing: it must stand in this text, outside "
                                              "of sections",
                                              written(use.variable)));
    }
    return {};
  }

 private:
  struct Open {
    std::string_view name;
    TagKind kind;
  };

  bool is_given(std::string_view section) const {
    return std::any_of(open_.begin(), open_.end(), [&](const Open& open) {
      return open.name == section && open.kind == TagKind::section;
    });
  }

  std::string written(Variable variable) const {
    const std::string tag = fmt::format("{{{{{}}}}}", row_of(variable).name);
    return grammar_.unescaped == variable ? "{" + tag + "}" : tag;
  }

  Result<void> take(const Tag& tag) {
    switch (tag.kind) {
      case TagKind::comment:
        return {};
      case TagKind::value:
      case TagKind::unescaped:
        return take_value(tag);
      case TagKind::section:
      case TagKind::absent:
        return begin_section(tag);
      case TagKind::end:
        return end_section(tag);
      case TagKind::partial:
        return complaint(line_, "{{> }} includes another file, which letters cannot");
      case TagKind::delimiters:
        return complaint(line_, "{{= =}} changes the braces, which letters cannot");
    }
    return {};
  }

  Result<const Use*> known(const Tag& tag) const {
    if (const Use* use = use_of(grammar_, tag.name)) return use;
    return complaint(line_, fmt::format("there is no {{{{{}}}}} here: the nearest is {{{{{}}}}}",
                                        tag.name, nearest_of(grammar_, tag.name)));
  }

  Result<void> take_value(const Tag& tag) {
    const Use* use = TRY(known(tag));
    if ((tag.kind == TagKind::unescaped) != (grammar_.unescaped == use->variable)) {
      return complaint(line_, "write " + written(use->variable));
    }
    const VariableRow& row = row_of(use->variable);
    if (row.kind == Kind::flag) {
      return complaint(line_, fmt::format("{0} is no text: write {{{{#{0}}}}} before what holds "
                                          "then, and {{{{/{0}}}}} behind it",
                                          row.name));
    }
    if (in_subject_ && row.kind == Kind::secret) {
      return complaint(line_, written(use->variable) + " is a secret: not in the subject");
    }
    const std::string_view section = row_of(use->section).name;
    if (use->need == Need::if_given && !is_given(section)) {
      return complaint(line_, fmt::format("{} may be missing: write it between {{{{#{}}}}} and "
                                          "{{{{/{}}}}}",
                                          written(use->variable), section, section));
    }
    if (open_.empty()) shown_.push_back(row.name);
    return {};
  }

  Result<void> begin_section(const Tag& tag) {
    const Use* use = TRY(known(tag));
    if (in_subject_) return complaint(line_, "no sections in the subject: it is for every case");
    if (use->need != Need::if_given || use->section != use->variable) {
      return complaint(line_, fmt::format("{0} is no section: leave {{{{{1}{0}}}}} out", tag.name,
                                          tag.kind == TagKind::section ? '#' : '^'));
    }
    if (open_.size() == kMaxDepth) return complaint(line_, "too many sections in each other");
    open_.push_back({row_of(use->variable).name, tag.kind});
    return {};
  }

  Result<void> end_section(const Tag& tag) {
    if (open_.empty() || open_.back().name != tag.name) {
      return complaint(line_,
                       fmt::format("{{{{/{}}}}} closes nothing that is open here", tag.name));
    }
    open_.pop_back();
    return {};
  }

  Error complaint(std::size_t line, std::string_view text) const {
    return {Errc::invalid_input, fmt::format("{}:{}: {}", file_, line, text)};
  }

  std::string_view file_;
  const Grammar& grammar_;
  std::size_t line_ = 1;
  bool in_subject_ = false;
  std::vector<Open> open_;
  std::vector<std::string_view> shown_;
};

std::size_t lines_of(std::string_view text) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Where the first thing stands that is no text.
std::size_t line_of_no_text(std::string_view text) {
  std::size_t line = 1;
  for (; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!is_plain_text(text.substr(0, end), Newlines::refused)) break;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return line;
}

Result<void> check_text(std::string_view file, std::string_view text) {
  if (text.size() > kMaxTemplate) {
    return Error(Errc::invalid_input,
                 fmt::format("{}:1: over {} bytes; shorten it", file, kMaxTemplate));
  }
  if (!is_plain_text(text, Newlines::allowed)) {
    return Error(
        Errc::invalid_input,
        fmt::format("{}:{}: not UTF-8, or a control character: save it as UTF-8 with plain "
                    "line ends, and use blanks for tabs",
                    file, line_of_no_text(text)));
  }
  return {};
}

std::string_view without_end(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> names) {
  const auto further = [&](std::string_view one, std::string_view other) {
    return daemon::distance_between(name, one) < daemon::distance_between(name, other);
  };
  return *std::min_element(names.begin(), names.end(), further);
}

Result<LetterTemplate> parse_letter(std::string file, std::string_view text, const LetterRow& row) {
  TRY(check_text(file, text));
  text = without_end(text);
  const std::string_view first = text.substr(0, text.find('\n'));
  const std::string_view subject =
      without_end(first.substr(std::min(first.size(), kSubject.size())));
  if (!first.starts_with(kSubject) || subject.empty()) {
    return Error(Errc::invalid_input,
                 fmt::format("{}:1: no subject: the first line must be \"Subject: \" and a few "
                             "words",
                             file));
  }
  const std::string_view body = text.substr(first.size());
  constexpr std::string_view kEmptyLine = "\n\n";
  if (!body.starts_with(kEmptyLine)) {
    return Error(Errc::invalid_input,
                 fmt::format("{}:2: must be empty, with the text behind it", file));
  }
  const Grammar grammar{row.uses(), std::nullopt};
  Checker checker(file, grammar);
  TRY(checker.read_subject(subject, 1));
  TRY(checker.read(body.substr(kEmptyLine.size()), 3));
  TRY(checker.nothing_missing(lines_of(text)));
  return LetterTemplate{std::move(file), std::string(subject),
                        std::string(body.substr(kEmptyLine.size()))};
}

Result<LetterTemplate> parse_layout(std::string file, std::string_view text) {
  constexpr Use kParts[] = {{Variable::language, Need::must, Variable::language},
                            {Variable::subject, Need::may, Variable::subject},
                            {Variable::content, Need::must, Variable::content},
                            {Variable::organisation, Need::may, Variable::organisation},
                            {Variable::support, Need::may, Variable::support}};
  TRY(check_text(file, text));
  const Grammar grammar{kParts, Variable::content};
  Checker checker(file, grammar);
  TRY(checker.read(text, 1));
  TRY(checker.nothing_missing(lines_of(without_end(text))));
  return LetterTemplate{std::move(file), {}, std::string(text)};
}

}  // namespace usher::letters
