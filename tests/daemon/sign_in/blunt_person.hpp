// A person who types the same list of answers whatever is asked, and remembers every byte that was
// shown.
#pragma once

#include <string>
#include <vector>

#include "daemon/ports/person.hpp"

namespace usher::sign_in {

class BluntPerson final : public ports::Person {
 public:
  explicit BluntPerson(std::vector<std::string> answers) : answers_(std::move(answers)) {}

  Result<Secret> ask(const ports::Question& question) override {
    seen += question.echo == ports::Echo::shown ? "[shown " : "[hidden ";
    seen +=
        std::to_string(static_cast<int>(question.slot)) + "] " + std::string(question.text) + "\n";
    if (at_ == answers_.size()) return Error(Errc::hung_up, "nothing more to say");
    return Secret::copy(answers_[at_++]);
  }
  Result<void> tell(ports::Tone tone, std::string_view text) override {
    seen += tone == ports::Tone::error ? "[error] " : "[info] ";
    seen += std::string(text) + "\n";
    return {};
  }

  std::string seen;

 private:
  std::vector<std::string> answers_;
  std::size_t at_ = 0;
};

}  // namespace usher::sign_in
