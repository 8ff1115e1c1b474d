// One run of usherctl: where usherd is, how to print, and the calls it makes. Connects at the
// first call, so that what needs no usherd works without one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ctl/host.hpp"
#include "ctl/output.hpp"
#include "protocol/varlink_connection.hpp"

namespace usher::ctl {

inline constexpr const char* kAdminSocket = "/run/usher/admin.sock";

enum class Format : std::uint8_t { text, json };

// The parameter in which usherd gives a one-time code.
inline constexpr std::string_view kNoSecret = "";
inline constexpr std::string_view kCode = "code";

class Session {
 public:
  Session(std::string socket, Format format, const Streams& streams, Host host)
      : socket_(std::move(socket)), format_(format), streams_(streams), host_(std::move(host)) {}

  // `method` without its interface. A refusal comes back as an Error (exit_code.hpp).
  Result<protocol::varlink::ReplyOk> call(std::string_view method,
                                          protocol::varlink::Json parameters,
                                          std::string_view secret_name = kNoSecret);

  // With a secret in the call: letters and digits only.
  Result<protocol::varlink::ReplyOk> call_with(std::string_view method,
                                               protocol::varlink::Json parameters, Secret secret);

  bool wants_json() const { return format_ == Format::json; }
  const Streams& streams() const { return streams_; }
  std::FILE* out() const { return streams_.out; }
  const Host& host() const { return host_; }

 private:
  Result<void> connect();
  Result<protocol::varlink::ReplyOk> send(const protocol::varlink::Call& call,
                                          std::string_view secret_name);

  std::string socket_;
  Format format_;
  Streams streams_;
  Host host_;
  std::optional<protocol::varlink::Client> client_;
};

// What the command line said; each command reads the members it declared.
struct Arguments {
  std::string name;
  std::optional<std::string> display_name;
  std::optional<std::int64_t> uid;
  std::optional<std::int64_t> gid;
  std::optional<std::string> home;
  std::optional<std::string> shell;
  std::optional<std::string> language;
  std::vector<std::string> aliases;
  std::vector<std::string> removed_aliases;
  std::vector<std::string> attributes;  // NAME=VALUE
  std::vector<std::string> removed_attributes;
  std::string group;
  std::string organisation;
  std::optional<std::string> support;
  std::string reason;
  std::optional<std::int64_t> campaign;
  std::string request;  // explain: an id; mail retry: a message's
  std::string address;  // mail test, sms test
  std::optional<std::string> invited_at;
  std::string contact;  // an address, or a number
  std::string kind;     // mail or mobile
  bool follow = false;
  std::optional<std::string> since;     // audit: as it was typed
  std::optional<std::string> sessions;  // all, others or none
  std::optional<std::string> source;
  std::optional<std::string> expires;
  std::string span;
  std::string wanted;  // self greeting: on or off
  bool to_local = false;
  bool replace = false;
  std::string factor;
  std::string label;
  bool all = false;
  bool yes = false;
  bool undo = false;
  std::string etc = "/etc";  // where the account files stand; a test brings its own
  std::string stop_after;    // a test's: cut off after this step of user adopt
  bool force = false;
  std::vector<std::string> forced;  // enable's --force: "" for the risks, or a finding's name
  bool dry_run = false;
  std::int64_t limit = 20;
  std::string file = "/etc/usher/usher.toml";
  std::string output = "/etc/usher/breached.pwq";  // blocklist build
};

using Command = Result<void> (*)(Session& session, const Arguments& arguments);

}  // namespace usher::ctl
