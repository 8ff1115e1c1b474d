// A published file that the module in this process reads, exchanged as the test likes.
#pragma once

#include <gtest/gtest.h>
#include <pwd.h>

#include <array>
#include <string>

#include "nss_module/lookups.hpp"
#include "tests/fakes/published.hpp"

namespace usher::nss_module::test {

// What directory_file() answers in this program.
void set_directory_file(const std::string& path);

class NssWorld {
 public:
  // One path for the whole program, as in any process: files come and go under it.
  NssWorld();
  NssWorld(const NssWorld&) = delete;
  NssWorld& operator=(const NssWorld&) = delete;
  ~NssWorld();

  const std::string& file() const { return file_; }
  void publish(const fakes::PublishedDirectory& content);
  // The last byte of the file that is there, as a publisher sets it.
  void mark_superseded();

 private:
  std::string file_;
};

// One lookup with room enough; the uid, or 0.
uid_t uid_of(const char* name);

// How many mappings of published files this process has.
int mappings();

}  // namespace usher::nss_module::test
