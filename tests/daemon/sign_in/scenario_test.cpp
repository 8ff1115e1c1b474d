// Plays every scenario of tests/scripts. A test is named after its file, with the requirements the
// file covers in front.
#include "tests/daemon/sign_in/scenario.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/daemon/sign_in/scripted_person.hpp"
#include "tests/daemon/sign_in/world.hpp"

namespace usher::sign_in {
namespace {

using protocol::Operation;
using protocol::Outcome;
using protocol::Slot;

class Play : public ::testing::Test {
 public:
  explicit Play(const Scenario& scenario) : scenario_(scenario) {}

  void TestBody() override {
    for (const std::string& complaint : scenario_.complaints) ADD_FAILURE() << complaint;
    const Line* run = nullptr;
    for (const Section& section : scenario_.sections) {
      if (HasFailure()) return;
      if (section.kind == "given") {
        for (const Line& line : section.lines) change(line, 0);
      } else if (section.kind == "run") {
        ASSERT_EQ(section.lines.size(), 1U) << where(section.number) << "one run at a time";
        run = &section.lines[0];
      } else if (section.kind == "prompts") {
        ASSERT_NE(run, nullptr) << where(section.number) << "prompts of nothing";
        play(*run, section);
        run = nullptr;
      } else {
        compare_audit(section);
      }
    }
    EXPECT_TRUE(audit_compared_) << scenario_.path << " compares no audit record";
  }

 private:
  std::string where(int number) const { return fmt::format("{}:{}: ", scenario_.path, number); }

  // What a given line says, from its `first` word on.
  void change(const Line& line, std::size_t first);
  bool change_person(const std::string& verb, const std::string& name, const std::string& text);
  void play(const Line& run, const Section& section);
  void compare_verdict(const Line& line, const Result<Decision>& decided);
  void compare_authtok(const Section& section, ScriptedPerson& person,
                       const Result<Decision>& decided);
  void compare_mails(const Section& section, const std::string& name, std::int64_t before);
  void compare_audit(const Section& section);
  void keep_the_rules(const Result<Decision>& decided, const std::string& before,
                      const ScriptedPerson& person);

  const Scenario& scenario_;
  World world_;
  std::int64_t audited_ = 0;
  bool audit_compared_ = false;
};

bool Play::change_person(const std::string& verb, const std::string& name,
                         const std::string& text) {
  if (verb == "person") {
    world_.add(name, text);
  } else if (verb == "password") {
    world_.give_password(name, text);
  } else if (verb == "expired") {
    world_.demand_new_password(name);
  } else if (verb == "app") {
    world_.give_app(name);
    world_.read_news(name);
  } else if (verb == "reads-in") {
    world_.speak(name, text);
  } else if (verb == "suspended") {
    world_.suspend(name);
  } else if (verb == "resumed") {
    world_.resume(name);
  } else if (verb == "disabled") {
    world_.disable(name);
  } else if (verb == "enabled") {
    world_.enable(name);
  } else if (verb == "comes-from") {  // comes-from ada "federated:acme"
    world_.add_from(text, name);
  } else if (verb == "ends-in-days") {  // ends-in-days ada 10
    world_.end_account(name, world_.clock.now() + std::chrono::days(std::stoi(text)));
  } else if (verb == "without-factor-for-hours") {
    world_.suspend_factors(name, std::chrono::hours(std::stoi(text)));
  } else if (verb == "factor-found") {
    world_.resume_factors(name);
  } else if (verb == "factor-removed") {  // factor-removed ada "app"
    world_.remove_factor(name, text);
  } else if (verb == "reset") {
    world_.reset(name);
  } else if (verb == "invited") {  // invited ada "ada@acme.example"
    world_.invite(name, text);
  } else if (verb == "deleted") {
    world_.remove(name);
  } else {
    return false;
  }
  return true;
}

// sshd | sshd from 2001:db8::1
std::string door_of(const Line& line, std::size_t at) {
  const std::string& door = line.word(at);
  return line.word(at + 1) == "from" ? door + " from " + line.word(at + 2) : door;
}

void Play::change(const Line& line, std::size_t first) {
  const std::string& verb = line.word(first);
  const std::string& object = line.word(first + 1);
  if (change_person(verb, object, line.word(first + 2))) {
    audited_ = world_.last_audit();
  } else if (verb == "belongs") {  // belongs ada acme "its help desk"
    world_.belong(object, line.word(first + 2), line.word(first + 3));
    audited_ = world_.last_audit();
  } else if (verb == "terms") {  // terms /etc/usher/terms.txt "The text"
    world_.give_terms(object, line.word(first + 2));
  } else if (verb == "policy") {  // policy night "for = ..."
    world_.give_policy(object, line.word(first + 2));
  } else if (verb == "group") {  // group ada staff
    world_.join(object, line.word(first + 2));
  } else if (verb == "attribute") {  // attribute ada department sales
    world_.give_attribute(object, line.word(first + 2), line.word(first + 3));
    audited_ = world_.last_audit();
  } else if (verb == "ungreeted") {  // ungreeted ada
    const auto ada = world_.person(object).id;
    EXPECT_TRUE(world_.store().write([&](store::Database& database) {
      return store::change_account(database, ada, {.greeted = false});
    }));
  } else if (verb == "mail") {  // mail leaves | mail fails
    object == "leaves" ? world_.give_mail_server() : world_.lose_mail_server();
  } else if (verb == "texts") {  // texts leave | texts fail
    object == "leave" ? world_.give_gateway() : world_.lose_gateway();
  } else if (verb == "restart") {  // of usherd, at once
    world_.restart();
  } else if (verb == "campaign-refused") {  // campaign-refused mobile "no text message leaves"
    EXPECT_EQ(world_.refused_campaign(object), line.word(first + 2)) << where(line.number);
  } else if (verb == "contact") {  // contact ada mail "ada@acme.example"
    world_.give_contact(object, line.word(first + 2), line.word(first + 3));
    audited_ = world_.last_audit();
  } else if (verb == "contact-removed") {  // contact-removed ada "ada@acme.example"
    world_.remove_contact(object, line.word(first + 2));
    audited_ = world_.last_audit();
  } else if (verb == "confirmed") {  // confirmed ada "ada@acme.example"
    world_.confirm_contact(object, line.word(first + 2));
  } else if (verb == "confirmed-again") {  // confirmed-again ada "ada@acme.example"
    world_.confirm_again(object, line.word(first + 2));
  } else if (verb == "doubted") {  // doubted ada "ada@acme.example"
    world_.doubt_contact(object, line.word(first + 2));
  } else if (verb == "forgotten-decided") {  // what was asked for at a prompt
    world_.decide_forgotten();
  } else if (verb == "campaign") {  // campaign everybody | campaign group staff
    world_.start_campaign(object, line.word(first + 2));
    audited_ = world_.last_audit();
  } else if (verb == "campaign-stopped") {  // campaign-stopped 1
    world_.stop_campaign(std::stoll(object));
    audited_ = world_.last_audit();
  } else if (verb == "no-recovery-codes") {  // no-recovery-codes ada
    world_.lose_recovery_codes(object);
  } else if (verb == "clock") {  // clock +30 s
    const std::string& unit = line.word(first + 2);
    const std::chrono::seconds one(unit == "min" ? 60 : unit == "h" ? 3600 : 1);
    const auto span = std::stoi(object) * one;
    if (line.word(first + 3) == "set") {  // clock +24 h set: by hand, no time goes by
      world_.clock.set(world_.clock.now() + span);
    } else {
      world_.clock.turn(span);
    }
  } else if (verb == "setting") {  // setting mfa.required = false
    const Word& value = line.words.back();
    world_.set(value.quoted ? fmt::format("{} = \"{}\"", object, value.text)
                            : fmt::format("{} = {}", object, value.text));
  } else if (verb == "guesses") {  // guesses 90 for ada at sshd
    world_.guess(std::stoi(object), line.word(first + 3), door_of(line, first + 5));
    audited_ = world_.last_audit();
  } else if (verb == "codes") {  // codes 59 against ada with "the password" at sshd
    world_.guess_codes(std::stoi(object), line.word(first + 3), line.word(first + 5),
                       line.word(first + 7));
    audited_ = world_.last_audit();
  } else if (verb == "hashes") {  // hashes take 2 passes
    world_.hash_with_passes(std::stoul(line.word(first + 2)));
  } else {
    ADD_FAILURE() << where(line.number) << "what is: " << line.text();
  }
}

Operation operation_of(const std::string& word) {
  if (word == "account") return Operation::account;
  if (word == "prepare-change") return Operation::prepare_change;
  if (word == "change-password") return Operation::change_password;
  EXPECT_EQ(word, "authenticate");
  return Operation::authenticate;
}

bool is_about_the_end(const Line& line) {
  return line.starts_with({"verdict"}) || line.starts_with({"hands"}) ||
         line.starts_with({"changes"}) || line.starts_with({"hashed"}) ||
         line.starts_with({"waits"}) || line.starts_with({"calls"}) ||
         line.starts_with({"mails"}) || line.starts_with({"recovers"});
}

// run: authenticate ada at login
void Play::play(const Line& run, const Section& section) {
  std::size_t said = 0;
  while (said < section.lines.size() && !is_about_the_end(section.lines[said])) ++said;
  std::string before = world_.dump();
  const std::int64_t mailed = world_.last_mail();
  const std::string& name = run.word(1);
  ASSERT_EQ(run.word(2), "at") << where(run.number);
  ScriptedPerson person(world_, scenario_.path, {section.lines.data(), said},
                        [&](const Line& line) {
                          change(line, 1);
                          before = world_.dump();
                        });
  const auto decided = world_.converse(operation_of(run.word(0)), name, door_of(run, 3), person);
  bool has_verdict = false;
  for (std::size_t at = said; at < section.lines.size(); ++at) {
    const Line& line = section.lines[at];
    if (line.starts_with({"verdict"})) {
      compare_verdict(line, decided);
      has_verdict = true;
    } else if (line.starts_with({"changes", "nothing"})) {
      EXPECT_EQ(world_.dump(), before) << where(line.number);
    } else if (line.starts_with({"hashed", "with"})) {  // hashed with 2 passes
      const std::string cost = fmt::format(",t={},", line.word(2));
      EXPECT_NE(world_.password(name)->phc.find(cost), std::string::npos) << where(line.number);
    } else if (line.starts_with({"calls", "it"})) {  // calls it "phone"
      EXPECT_EQ(world_.device_name(name), line.word(2)) << where(line.number);
    } else if (line.starts_with({"waits"})) {  // waits 3 s
      const std::chrono::seconds wanted(std::stoi(line.word(1)));
      EXPECT_TRUE(decided && decided->delay == wanted) << where(line.number);
    }
  }
  EXPECT_TRUE(has_verdict) << where(section.number) << "prompts without a verdict";
  compare_authtok(section, person, decided);
  keep_the_rules(decided, before, person);
  compare_mails(section, name, mailed);
}

// verdict refuse "the text" | verdict none: nothing could be decided
void Play::compare_verdict(const Line& line, const Result<Decision>& decided) {
  if (!decided.has_value()) {
    EXPECT_EQ(line.word(1), "none") << where(line.number) << decided.error().text();
    return;
  }
  EXPECT_EQ(line.word(1), name_of(decided->outcome))
      << where(line.number) << name_of(decided->reason);
  EXPECT_EQ(line.word(2), decided->text) << where(line.number);
}

// hands on "password" | hands on old "password": what the module gives to the next one.
void Play::compare_authtok(const Section& section, ScriptedPerson& person,
                           const Result<Decision>& decided) {
  std::string wanted, wanted_old;
  for (const Line& line : section.lines) {
    if (line.starts_with({"hands", "on", "old"})) {
      wanted_old = line.word(3);
    } else if (line.starts_with({"hands", "on"})) {
      wanted = line.word(2);
    }
  }
  std::string handed, handed_old;
  if (decided.has_value() && decided->outcome == Outcome::accept) {
    if (decided->authtok != Slot::none) {
      handed = person.kept(decided->authtok).substr(0, decided->authtok_length);
    }
    if (decided->old_authtok != Slot::none) handed_old = person.kept(decided->old_authtok);
  }
  EXPECT_EQ(handed, wanted) << where(section.number) << "handed on";
  EXPECT_EQ(handed_old, wanted_old) << where(section.number) << "handed on as the old one";
}

// mails confirm-address "ada@acme.example" | mails nothing: all that was queued meanwhile.
// recovers by "ada@acme.example" | recovers by nothing: where a recovery code could go now.
void Play::compare_mails(const Section& section, const std::string& name, std::int64_t before) {
  world_.decide_forgotten();
  std::string wanted, wanted_usable;
  bool says_mails = false;
  bool says_usable = false;
  for (const Line& line : section.lines) {
    if (line.starts_with({"mails"})) {
      says_mails = true;
      if (!line.starts_with({"mails", "nothing"})) {
        wanted += line.word(1) + " " + line.word(2) + "\n";
      }
    } else if (line.starts_with({"recovers"})) {
      says_usable = true;
      if (!line.starts_with({"recovers", "by", "nothing"})) wanted_usable += line.word(2) + "\n";
    }
  }
  std::string found, usable;
  for (const std::string& mail : world_.mails_after(before)) found += mail + "\n";
  // What a story says nothing of is not sent.
  EXPECT_EQ(found, says_mails ? wanted : "") << where(section.number) << "mails";
  if (!says_usable) return;
  for (const std::string& value : world_.usable_contacts(name)) usable += value + "\n";
  EXPECT_EQ(usable, wanted_usable) << where(section.number) << "recovers";
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

// authenticate accept all-proven ada password+totp local-seat
void Play::compare_audit(const Section& section) {
  audit_compared_ = true;
  std::string wanted, found;
  for (const Line& line : section.lines) {
    if (!line.starts_with({"nothing"})) wanted += line.text() + "\n";
  }
  for (const store::AuditRecord& record : world_.audit_after(audited_)) {
    found += fmt::format("{} {} {} {} {} {}\n", record.operation, record.outcome, record.reason,
                         or_dash(record.person), or_dash(record.factor), record.origin);
    audited_ = record.sequence;
  }
  EXPECT_EQ(found, wanted) << where(section.number);
}

bool first_factor_was_proven(const Decision& decision) {
  return decision.reason != Reason::unknown_user && decision.reason != Reason::wrong_password &&
         decision.reason != Reason::no_password_set &&
         decision.reason != Reason::code_not_for_this_door && decision.reason != Reason::throttled;
}

// What holds in every run of every scenario.
void Play::keep_the_rules(const Result<Decision>& decided, const std::string& before,
                          const ScriptedPerson& person) {
  EXPECT_TRUE(world_.audit_chain_holds());
  if (decided.has_value() && !first_factor_was_proven(*decided)) {
    EXPECT_EQ(world_.dump(), before) << "written before the first factor was proven";
  }
  constexpr std::size_t kShortest = 6;
  for (const store::AuditRecord& record : world_.audit_after(0)) {
    for (const std::string& typed : person.typed()) {
      if (typed.size() < kShortest) continue;
      for (const std::string* text :
           {&record.detail, &record.reason, &record.factor, &record.steps}) {
        EXPECT_EQ(text->find(typed), std::string::npos) << "an answer stands in the audit";
      }
    }
  }
}

}  // namespace
}  // namespace usher::sign_in

int main(int argc, char** argv) {
  using namespace usher::sign_in;
  ::testing::InitGoogleTest(&argc, argv);
  static const std::vector<Scenario> kScenarios = read_scenarios(USHER_SOURCE_DIR "/tests/scripts");
  if (kScenarios.empty()) return 1;
  for (const Scenario& scenario : kScenarios) {
    ::testing::RegisterTest("Scenario", scenario.name.c_str(), nullptr, nullptr,
                            scenario.path.c_str(), 1,
                            [&scenario]() -> ::testing::Test* { return new Play(scenario); });
  }
  return RUN_ALL_TESTS();
}
