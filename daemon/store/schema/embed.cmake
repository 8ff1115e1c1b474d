# Turns schema/NNNN_name.sql into a table compiled into the program: a store can always be migrated
# by the program that is there, whatever happened to the files around it.
# cmake -DOUTPUT=... -DDIRECTORY=... -P embed.cmake
file(GLOB files LIST_DIRECTORIES false "${DIRECTORY}/*.sql")
list(SORT files)
set(rows "")
set(expected 1)
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+$")
    message(FATAL_ERROR "${file}: a migration is called NNNN_what_it_does.sql")
  endif()
  string(REGEX REPLACE "^0*([0-9]+)_.*$" "\\1" number "${name}")
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${file}: the next migration is number ${expected}")
  endif()
  math(EXPR expected "${expected} + 1")
  file(READ "${file}" sql)
  string(APPEND rows "    {${number}, \"${name}\", R\"usher_sql(${sql})usher_sql\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Generated from daemon/store/schema by embed.cmake: change the .sql files.
#include \"daemon/store/migrations.hpp\"

namespace usher::store {
namespace {

constexpr Migration kMigrations[] = {
${rows}};

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

}  // namespace usher::store
")
