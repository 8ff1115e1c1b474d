// The person at the other end of a login socket: steps go out, answers come back, one at a time,
// all of it before the conversation's deadline.
#pragma once

#include "daemon/front_end.hpp"
#include "daemon/ports/person.hpp"
#include "daemon/sign_in/decision.hpp"
#include "protocol/deadline.hpp"

namespace usher::daemon {

class WirePerson final : public ports::Person {
 public:
  WirePerson(int socket, std::uint16_t version, const FrontEnd& front_end,
             protocol::Deadline deadline)
      : socket_(socket), version_(version), front_end_(front_end), deadline_(deadline) {}

  Result<Secret> ask(const ports::Question& question) override;
  Result<void> tell(ports::Tone tone, std::string_view text) override;

  // Nothing is said for so long; ends early when the other end hangs up, and before the deadline.
  Result<void> pause(std::chrono::milliseconds span);

  // The last frame: the decision, with whatever was told and not yet shown.
  Result<void> finish(const sign_in::Decision& decision, std::string_view user);

 private:
  Result<Secret> exchange(const protocol::Step& step, protocol::AnswerKind wanted);
  Result<void> keep_for_later(std::string_view text);

  int socket_;
  std::uint16_t version_;
  const FrontEnd& front_end_;
  protocol::Deadline deadline_;
  std::uint32_t steps_ = 0;
  Secret untold_;
};

}  // namespace usher::daemon
