// The nouns of usherctl: each declares its verbs and options, and says which command was chosen.
#pragma once

#include "ctl/session.hpp"

namespace CLI {
class App;
}

namespace usher::ctl {

void declare_user(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_group(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_org(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_factor(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_throttle(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_status(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_audit(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_policy(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_blocklist(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_config(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_doctor(CLI::App& app, Arguments& arguments, Command& chosen);
void declare_enable(CLI::App& app, Arguments& arguments, Command& chosen);
// disable, confirm, and the rollback that only its unit calls.
void declare_disable(CLI::App& app, Arguments& arguments, Command& chosen);

// For the verbs that change what is published: says so on standard error where it is not yet.
void warn_unless_published(Session& session, const protocol::varlink::ReplyOk& reply);
// For the verbs that answer nothing more: says what was done, in JSON prints the reply.
Result<void> change(Session& session, std::string_view method, protocol::varlink::Json parameters,
                    const std::string& done);

// The table of factors that `user show` and `factor list` print.
void print_factors(std::FILE* file, const protocol::varlink::Json& factors);

}  // namespace usher::ctl
