# The system tests run what ships: the programs and the module of a release tree. In a tree without
# sanitizers that is this one; a sanitized tree is told where the other stands.
set(USHER_SHIPPED_DIR "" CACHE PATH "Build tree of what ships; empty: this one")
if(NOT USHER_SHIPPED_DIR AND NOT USHER_SANITIZE)
  set(USHER_SHIPPED_DIR ${CMAKE_BINARY_DIR})
endif()
if(NOT USHER_SHIPPED_DIR)
  message(FATAL_ERROR "A sanitized tree does not build what ships. Set USHER_SHIPPED_DIR to the "
    "build tree of a release build: its programs and its module are tested.")
endif()

foreach(tool expect oathtool setsid sqlite3 ssh ssh-keygen sshpass)
  find_program(USHER_TEST_${tool} ${tool} REQUIRED)
endforeach()

# add_system_test(NAME SCRIPT): one script, a test of its own. Slow machines are no failure.
function(add_system_test name script)
  add_test(NAME ${name} COMMAND ${script})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300
    ENVIRONMENT "USHER_SHIPPED=${USHER_SHIPPED_DIR};USHER_SOURCE=${PROJECT_SOURCE_DIR}")
endfunction()
