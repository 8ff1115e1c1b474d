// A person who follows the lines of a script: sees what it says must be seen, types what it says.
// What differs fails the test with the script's line; so does a script that was not used up.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>

#include "daemon/ports/person.hpp"
#include "tests/daemon/sign_in/scenario.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {

class ScriptedPerson final : public ports::Person {
 public:
  // `meanwhile` runs what a line of that name says. The lines outlive the person.
  ScriptedPerson(World& world, const std::string& path, std::span<const Line> lines,
                 std::function<void(const Line&)> meanwhile)
      : world_(world), path_(path), lines_(lines), meanwhile_(std::move(meanwhile)) {}
  ScriptedPerson(const ScriptedPerson&) = delete;
  ScriptedPerson& operator=(const ScriptedPerson&) = delete;
  ~ScriptedPerson() override;

  Result<Secret> ask(const ports::Question& question) override;
  Result<void> tell(ports::Tone tone, std::string_view text) override;

  // What was typed where, as the module keeps it.
  const std::string& kept(protocol::Slot slot) { return kept_[slot]; }
  const std::vector<std::string>& typed() const { return typed_; }

 private:
  const Line* next();
  Error lost(std::string_view what);
  void see_enrolment(const Line& line, std::string_view text);
  std::string answer(const Line& line) const;
  std::string value(const Word& word) const;

  World& world_;
  const std::string& path_;
  std::span<const Line> lines_;
  std::function<void(const Line&)> meanwhile_;
  std::size_t at_ = 0;
  bool is_lost_ = false;
  std::map<protocol::Slot, std::string> kept_;
  std::vector<std::string> typed_;
};

}  // namespace usher::sign_in
