// The gate of the login socket is the order itself: hello, begin, then only answers. Which flow a
// begin starts, and whether it is recorded, is the table below.
#include "daemon/conversation.hpp"

#include <unistd.h>

#include <array>

#include "daemon/log.hpp"
#include "daemon/sign_in/flows.hpp"
#include "daemon/sign_in/known_host.hpp"
#include "daemon/wire_person.hpp"
#include "protocol/transport.hpp"

namespace usher::daemon {
namespace {

using protocol::Deadline;
using protocol::Operation;
using protocol::Outcome;
using sign_in::Decision;

constexpr std::chrono::milliseconds kHelloPatience{2'000};

struct Flow {
  Operation operation;
  Result<Decision> (*run)(const Context& context, ports::Person& person);
  // A mere "is this one yours?" is no decision about anybody.
  bool recorded;
};
constexpr std::array kFlows{
    Flow{Operation::authenticate, sign_in::authenticate, true},
    Flow{Operation::account, sign_in::account, true},
    Flow{Operation::prepare_change, sign_in::prepare_change, false},
    Flow{Operation::change_password, sign_in::change_password, true},
};

const Flow* flow_of(Operation operation) {
  for (const Flow& flow : kFlows) {
    if (flow.operation == operation) return &flow;
  }
  return nullptr;
}

Result<std::uint16_t> greet(int socket, Deadline deadline) {
  const Secret frame = TRY(protocol::receive_frame(socket, protocol::kMaxFrame, deadline));
  const protocol::Header header = TRY(protocol::decode_header(frame.view()));
  const protocol::ClientHello hello = TRY(protocol::decode_client_hello(frame.view()));
  const std::uint16_t version = std::min(header.version, protocol::kVersion);
  const bool common = version >= std::max(hello.lowest_version, protocol::kLowestVersion);
  const protocol::ServerHello reply{common ? version : std::uint16_t{0}};
  const Secret answer =
      TRY(protocol::encode({version, protocol::MessageType::server_hello, 0}, reply));
  TRY(protocol::send_frame(socket, answer.view(), deadline));
  if (!common) return Error(Errc::unsupported, "a caller speaks only other protocol versions");
  return version;
}

Result<Facts> receive_facts(int socket, std::uint16_t version, Uid peer, Deadline deadline) {
  const Secret frame = TRY(protocol::receive_frame(socket, protocol::kMaxFrame, deadline));
  const protocol::Header header = TRY(protocol::decode_header(frame.view()));
  const protocol::Begin begin = TRY(protocol::decode_begin(frame.view()));
  if (header.version != version || header.request_id != 0) {
    return Error(Errc::invalid_input, "a begin frame out of turn");
  }
  return gather_facts(begin, peer, Uid{::geteuid()});
}

// An unprivileged peer may only verify itself; who it is, the kernel says. Its own name, or none
// for a trusted peer, who may name anybody. A peer who is nobody of ours is not even greeted.
Result<std::optional<UserName>> only_name_allowed(Services& services, Uid peer) {
  if (is_trusted(peer, Uid{::geteuid()})) return std::optional<UserName>{};
  const auto self = TRY(services.store.read(
      [&](store::Database& database) { return store::find_person_by_uid(database, peer); }));
  if (!self) return Error(Errc::not_permitted, "a caller who is nobody of ours");
  return std::optional<UserName>(self->name);
}

Result<Decision> decide(const Context& c, ports::Person& person, std::string_view request) {
  const Flow* flow = flow_of(c.facts.operation);
  if (flow == nullptr) return Error(Errc::internal, "an operation without a flow");
  Decision decision = TRY(flow->run(c, person));
  // Other sources' people pass through account all day long; they are not ours to record.
  const bool not_ours = decision.outcome == Outcome::unknown_user;
  if (!flow->recorded || not_ours) return decision;
  return sign_in::conclude(c, std::move(decision), request);
}

void log_decision(const Context& c, const Decision& decision, std::string_view request) {
  const std::string_view name = decision.record ? decision.record->name.view() : "-";
  log(Level::notice,
      fmt::format("decision request={} person={} service={} origin={} reason={}", request, name,
                  c.facts.service, name_of(c.origin), sign_in::name_of(decision.reason)));
  if (decision.failure.empty()) return;
  log(Level::error, fmt::format("request={}: {}", request, decision.failure));
}

}  // namespace

Result<void> serve_login(Services& services, Admission& admission, int socket, Uid peer) {
  const std::optional<UserName> only_name = TRY(only_name_allowed(services, peer));
  const Deadline hello = Deadline::after(kHelloPatience);
  const std::uint16_t version = TRY(greet(socket, hello));
  const Facts facts = TRY(receive_facts(socket, version, peer, hello));
  const FrontEnd front_end = front_end_of(facts, services.config.front_ends);
  Trail trail;
  const std::string request = crypto::random_id(services.entropy);
  const Context context{services,  facts, TRY(sign_in::find_origin(services, facts)),
                        front_end, trail, request};
  WirePerson person(socket, version, front_end, Deadline::after(front_end.patience));

  const auto seat = admission.enter(context.origin, facts.caller);
  if (!seat) {
    TRY(person.finish(Decision{}, facts.user));
    return Error(Errc::exhausted, "too many open conversations of this origin");
  }
  if (only_name && only_name->view() != facts.user) {
    // No record: an unprivileged caller must not be able to make the audit grow.
    TRY(person.finish(Decision{}, facts.user));
    return Error(Errc::not_permitted, "an unprivileged caller asked for somebody else");
  }
  const Result<Decision> decided = decide(context, person, request);
  if (decided.has_value()) {
    log_decision(context, *decided, request);
    // Everything is settled and nothing is held: stopping ends the wait with the connection.
    TRY(person.pause(decided->delay));
    return person.finish(*decided, facts.user);
  }
  // Nothing could be decided: recorded if the store still can, answered if anybody still listens.
  const Result<void> recorded = sign_in::record_failure(context, decided.error(), request);
  if (!recorded.has_value()) log(Level::error, recorded.error().in("recording a failure").text());
  (void)person.finish(Decision{}, facts.user);
  return decided.error().in("request " + request);
}

}  // namespace usher::daemon
