// The loop this module is: the daemon says a step, the person is asked or told, the answer goes
// back, until a verdict. It knows no factor, no rule and no text.
#pragma once

#include "pam_module/kept_answers.hpp"
#include "pam_module/person.hpp"
#include "protocol/login_client.hpp"

namespace usher::pam_module {

class Conversation {
 public:
  // All three outlive the conversation.
  Conversation(protocol::LoginClient& client, Person& person, KeptAnswers& kept)
      : client_(client), person_(person), kept_(kept) {}

  // The views of the verdict live as long as the client is not called again.
  Result<protocol::Verdict> run(const protocol::Begin& begin);

 private:
  Result<protocol::Reply> carry_out(const protocol::Step& step);
  Result<protocol::Reply> ask(Echo echo, const protocol::Step& step);
  Result<protocol::Reply> tell(Tone tone, const protocol::Step& step);

  protocol::LoginClient& client_;
  Person& person_;
  KeptAnswers& kept_;
};

}  // namespace usher::pam_module
