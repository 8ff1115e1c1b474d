// Where a front end shows info late or never, what is told waits here and leads the next question.
#include "daemon/wire_person.hpp"

#include <poll.h>

#include <algorithm>

#include "protocol/transport.hpp"

namespace usher::daemon {

using protocol::AnswerKind;
using protocol::MessageType;
using protocol::StepKind;

Result<Secret> WirePerson::exchange(const protocol::Step& step, AnswerKind wanted) {
  if (++steps_ > protocol::kMaxSteps) return Error(Errc::internal, "a conversation without end");
  const Secret frame = TRY(protocol::encode({version_, MessageType::step, steps_}, step));
  TRY(protocol::send_frame(socket_, frame.view(), deadline_));
  constexpr std::size_t kMaxAnswerFrame = protocol::kHeaderSize + 3 + protocol::kMaxAnswer;
  const Secret reply = TRY(protocol::receive_frame(socket_, kMaxAnswerFrame, deadline_));
  const protocol::Header header = TRY(protocol::decode_header(reply.view()));
  const protocol::Answer answer = TRY(protocol::decode_answer(reply.view()));
  if (header.version != version_ || header.request_id != steps_) {
    return Error(Errc::invalid_input, "an answer to another question");
  }
  if (answer.kind == AnswerKind::no_text) return Error(Errc::not_answered, "nobody answered");
  if (answer.kind != wanted) return Error(Errc::invalid_input, "an answer of the wrong kind");
  return Secret::copy(answer.text);
}

Result<Secret> WirePerson::ask(const ports::Question& question) {
  const StepKind kind =
      question.echo == ports::Echo::hidden ? StepKind::ask_hidden : StepKind::ask_shown;
  if (untold_.empty()) return exchange({kind, question.slot, question.text}, AnswerKind::given);
  // The line feed first: ssh puts "(user@host) " in front of every prompt.
  const Secret text = TRY(Secret::join({"\n", untold_.view(), question.text}));
  untold_ = Secret();
  return exchange({kind, question.slot, text.view()}, AnswerKind::given);
}

Result<void> WirePerson::keep_for_later(std::string_view text) {
  untold_ = TRY(Secret::join({untold_.view(), text, "\n"}));
  return {};
}

Result<void> WirePerson::tell(ports::Tone tone, std::string_view text) {
  if (front_end_.texts == Texts::in_prompt) return keep_for_later(text);
  const StepKind kind = tone == ports::Tone::error ? StepKind::tell_error : StepKind::tell_info;
  TRY(exchange({kind, protocol::Slot::none, text}, AnswerKind::told));
  return {};
}

Result<void> WirePerson::pause(std::chrono::milliseconds span) {
  if (span.count() == 0) return {};
  // What is left after it is for the verdict.
  constexpr std::chrono::milliseconds kForTheVerdict{1'000};
  const auto most = deadline_.left() - kForTheVerdict;
  if (most.count() <= 0) return {};
  const Result<void> stirred =
      protocol::wait_for(socket_, POLLIN, protocol::Deadline::after(std::min(span, most)));
  if (!stirred.has_value() && stirred.error().code() == Errc::timed_out) return {};
  if (!stirred.has_value()) return stirred.error();
  return Error(Errc::hung_up, "the other end did not wait for its answer");
}

Result<void> WirePerson::finish(const sign_in::Decision& decision, std::string_view user) {
  protocol::Verdict verdict;
  verdict.outcome = decision.outcome;
  verdict.user = user;
  if (decision.outcome == protocol::Outcome::accept) {
    verdict.authtok = decision.authtok;
    verdict.authtok_length = decision.authtok_length;
    verdict.old_authtok = decision.old_authtok;
    verdict.organisation = decision.organisation;
  }
  const Secret text = TRY(Secret::join({untold_.view(), decision.text}));
  verdict.text = text.view();
  if (verdict.text.ends_with('\n')) verdict.text.remove_suffix(1);
  const Secret frame = TRY(protocol::encode({version_, MessageType::verdict, 0}, verdict));
  return protocol::send_frame(socket_, frame.view(), deadline_);
}

}  // namespace usher::daemon
