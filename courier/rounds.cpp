// Straight on; whatever goes wrong with usherd ends the connection, and the next one begins anew.
#include "courier/rounds.hpp"

#include <exception>

#include "courier/stop.hpp"

namespace usher::courier {
namespace {

using protocol::Deadline;
using protocol::courier::Cause;
using protocol::courier::Outcome;
using protocol::courier::Report;
using protocol::courier::Unsendable;
using protocol::courier::Work;
using protocol::varlink::Client;

std::string line_of(const Report& report) {
  std::string line = "id=" + report.id + " " + std::string(name_of(report.outcome));
  if (report.cause != Cause::none) line += " " + std::string(name_of(report.cause));
  return line;
}

// Of our own version no field is unreadable: usherd was changed, and we were not restarted. That is
// no message's fault.
Report report_of(const Unsendable& message) {
  std::string detail =
      "restart usher-courier.service: it is older than usherd, and does not know: ";
  detail += message.field.empty() ? "a field" : message.field;
  return {message.id, Outcome::service_down, Cause::not_understood,
          detail.substr(0, protocol::courier::kMaxDetail)};
}

}  // namespace

Report Rounds::carry_out(const Work& work) {
  Sent sent = std::visit([&](const auto& message) { return send(message); }, work.what);
  return {work.id, sent.outcome, sent.cause, std::move(sent.detail), sent.wait};
}

Result<void> Rounds::report(Client& usherd) {
  const auto reply = TRY(
      usherd.call(protocol::courier::call_of(*unheard_), "", Deadline::after(patience_.report)));
  const auto heard = protocol::courier::read_reported(reply);
  // It could not write it down, and would send the message again: it is told again.
  if (!heard && heard.error().code() == Errc::unavailable) return heard.error().in("reporting");
  if (!heard) around_.log('4', "id=" + unheard_->id + ": usherd does not want to know");
  unheard_.reset();
  return {};
}

Result<void> Rounds::take_and_send(Client& usherd) {
  const auto reply = TRY(usherd.call(protocol::courier::take_call(), protocol::varlink::kCallSecret,
                                     Deadline::after(patience_.take)));
  const InHand in_hand;
  const auto taken = TRY(protocol::courier::read_taken(reply));
  backoff_.reset();
  complaint_.clear();
  if (const auto* work = std::get_if<Work>(&taken)) unheard_ = carry_out(*work);
  if (const auto* unsendable = std::get_if<Unsendable>(&taken)) unheard_ = report_of(*unsendable);
  if (!unheard_) return {};
  around_.log(unheard_->outcome == Outcome::sent ? '6' : '4', line_of(*unheard_));
  return report(usherd);
}

Result<void> Rounds::serve() {
  Client usherd = TRY(Client::connect(socket_, Deadline::after(patience_.connect)));
  for (;;) {
    if (unheard_) TRY(report(usherd));
    TRY(take_and_send(usherd));
  }
}

// The guard of the room: what a library throws ends a connection, not the process.
Result<void> Rounds::serve_guarded() {
  try {
    return serve();
  } catch (const std::exception&) {
    return Error(Errc::internal, "something was thrown");
  }
}

void Rounds::run() {
  do {
    const Result<void> served = serve_guarded();
    const std::string complaint = "usherd: " + std::string(served.error().text());
    if (complaint != complaint_) around_.log('4', complaint);
    complaint_ = complaint;
  } while (around_.pause(backoff_));
}

}  // namespace usher::courier
