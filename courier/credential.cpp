// open, read, look.
#include "courier/credential.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace usher::courier {
namespace {

// An access token of OAuth2 may be long.
constexpr std::size_t kMostBytes = 4'096;

// Up to one byte more than is allowed, so that too much is seen.
Result<Secret> read_file(int file) {
  Secret content = TRY(Secret::zeroed(kMostBytes + 1));
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(file, content.writable().data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("reading a credential");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  content.shorten(size);
  return content;
}

}  // namespace

Result<Secret> read_credential(const std::string& directory, const char* name) {
  if (directory.empty()) return Error(Errc::not_found, "no credentials were given");
  const UniqueFd file(::open((directory + "/" + name).c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.valid()) return system_error("opening a credential");
  Secret content = TRY(read_file(file.get()));
  if (content.size() > kMostBytes) return Error(Errc::invalid_input, "a credential is too long");
  if (content.view().ends_with('\n')) content.shorten(content.size() - 1);
  if (content.view().ends_with('\r')) content.shorten(content.size() - 1);
  if (content.empty()) return Error(Errc::invalid_input, "a credential is empty");
  if (!is_plain_text(content.view(), Newlines::refused)) {
    return Error(Errc::invalid_input, "a credential is not one line of text");
  }
  return content;
}

}  // namespace usher::courier
