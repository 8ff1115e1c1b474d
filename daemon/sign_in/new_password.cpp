// The evaluator's failures become sentences here; the hash and the store come after acceptance.
#include "daemon/sign_in/new_password.hpp"

#include "daemon/policy/unicode.hpp"
#include "daemon/sign_in/password_advice.hpp"
#include "daemon/store/codes.hpp"
#include "daemon/store/passwords.hpp"

namespace usher::sign_in {
namespace {

using daemon::Context;
using protocol::Slot;
using texts::Text;

constexpr int kTries = 3;

void add_word(std::vector<std::string>& words, std::string_view text) {
  const Result<Secret> folded = policy::fold_case(text);
  if (folded.has_value() && !folded->empty()) words.emplace_back(folded->view());
}

policy::PersonalWords words_of(const Context& c, const store::PersonRecord& record) {
  policy::PersonalWords words;
  add_word(words.whole, record.display_name);
  add_word(words.whole, c.services.config.organisation);
  add_word(words.contained, record.name.view());
  return words;
}

struct Candidate {
  Secret password;  // empty when it is no text or over the limit
  std::vector<policy::Failure> failures;
};

Result<Candidate> judge(const Context& c, const store::PersonRecord& record, const Secret& typed,
                        const Secret& previous) {
  Candidate candidate;
  Result<Secret> normalised = policy::normalise(typed.view());
  if (!normalised.has_value()) {
    const bool too_long = typed.size() > policy::kMaxBytes;
    candidate.failures = {
        too_long ? policy::Failure{policy::Rule::too_long, policy::kMaxBytes, typed.size()}
                 : policy::Failure{policy::Rule::not_text}};
    return candidate;
  }
  candidate.password = normalised.release_value();
  candidate.failures = policy::evaluate(candidate.password, c.services.config.password_policy(),
                                        words_of(c, record));
  // Compared as they would be stored: another spelling of the same characters is no change.
  const Result<Secret> before = policy::normalise(previous.view());
  if (before.has_value() && candidate.password.equals(*before))
    candidate.failures.push_back({policy::Rule::unchanged});
  return candidate;
}

}  // namespace

Result<NewPassword> choose_password(const Context& c, ports::Person& person,
                                    const store::PersonRecord& record, const Secret& previous) {
  bool only_repeats = true;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const Secret typed =
        TRY(person.ask({c.text(Text::new_password), ports::Echo::hidden, Slot::new_password}));
    only_repeats = only_repeats && typed.equals(previous);
    Candidate candidate = TRY(judge(c, record, typed, previous));
    if (!candidate.failures.empty()) {
      TRY(person.tell(ports::Tone::error, describe(c.language, candidate.failures)));
      continue;
    }
    const Secret again =
        TRY(person.ask({c.text(Text::new_password_again), ports::Echo::hidden, Slot::none}));
    if (typed.equals(again)) {
      return NewPassword{std::move(candidate.password), static_cast<std::uint16_t>(typed.size()),
                         Reason::password_changed};
    }
    TRY(person.tell(ports::Tone::error, c.text(Text::entries_differ)));
  }
  NewPassword none;
  // sshd's "password" method answers every hidden question with the same text.
  if (only_repeats) none.reason = Reason::answers_repeated;
  return none;
}

Result<std::optional<std::int64_t>> keep_password(const Context& c,
                                                  const store::PersonRecord& record,
                                                  const Secret& password,
                                                  const std::optional<std::string>& redeems) {
  using Epoch = std::optional<std::int64_t>;
  const std::string phc = TRY(c.services.hasher.hash(password, c.origin));
  const ports::Instant now = c.services.clock.now();
  return c.services.store.write([&](store::Database& database) -> Result<Epoch> {
    const auto present = TRY(store::find_person(database, record.name.view()));
    const bool same = present && present->id == record.id && present->epoch == record.epoch &&
                      present->state == record.state;
    if (!same) return Epoch{};
    if (redeems && !TRY(store::spend_code(database, record.id, *redeems, now))) return Epoch{};
    TRY(store::put_password(database, record.id, {phc, false, now}));
    TRY(store::set_person_state(database, record.id, store::PersonState::active, ""));
    return Epoch(TRY(store::raise_epoch(database, record.id)));
  });
}

}  // namespace usher::sign_in
