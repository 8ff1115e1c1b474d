// PAM's service files, read as libpam reads them: @include, include, substack, the fall to `other`.
// What is wrong in them is not an error here: it becomes the lines libpam makes of it.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ctl/host.hpp"
#include "ctl/pam_stack.hpp"

namespace usher::ctl {

enum class PamFacility : std::uint8_t { auth, account, password, session };
inline constexpr std::size_t kPamFacilities = 4;
// As the files write it.
std::string_view name_of(PamFacility facility);

// Where the files are: /etc/pam.d, then /usr/lib/pam.d, the first that has the name.
class PamFiles {
 public:
  explicit PamFiles(const Host& host);
  // One directory and nothing else, as pam_start_confdir(3) takes one.
  explicit PamFiles(std::string directory);

  // Is read instead of the file; nothing: as if there were none.
  void pretend(const std::string& path, std::optional<std::string> text);

  struct File {
    std::string path;  // without the host's root
    std::string text;
  };
  // Nothing: there is no such file. Follows links, as libpam does; at most 1 MiB.
  Result<std::optional<File>> open(const std::string& name) const;
  // Every service there is a file for, `other` and common-* too, by name.
  Result<std::vector<std::string>> names() const;

 private:
  Result<std::optional<std::string>> read(const std::string& path) const;

  std::string root_;
  std::vector<std::string> directories_;
  std::map<std::string, std::optional<std::string>> pretended_;
};

struct PamService {
  std::string name;
  std::array<PamStack, kPamFacilities> stacks;
  std::array<bool, kPamFacilities> from_other{};

  const PamStack& stack(PamFacility facility) const {
    return stacks[static_cast<std::size_t>(facility)];
  }
};
// Errc::damaged: libpam gives up on this service, and every call fails; the text says where.
Result<PamService> read_pam_service(const PamFiles& files, const std::string& name);

}  // namespace usher::ctl
