# Turns templates/LANGUAGE/NAME.txt and templates/layout.html into a table compiled into the program.
# A letter that one language has and another lacks ends the build.
# cmake -DOUTPUT=... -DDIRECTORY=... -P embed.cmake
file(READ "${DIRECTORY}/layout.html" layout)
file(GLOB_RECURSE files RELATIVE "${DIRECTORY}" "${DIRECTORY}/*.txt")
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  if(NOT file MATCHES "^(en|fr)/([a-z-]+)\\.txt$")
    message(FATAL_ERROR "${file}: a template is called LANGUAGE/NAME.txt")
  endif()
  set(language "${CMAKE_MATCH_1}")
  set(name "${CMAKE_MATCH_2}")
  foreach(other en fr)
    if(NOT EXISTS "${DIRECTORY}/${other}/${name}.txt")
      message(FATAL_ERROR "${file} has no counterpart in ${other}/")
    endif()
  endforeach()
  file(READ "${DIRECTORY}/${file}" text)
  string(APPEND rows "    {\"${language}\", \"${name}\", R\"usher_letter(${text})usher_letter\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Generated from daemon/letters/templates by embed.cmake: change those files.
#include \"daemon/letters/built_in.hpp\"

namespace usher::letters {
namespace {

struct Row {
  std::string_view language;
  std::string_view name;
  std::string_view text;
};
constexpr Row kRows[] = {
${rows}};

constexpr std::string_view kLayout = R\"usher_layout(${layout})usher_layout\";

}  // namespace

std::optional<std::string_view> built_in_text(std::string_view language, std::string_view name) {
  for (const Row& row : kRows) {
    if (row.language == language && row.name == name) return row.text;
  }
  return std::nullopt;
}

std::string_view built_in_layout() { return kLayout; }

}  // namespace usher::letters
")
