// The path of this program's module, and the world around it.
#include "nss_module/path.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "base/unique_fd.hpp"
#include "nss_world.hpp"
#include "published/format.hpp"

namespace usher::nss_module {
namespace {

std::string g_path;

}  // namespace

const char* directory_file() {
  return g_path.c_str();
}

namespace test {
namespace {

// Outlives every test, so that no mapping of a removed directory hides an exchange.
const fakes::TemporaryDirectory& room() {
  static const fakes::TemporaryDirectory directory;
  return directory;
}

}  // namespace

void set_directory_file(const std::string& path) {
  g_path = path;
}

NssWorld::NssWorld() : file_(room() / "directory.cdb") {
  set_directory_file(file_);
  publish(fakes::small_directory());
}

NssWorld::~NssWorld() {
  // What the next test publishes must be seen as newer than what this one left.
  mark_superseded();
  (void)::unlink(file_.c_str());
}

void NssWorld::publish(const fakes::PublishedDirectory& content) {
  const auto published = fakes::publish(content, file_);
  ASSERT_TRUE(published.has_value()) << published.error().text();
}

void NssWorld::mark_superseded() {
  const UniqueFd file(::open(file_.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.valid()) return;
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  ASSERT_EQ(::pwrite(file.get(), &published::kSuperseded, 1, size - 1), 1);
}

uid_t uid_of(const char* name) {
  std::array<char, 1024> buffer;
  passwd person{};
  int error = 0;
  const nss_status status = person_by_name(name, &person, buffer.data(), buffer.size(), &error);
  return status == NSS_STATUS_SUCCESS ? person.pw_uid : 0;
}

int mappings() {
  std::ifstream maps("/proc/self/maps");
  int count = 0;
  for (std::string line; std::getline(maps, line);) {
    if (line.find("directory.cdb") != std::string::npos) ++count;
  }
  return count;
}

}  // namespace test
}  // namespace usher::nss_module
