// Parsing of the module's options, strict: a number is decimal digits and nothing else.
#include "pam_module/options.hpp"

#include <security/pam_ext.h>
#include <sys/un.h>
#include <syslog.h>

#include <cstdint>
#include <limits>
#include <string_view>

namespace usher::pam_module {
namespace {

constexpr std::string_view kSocket = "socket=";
constexpr std::string_view kServerUid = "server_uid=";
constexpr std::string_view kDirectory = "directory=";
constexpr std::string_view kDebug = "debug";
constexpr std::size_t kMaxFilePath = 1000;
constexpr std::size_t kMaxSocketPath = sizeof(sockaddr_un::sun_path) - 1;

Error malformed(std::string_view option) {
  return Error(Errc::invalid_input, option).in("unknown or malformed option");
}

bool parse_uid(std::string_view text, Uid& uid) {
  if (text.empty()) return false;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
    // The largest value is (uid_t)-1, "nobody in particular" in the kernel's interfaces.
    if (number >= std::numeric_limits<std::uint32_t>::max()) return false;
  }
  uid.number = static_cast<std::uint32_t>(number);
  return uid != kOverflowUid;
}

// starts_with() calls substr(), which may throw and needs the C++ runtime.
bool take_prefix(std::string_view& option, std::string_view prefix) {
  if (option.size() < prefix.size()) return false;
  if (std::string_view(option.data(), prefix.size()) != prefix) return false;
  option.remove_prefix(prefix.size());
  return true;
}

bool parse_option(std::string_view option, Options& options) {
  if (option == kDebug) {
    options.debug = true;
    return true;
  }
  if (take_prefix(option, kSocket)) {
    options.server.socket_path = option;
    return option.starts_with('/') && option.size() <= kMaxSocketPath;
  }
  if (take_prefix(option, kDirectory)) {
    options.directory_file = option.data();  // an argument's end, so a NUL follows
    return option.starts_with('/') && option.size() <= kMaxFilePath;
  }
  return take_prefix(option, kServerUid) && parse_uid(option, options.server.uid);
}

}  // namespace

Result<Options> parse_options(Arguments arguments) {
  Options options;
  for (const char* argument : arguments) {
    if (argument == nullptr || !parse_option(argument, options)) {
      return malformed(argument != nullptr ? argument : "");
    }
  }
  return options;
}

Result<Options> read_options(pam_handle_t* handle, Arguments arguments) {
  Result<Options> options = parse_options(arguments);
  if (!options) pam_syslog(handle, LOG_ERR, "%s", options.error().text().data());
  return options;
}

}  // namespace usher::pam_module
