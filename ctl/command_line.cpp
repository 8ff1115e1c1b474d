// The one file that knows CLI11.
#include "ctl/command_line.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <sstream>

namespace usher::ctl {
namespace {

constexpr std::array kNouns{
    user_verbs,     group_verbs,  org_verbs,     factor_verbs,   contact_verbs,   mfa_verbs,
    throttle_verbs, self_verbs,   report_verbs,  campaign_verbs, mail_verbs,      sms_verbs,
    status_verbs,   audit_verbs,  explain_verbs, policy_verbs,   blocklist_verbs, config_verbs,
    doctor_verbs,   enable_verbs, disable_verbs};

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

// Declares one word, by the kind of member it goes into.
class Declaration {
 public:
  Declaration(CLI::App& app, Arguments& arguments, const Option& option)
      : app_(app),
        arguments_(arguments),
        need_(option.need),
        name_(option.name),
        help_(option.help) {}

  CLI::Option* operator()(bool Arguments::*member) {
    return app_.add_flag(name_, arguments_.*member, help_);
  }
  CLI::Option* operator()(std::int64_t Arguments::*member) {
    return app_.add_option(name_, arguments_.*member, help_)
        ->check(CLI::Range(std::int64_t{1}, kMostRows))
        ->capture_default_str();
  }
  CLI::Option* operator()(std::string Arguments::*member) {
    CLI::Option* declared = app_.add_option(name_, arguments_.*member, help_);
    return need_ == Need::required ? declared : declared->capture_default_str();
  }
  CLI::Option* operator()(std::vector<std::string> Arguments::*member) {
    // "--force{risks}" may stand alone, and may name several: --force=NAME,NAME
    if (name_.ends_with('}')) {
      return app_.add_flag(name_, arguments_.*member, help_)->delimiter(',');
    }
    return app_.add_option(name_, arguments_.*member, help_);
  }
  template <typename Value>
  CLI::Option* operator()(std::optional<Value> Arguments::*member) {
    return app_.add_option(name_, arguments_.*member, help_);
  }

 private:
  CLI::App& app_;
  Arguments& arguments_;
  Need need_;
  std::string name_;
  std::string help_;
};

void declare_option(CLI::App& app, Arguments& arguments, const Option& option) {
  CLI::Option* declared = std::visit(Declaration(app, arguments, option), option.into);
  if (option.need == Need::required) declared->required();
  if (option.help.empty()) declared->group("");
}

// "group member add" is declared below "group member", which came before it.
void declare_verb(CLI::App& app, Arguments& arguments, const Verb& verb) {
  CLI::App* parent = &app;
  std::string_view name = verb.path;
  for (auto blank = name.find(' '); blank != name.npos; blank = name.find(' ')) {
    parent = parent->get_subcommand(std::string(name.substr(0, blank)));
    name.remove_prefix(blank + 1);
  }
  CLI::App* declared = parent->add_subcommand(std::string(name), std::string(verb.help));
  declared->fallthrough();
  if (verb.command == nullptr) declared->require_subcommand(1);
  if (verb.help.empty()) declared->group("");
  for (const Option& option : verb.taken()) declare_option(*declared, arguments, option);
}

void declare(CLI::App& app, CommandLine& line) {
  app.name("usherctl");
  app.formatter(std::make_shared<FullHelp>());  // CLI11 takes no other pointer
  app.set_help_all_flag("--help-all", "print every command's help and exit");
  app.set_version_flag("--version", "usherctl " USHER_VERSION, "print the version and exit");
  app.add_option("--socket", line.socket, "usherd's admin socket")->capture_default_str();
  app.add_flag("--json", line.json, "print one line of JSON");
  app.footer(std::string(kExitCodes));
  app.require_subcommand(1);
  for (const auto verbs : kNouns) {
    for (const Verb& verb : verbs()) declare_verb(app, line.arguments, verb);
  }
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

Command command_named(const CLI::App& app) {
  const CLI::App* innermost = nullptr;
  const std::string named = named_so_far(app, innermost);
  const std::string_view path = std::string_view(named).substr(app.get_name().size() + 1);
  for (const auto verbs : kNouns) {
    for (const Verb& verb : verbs()) {
      if (verb.path == path) return verb.command;
    }
  }
  return nullptr;
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

}  // namespace

std::span<const Option> Verb::taken() const {
  std::size_t count = 0;
  while (count < options.size() && !options[count].name.empty()) ++count;
  return {options.data(), count};
}

std::vector<const Verb*> listed_verbs() {
  std::vector<const Verb*> listed;
  for (const auto verbs : kNouns) {
    for (const Verb& verb : verbs()) {
      if (verb.command != nullptr && !verb.help.empty()) listed.push_back(&verb);
    }
  }
  return listed;
}

std::variant<CommandLine, Exit> read_command_line(int argc, const char* const* argv,
                                                  const Streams& streams) {
  CLI::App app("Administers Usher: people, their second factors, and what happened.");
  CommandLine line;
  declare(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    print(streams.out, out.str());
    if (code != 0) print(streams.err, mistake_in(app, error));
    return code == 0 ? Exit::ok : Exit::usage;
  }
  line.command = command_named(app);
  return line;
}

}  // namespace usher::ctl
