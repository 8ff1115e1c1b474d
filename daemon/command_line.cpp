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
// It starts, with something built in that stands in; a reload would refuse.
constexpr int kExitStandsIn = 3;

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

// A filter that the configuration names must be there and whole: that is part of it.
Result<Config> load(const Arguments& arguments) {
  Result<Config> config = load_config(arguments.config, arguments.config_named);
  if (!config.has_value() || config->breach_filter.empty()) return config;
  const auto filter = BreachFilter::open(config->breach_filter);
  if (!filter.has_value()) return filter.error();
  return config;
}

// Read by a person, where a start is read in the journal.
int say_whether_usable(const Arguments& arguments, const Result<Config>& config) {
  const Result<void> usable = config.has_value() ? check_named_files(*config) : config.error();
  if (!usable.has_value()) {
    fmt::print(stderr, "{}\n", printable(usable.error().text()));
    return config.has_value() ? kExitStandsIn : kExitUsage;
  }
  std::printf("%s: ok\n", arguments.config.c_str());
  return 0;
}

}  // namespace

int run_from_command_line(int argc, char** argv, Result<void> (*run)(const Config& config)) {
  Arguments arguments;
  if (const auto status = read_arguments(argc, argv, arguments)) return *status;
  const Result<Config> config = load(arguments);
  if (arguments.check_only) return say_whether_usable(arguments, config);
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
