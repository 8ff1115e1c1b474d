// Accounts and groups of Debian's base-passwd and of Fedora's setup package, and the groups other
// packages give root's power to.
#include "daemon/directory/reserved_names.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace usher::directory {
namespace {

constexpr std::string_view kReserved[] = {
    "root",     "daemon",  "bin",       "sys",    "sync",     "games",   "man",        "lp",
    "mail",     "news",    "uucp",      "proxy",  "www-data", "backup",  "list",       "irc",
    "gnats",    "nobody",  "_apt",      "adm",    "tty",      "disk",    "kmem",       "dialout",
    "fax",      "voice",   "cdrom",     "floppy", "tape",     "sudo",    "audio",      "dip",
    "operator", "src",     "shadow",    "utmp",   "video",    "sasl",    "plugdev",    "staff",
    "users",    "nogroup", "wheel",     "docker", "podman",   "lxd",     "incus",      "libvirt",
    "kvm",      "render",  "input",     "sgx",    "crontab",  "ssh",     "_ssh",       "sshd",
    "halt",     "mem",     "shutdown",  "ftp",    "dbus",     "polkitd", "messagebus", "netdev",
    "admin",    "usher",   "wireshark", "nixbld", "postgres", "mysql",   "ntp",        "chrony",
};

// Sorted by the compiler: the publisher asks about every name of a hundred thousand.
constexpr auto kSorted = [] {
  std::array<std::string_view, std::size(kReserved)> sorted{};
  std::copy(std::begin(kReserved), std::end(kReserved), sorted.begin());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}();

// Whole families: systemd-network, usher-courier.
constexpr std::string_view kReservedPrefixes[] = {"systemd-", "usher-", "_"};

}  // namespace

bool is_reserved_name(std::string_view name) {
  return std::binary_search(kSorted.begin(), kSorted.end(), name) ||
         std::any_of(std::begin(kReservedPrefixes), std::end(kReservedPrefixes),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace usher::directory
