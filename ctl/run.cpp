// The command line: global options here, the rest declared by the nouns.
#include "ctl/run.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <sstream>

#include "ctl/exit_code.hpp"
#include "ctl/nouns.hpp"

namespace usher::ctl {
namespace {

struct CommandLine {
  std::string socket = kAdminSocket;
  bool json = false;
  Arguments arguments;
  Command command = nullptr;
};

// --help-all: CLI11 expands one level, but the verbs are two below, and need their noun before
// them.
class FullHelp final : public CLI::Formatter {
 public:
  std::string make_expanded(const CLI::App* app) const override {
    std::string text = CLI::Formatter::make_expanded(app);
    const CLI::App* noun = app->get_parent();
    if (noun != nullptr && noun->get_parent() != nullptr) text = noun->get_name() + " " + text;
    for (const CLI::App* verb : app->get_subcommands({})) text += "\n" + make_expanded(verb);
    return text;
  }
};

void declare(CLI::App& app, CommandLine& line) {
  app.name("usherctl");
  app.formatter(std::make_shared<FullHelp>());  // CLI11 takes no other pointer
  app.set_help_all_flag("--help-all", "print every command's help and exit");
  app.set_version_flag("--version", "usherctl " USHER_VERSION, "print the version and exit");
  app.add_option("--socket", line.socket, "usherd's admin socket")->capture_default_str();
  app.add_flag("--json", line.json, "print one line of JSON");
  app.footer(std::string(kExitCodes));
  app.require_subcommand(1);
  declare_user(app, line.arguments, line.command);
  declare_group(app, line.arguments, line.command);
  declare_org(app, line.arguments, line.command);
  declare_factor(app, line.arguments, line.command);
  declare_throttle(app, line.arguments, line.command);
  declare_status(app, line.arguments, line.command);
  declare_audit(app, line.arguments, line.command);
  declare_policy(app, line.arguments, line.command);
  declare_blocklist(app, line.arguments, line.command);
  declare_config(app, line.arguments, line.command);
  declare_doctor(app, line.arguments, line.command);
  declare_enable(app, line.arguments, line.command);
  declare_disable(app, line.arguments, line.command);
}

// The command as far as it was named: "usherctl user".
std::string named_so_far(const CLI::App& app, const CLI::App*& innermost) {
  std::string name = app.get_name();
  innermost = &app;
  for (auto verbs = app.get_subcommands(); !verbs.empty(); verbs = innermost->get_subcommands()) {
    innermost = verbs.front();
    name += " " + innermost->get_name();
  }
  return name;
}

// One line, and where to look. CLI11 calls a mistyped command a missing one.
std::string mistake_in(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* innermost = nullptr;
  const std::string named = named_so_far(app, innermost);
  const std::vector<std::string> left = app.remaining(true);
  const bool lacks_verb = innermost->get_require_subcommand_min() > 0;
  std::string mistake = error.what();
  if (!left.empty() && left.front().starts_with('-')) {
    mistake = "there is no option " + left.front();
  } else if (lacks_verb) {
    mistake = left.empty() ? "a command is missing" : "there is no command " + left.front();
  } else if (!left.empty()) {
    mistake = left.front() + " is one argument too many";
  }
  return fmt::format("{}: {}; see {} --help\n", named, escaped(mistake), named);
}

// An exit code when there is nothing to run: help, version, or a mistake.
std::optional<Exit> parse(CLI::App& app, int argc, const char* const* argv,
                          const Streams& streams) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    print(streams.out, out.str());
    if (code != 0) print(streams.err, mistake_in(app, error));
    return code == 0 ? Exit::ok : Exit::usage;
  }
}

Exit finish(const Result<void>& done, const Streams& streams) {
  if (!done) {
    print(streams.err, fmt::format("usherctl: {}\n", escaped(done.error().text())));
    return exit_of(done.error().code());
  }
  // A one-time code that did not reach the disk or the pipe must not look like success.
  if (std::fflush(streams.out) != 0 || std::ferror(streams.out) != 0) {
    print(streams.err, "usherctl: the output could not be written\n");
    return Exit::failed;
  }
  return Exit::ok;
}

}  // namespace

int run(int argc, const char* const* argv, const Streams& streams, const Host& host) {
  CLI::App app("Administers Usher: people, their second factors, and what happened.");
  CommandLine line;
  declare(app, line);
  if (const auto over = parse(app, argc, argv, streams)) return static_cast<int>(*over);
  Session session(line.socket, line.json ? Format::json : Format::text, streams, host);
  return static_cast<int>(finish(line.command(session, line.arguments), streams));
}

}  // namespace usher::ctl
