// Whatever happens in whatever order: no recovery or second-factor code could go to an address or a
// number that is unconfirmed, doubted or held. What may be used is worked out a second time, from
// nothing but what was done.
#include <map>
#include <random>
#include <set>

#include "daemon/contacts/never_counted.hpp"
#include "daemon/store/campaigns.hpp"
#include "tests/daemon/contacts/desk.hpp"

namespace usher::contacts {
namespace {

// What is known of an address without looking at the store.
struct Remembered {
  bool by_staff = false;
  bool proven = false;
  ports::Instant from{};
};

class History : public Desk {
 public:
  explicit History() : random_(20261123) {
    EXPECT_TRUE(store::set_person_state(database_, ada_.id, store::PersonState::active, ""));
  }

  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  std::string address() { return std::string(1, static_cast<char>('a' + pick(4))) + "@x.example"; }
  std::string number() { return "+3361234567" + std::to_string(pick(4)); }
  std::string contact() { return pick(2) == 0 ? address() : number(); }
  Proof proof() { return static_cast<Proof>(pick(3)); }
  bool has(const std::string& address) const { return remembered_.count(address) != 0; }

  void staff_enters() {
    const std::string value = contact();
    const bool entered =
        store::add_contact(database_,
                           {.person = ada_.id, .kind = kind_of_value(value), .value = value}, now())
            .has_value();
    EXPECT_EQ(entered, !has(value));
    if (entered) remembered_[value].by_staff = true;
  }
  void staff_removes() {
    const std::string value = contact();
    const auto contact = at(value);
    ASSERT_EQ(contact.has_value(), has(value));
    if (!contact) return;
    ASSERT_TRUE(*store::delete_contact(database_, contact->id));
    forget(value);
  }
  void a_campaign_starts() {
    const ContactKind kind = pick(2) == 0 ? ContactKind::mail : ContactKind::mobile;
    if (doubts_.size() == 3) return;
    auto& doubted = doubts_[*store::start_campaign(database_, {.kind = kind}, now())];
    for (const auto& [value, known] : remembered_) {
      if (known.proven && kind_of_value(value) == kind) doubted.insert(value);
    }
  }
  void a_campaign_stops() {
    if (doubts_.empty()) return;
    const auto which = std::next(doubts_.begin(), pick(static_cast<unsigned>(doubts_.size())));
    ASSERT_TRUE(*store::stop_campaign(database_, which->first, now()));
    doubts_.erase(which);
  }
  void forget(const std::string& value) {
    remembered_.erase(value);
    no_doubt_of(value);
  }
  void no_doubt_of(const std::string& value) {
    for (auto& [campaign, doubted] : doubts_) doubted.erase(value);
  }
  bool is_doubted(const std::string& value) const {
    return std::any_of(doubts_.begin(), doubts_.end(),
                       [&](const auto& one) { return one.second.count(value) != 0; });
  }
  template <typename Which>
  void forget_those(Which which) {
    std::vector<std::string> gone;
    for (const auto& [value, known] : remembered_) {
      if (which(known)) gone.push_back(value);
    }
    for (const std::string& value : gone) forget(value);
  }
  void she_objects() {
    ASSERT_OK(delete_never_counted(database_, ada_.id, now()));
    forget_those([&](const Remembered& known) { return !known.proven || known.from > now(); });
    for (auto& [kind, sent] : sent_) sent.code.clear();
  }
  void she_chooses_a_password() {
    const bool none = usable().empty();
    ASSERT_OK(delete_held(database_, means(), ada_, now()));
    if (none) return;
    forget_those([&](const Remembered& known) {
      return known.proven && !known.by_staff && known.from > now();
    });
  }
  void a_code_is_sent() {
    const std::string value = contact();
    const ContactKind kind = kind_of_value(value);
    const std::string other = kind == ContactKind::mail ? address() : number();
    const bool replaces = pick(3) == 0 && has(other) && other != value;
    std::optional<store::ContactId> replaced;
    if (replaces) replaced = at(other)->id;
    if (send(value, replaced) != Sending::sent) return;
    sent_[kind] = {value, replaces ? other : "", code(kind)};
    // Nothing that was sent is kept for long, or the search for the last one would take for ever.
    ASSERT_OK(database_.execute("DELETE FROM outbox WHERE id < (SELECT max(id) FROM outbox) - 8"));
  }
  void a_code_is_typed() {
    const Proof shown = proof();
    const ContactKind kind = pick(2) == 0 ? ContactKind::mail : ContactKind::mobile;
    Sent& sent = sent_[kind];
    const bool right = pick(3) != 0 && !sent.code.empty();
    const Taken taken = take(right ? sent.code : "1", shown, kind);
    if (taken != Taken::confirmed) return;
    ASSERT_TRUE(right) << "confirmed by what was never sent";
    const bool over_a_confirmed_one =
        !sent.replaced.empty() && has(sent.replaced) && remembered_[sent.replaced].proven;
    EXPECT_FALSE(over_a_confirmed_one && shown == Proof::password);
    if (!sent.replaced.empty()) forget(sent.replaced);
    Remembered& known = remembered_[sent.to];
    const bool at_once = known.by_staff || shown == Proof::second_factor;
    if (!known.proven) known.from = at_once ? now() : now() + 24h;
    known.proven = true;
    no_doubt_of(sent.to);
    sent.code.clear();
  }
  void time_goes_by() {
    const std::chrono::milliseconds spans[] = {30s, 61s, 5min, 11min, 1h, 25h};
    clock_.turn(spans[pick(6)]);
  }
  void compare() {
    std::vector<std::string> wanted;
    for (const auto& [value, known] : remembered_) {
      if (known.proven && !is_doubted(value) && known.from <= now()) wanted.push_back(value);
    }
    std::vector<std::string> found = usable();
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, wanted);
    seen_ += found.size();
    kept_back_ += remembered_.size() - found.size();
  }

  std::mt19937 random_;
  std::map<std::string, Remembered> remembered_;
  std::map<store::CampaignId, std::set<std::string>> doubts_;  // of those that run
  struct Sent {
    std::string to, replaced, code;
  };
  std::map<ContactKind, Sent> sent_;
  std::size_t seen_ = 0, kept_back_ = 0;
};

TEST_F(History, S9_NoUnconfirmedDoubtedOrHeldContactEverComesOut) {
  using Deed = void (History::*)();
  const Deed deeds[] = {
      &History::staff_enters,     &History::staff_removes,   &History::a_campaign_starts,
      &History::a_campaign_stops, &History::a_code_is_sent,  &History::a_code_is_sent,
      &History::a_code_is_typed,  &History::a_code_is_typed, &History::a_code_is_typed,
      &History::time_goes_by,     &History::time_goes_by};
  for (int step = 0; step < 6'000 && !HasFailure(); ++step) {
    (this->*deeds[pick(11)])();
    if (pick(100) == 0) she_objects();
    if (pick(100) == 0) she_chooses_a_password();
    if (pick(200) == 0) {
      ada_.epoch = *store::raise_epoch(database_, ada_.id);
      for (auto& [kind, sent] : sent_) sent.code.clear();
    }
    compare();
  }
  // The histories had both kinds, or they proved nothing.
  EXPECT_GT(seen_, 1'000U);
  EXPECT_GT(kept_back_, 1'000U);
}

}  // namespace
}  // namespace usher::contacts
