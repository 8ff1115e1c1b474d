// The work of usher-courier: take a message from usherd, send it, report, and again. Everything it
// knows is in the message; nothing is kept but a report that usherd has not heard yet.
// At least once: whoever ends this between the sending and the report makes usherd offer the
// message again, and a mailbox may get it twice.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "courier/transport.hpp"
#include "protocol/backoff.hpp"
#include "protocol/courier_messages.hpp"
#include "protocol/varlink_connection.hpp"

namespace usher::courier {

struct RoundsPatience {
  std::chrono::milliseconds connect{2'000};
  // A usherd that has said nothing for so long behind the end of its own wait hangs.
  std::chrono::milliseconds take = protocol::courier::kTakeWait + std::chrono::seconds(15);
  std::chrono::milliseconds report{10'000};
};

// What a test stands in for.
struct Surroundings {
  Transport& mail;
  SmsTransport& sms;
  // Waits; false: there is no next round.
  std::function<bool(protocol::Backoff& backoff)> pause;
  // A journal priority and a line. No address, no text and no server's words are in it.
  std::function<void(char priority, std::string_view line)> log;
};

class Rounds {
 public:
  Rounds(std::string socket, Surroundings surroundings, RoundsPatience patience = {})
      : socket_(std::move(socket)), around_(std::move(surroundings)), patience_(patience) {}

  // Until pause() says that it is enough.
  void run();

 private:
  Result<void> serve();  // one connection; it ends in an Error
  Result<void> serve_guarded();
  Result<void> take_and_send(protocol::varlink::Client& usherd);
  Result<void> report(protocol::varlink::Client& usherd);
  Sent send(const protocol::courier::Mail& mail) { return around_.mail.send(mail); }
  Sent send(const protocol::courier::Sms& sms) { return around_.sms.send(sms); }
  protocol::courier::Report carry_out(const protocol::courier::Work& work);

  std::string socket_;
  Surroundings around_;
  RoundsPatience patience_;
  protocol::Backoff backoff_{{std::chrono::milliseconds(500), std::chrono::seconds(30)}};
  std::string complaint_;  // the last one: the same is logged once
  std::optional<protocol::courier::Report> unheard_;
};

}  // namespace usher::courier
