// One step in, one answer out. The client bounds how many steps and how long.
#include "pam_module/conversation.hpp"

namespace usher::pam_module {

using protocol::Answer;
using protocol::AnswerKind;
using protocol::Reply;
using protocol::Step;
using protocol::StepKind;

Result<protocol::Verdict> Conversation::run(const protocol::Begin& begin) {
  Reply reply = TRY(client_.begin_login(begin));
  while (!reply.verdict.has_value()) {
    if (!reply.step.has_value()) return Error(Errc::internal, "a reply without content");
    reply = TRY(carry_out(*reply.step));
  }
  return *reply.verdict;
}

Result<Reply> Conversation::carry_out(const Step& step) {
  switch (step.kind) {
    case StepKind::ask_hidden:
      return ask(Echo::off, step);
    case StepKind::ask_shown:
      return ask(Echo::on, step);
    case StepKind::tell_info:
      return tell(Tone::info, step);
    case StepKind::tell_error:
      return tell(Tone::error, step);
  }
  return Error(Errc::internal, "a step of no kind");
}

Result<Reply> Conversation::ask(Echo echo, const Step& step) {
  const Typed typed = TRY(person_.ask(echo, step.text));
  if (!typed.given()) {
    kept_.forget(step.slot);
    return client_.continue_login(Answer{AnswerKind::no_text, {}});
  }
  TRY(kept_.keep(step.slot, typed.text()));
  return client_.continue_login(Answer{AnswerKind::given, typed.text()});
}

Result<Reply> Conversation::tell(Tone tone, const Step& step) {
  const bool told = TRY(person_.tell(tone, step.text));
  return client_.continue_login(Answer{told ? AnswerKind::told : AnswerKind::no_text, {}});
}

}  // namespace usher::pam_module
