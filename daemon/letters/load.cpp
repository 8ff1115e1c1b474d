// The administrator's templates, each read once, by the reader of the settings. What stands there
// and could not be meant is said: a misspelt name would leave the built-in letter in force.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include "daemon/config_file.hpp"
#include "daemon/letters/templates.hpp"

namespace usher::letters {
namespace {

using texts::Language;

constexpr std::string_view kEnding = ".txt";
constexpr std::string_view kLayout = "layout.html";

// What an editor or git leaves.
bool is_left_over(std::string_view name) {
  return name.starts_with('.') || name.ends_with('~');
}

// Sorted; none where there is no such directory.
Result<std::vector<std::string>> names_in(const std::string& directory) {
  UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (!fd.valid() && errno == ENOENT) return std::vector<std::string>();
  if (!fd.valid()) return system_error("opening " + directory);
  TRY(daemon::check_owner(fd, directory, S_IFDIR));
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(fd.release()), ::closedir);
  if (!entries) return system_error("reading " + directory);
  std::vector<std::string> names;
  errno = 0;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): a directory stream of our own
  while (const dirent* entry = ::readdir(entries.get())) {
    if (!is_left_over(&entry->d_name[0])) names.emplace_back(&entry->d_name[0]);
  }
  if (errno != 0) return system_error("reading " + directory);
  std::sort(names.begin(), names.end());
  return names;
}

Error no_letter(const std::string& path, std::string_view name) {
  std::vector<std::string_view> known;
  for (const LetterRow& row : letters::letters()) known.push_back(row.name);
  const std::string_view stem = name.substr(0, name.rfind('.'));
  return {Errc::invalid_input, fmt::format("{}: no letter has that name: the nearest is {}{}", path,
                                           nearest(stem, known), kEnding)};
}

Result<void> load_letter(const std::string& directory, const std::string& name, Language language,
                         Templates& templates) {
  const std::string path = fmt::format("{}/{}", directory, name);
  const auto letter =
      name.ends_with(kEnding)
          ? letter_of(std::string_view(name).substr(0, name.size() - kEnding.size()))
          : std::nullopt;
  if (!letter) return no_letter(path, name);
  return templates.replace(*letter, language, path, TRY(daemon::read_config_file(path)));
}

Result<void> load_layout(const std::string& directory, Templates& templates) {
  const std::string path = fmt::format("{}/{}", directory, kLayout);
  return templates.replace_layout(path, TRY(daemon::read_config_file(path)));
}

Result<void> settle(const Result<void>& loaded, const Templates::OnMistake& on_mistake) {
  return loaded ? loaded : on_mistake(loaded.error());
}

Result<void> load_language(const std::string& directory, Language language, Templates& templates,
                           const Templates::OnMistake& on_mistake) {
  const auto names = names_in(directory);
  if (!names) return on_mistake(names.error());
  for (const std::string& name : *names) {
    TRY(settle(load_letter(directory, name, language, templates), on_mistake));
  }
  return {};
}

// "en", and not "en_GB": each language has one directory.
std::optional<Language> language_called(std::string_view code) {
  for (const Language language : texts::languages()) {
    if (texts::code_of(language) == code) return language;
  }
  return std::nullopt;
}

}  // namespace

Result<Templates> Templates::load(const std::string& directory, const OnMistake& on_mistake) {
  Templates templates = TRY(built_in());
  const auto names = names_in(directory);
  if (!names) {
    TRY(on_mistake(names.error()));
    return templates;
  }
  // First, because what fits depends on it.
  if (std::find(names->begin(), names->end(), kLayout) != names->end()) {
    TRY(settle(load_layout(directory, templates), on_mistake));
  }
  for (const std::string& name : *names) {
    if (name == kLayout) continue;
    const std::string path = fmt::format("{}/{}", directory, name);
    const auto language = language_called(name);
    if (language) {
      TRY(load_language(path, *language, templates, on_mistake));
    } else {
      TRY(on_mistake(
          {Errc::invalid_input,
           fmt::format("{}: neither {} nor the directory of a language: en, fr", path, kLayout)}));
    }
  }
  return templates;
}

}  // namespace usher::letters
