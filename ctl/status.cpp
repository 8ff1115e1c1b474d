// usherctl status: how usherd is.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ctl/nouns.hpp"

namespace usher::ctl {
namespace {

using protocol::varlink::Json;

Result<void> show(Session& session, const Arguments&) {
  const auto reply = TRY(session.call("GetStatus", Json::object()));
  if (session.wants_json()) return print_json(session.out(), reply);
  const Json& status = reply.parameters;
  Facts facts;
  facts.add("version", text_member(status, "version"));
  facts.add("process", number_member(status, "pid"));
  facts.add("started", time_member(status, "started_at"));
  facts.add("people", number_member(status, "people"));
  facts.add("open conversations", number_member(status, "conversations"));
  facts.add("refused frames", number_member(status, "refused_frames"));
  facts.add("schema", number_member(status, "schema"));
  facts.add("master key from", text_member(status, "key_source"));
  facts.add("unknown names", text_member(status, "unknown_names"));
  facts.print_to(session.out());
  return {};
}

}  // namespace

void declare_status(CLI::App& app, Arguments&, Command& chosen) {
  CLI::App* status = app.add_subcommand("status", "how usherd is")->fallthrough();
  status->callback([&chosen] { chosen = show; });
}

}  // namespace usher::ctl
