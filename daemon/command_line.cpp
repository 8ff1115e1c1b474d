// Reads the arguments and the configuration they name, and turns how it ended into an exit status.
#include "daemon/command_line.hpp"

#include <fmt/format.h>
#include <getopt.h>

#include <cstdio>

#include "daemon/config_in_force.hpp"
#include "daemon/log.hpp"
#include "daemon/passwdqc.hpp"

namespace usher::daemon {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

struct Arguments {
  std::string config = kConfigPath;
  bool config_named = false;
  bool check_only = false;
};

constexpr char kUsage[] =
    "usage: usherd [--config FILE] [--check-config FILE] [--version] [--help]\n";

// The arguments, or the exit status to end with.
std::optional<int> read_arguments(int argc, char** argv, Arguments& arguments) {
  constexpr option kOptions[] = {{"config", required_argument, nullptr, 'c'},
                                 {"check-config", required_argument, nullptr, 'k'},
                                 {"version", no_argument, nullptr, 'v'},
                                 {"help", no_argument, nullptr, 'h'},
                                 {nullptr, 0, nullptr, 0}};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before the first thread
  for (int letter = 0; (letter = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    switch (letter) {
      case 'k':
        arguments.check_only = true;
        [[fallthrough]];
      case 'c':
        arguments.config = optarg;
        arguments.config_named = true;
        break;
      case 'v':
        fmt::print("usherd " USHER_VERSION "\n");
        return 0;
      case 'h':
        fmt::print(kUsage);
        return 0;
      default:
        fmt::print(stderr, kUsage);
        return kExitUsage;
    }
  }
  if (optind == argc) return std::nullopt;
  fmt::print(stderr, kUsage);
  return kExitUsage;
}

// Read by a person, where a start is read in the journal.
int say_whether_usable(const Arguments& arguments, const Result<Config>& config) {
  Result<void> usable;
  if (config.has_value()) {
    usable = check_named_files(*config);
  } else {
    usable = config.error();
  }
  if (!usable.has_value()) {
    fmt::print(stderr, "{}\n", printable(usable.error().text()));
    return kExitUsage;
  }
  std::printf("%s: ok\n", arguments.config.c_str());
  return 0;
}

}  // namespace

int run_from_command_line(int argc, char** argv, Result<void> (*run)(const Config& config)) {
  Arguments arguments;
  if (const auto status = read_arguments(argc, argv, arguments)) return *status;
  Result<Config> config = load_config(arguments.config, arguments.config_named);
  if (arguments.check_only) return say_whether_usable(arguments, config);
  // A filter it names must be there and whole; letters and a gateway stand back at a start.
  if (config.has_value() && !config->breach_filter.empty()) {
    const auto filter = BreachFilter::open(config->breach_filter);
    if (!filter.has_value()) config = filter.error();
  }
  if (!config.has_value()) {
    log(Level::error, config.error().text());
    return kExitUsage;
  }
  const Result<void> ended = run(*config);
  if (ended.has_value()) return 0;
  log(Level::error, ended.error().text());
  return kExitFailed;
}

}  // namespace usher::daemon
