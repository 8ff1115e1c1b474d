// A person with contacts, codes and mails, without a sign-in: the store in memory, the clock turned
// by hand.
#pragma once

#include <gtest/gtest.h>

#include <regex>

#include "daemon/contacts/confirmation.hpp"
#include "daemon/contacts/usable.hpp"
#include "daemon/crypto/sodium.hpp"
#include "daemon/post/outgoing.hpp"
#include "daemon/store/organisations.hpp"
#include "tests/daemon/store/fixture.hpp"
#include "tests/fakes/clock.hpp"
#include "tests/fakes/entropy.hpp"

namespace usher::contacts {

using namespace std::chrono_literals;
using store::ContactKind;
using store::ContactRecord;
using store::ContactSource;

class Desk : public store::Tables {
 protected:
  Desk() {
    const auto key = crypto::LockedKey::copy(std::string(crypto::kKeyBytes, 'k')).release_value();
    sealer_.emplace(crypto::Sealer::from_master(key).release_value());
    config_ = daemon::parse_config(
                  "mail.from = \"no-reply@acme.example\"\nmail.server = \"mx.acme.example\"\n", "t")
                  .release_value();
  }

  notices::Means means() { return {config_, *sealer_, entropy_, clock_, letterhead_}; }
  ports::Instant now() { return clock_.now(); }

  store::ContactId enter(const std::string& address, ContactSource source = ContactSource::admin) {
    return store::add_contact(database_, {.person = ada_.id, .value = address, .source = source},
                              now())
        .release_value();
  }
  // As if it had been so for long.
  store::ContactId confirmed(const std::string& address) {
    const auto id = enter(address);
    EXPECT_TRUE(*store::confirm_contact(database_, id, now(), now()));
    return id;
  }
  Sending send(const std::string& address, std::optional<store::ContactId> replaces = {}) {
    return send_code(database_, means(), ada_, {ContactKind::mail, address, replaces},
                     {"sshd", "192.0.2.7"}, now())
        .release_value();
  }
  Taken take(std::string_view typed, Proof proof = Proof::password) {
    return take_code(database_, means(), ada_, ContactKind::mail, typed, proof, now())
        .release_value()
        .taken;
  }
  std::vector<std::string> usable() {
    std::vector<std::string> values;
    const auto contacts = usable_contacts(database_, ada_.id, now());
    for (const ContactRecord& contact : *contacts) values.push_back(contact.value);
    return values;
  }
  std::optional<ContactRecord> at(std::string_view address) {
    return store::find_contact(database_, ada_.id, ContactKind::mail, address).release_value();
  }

  struct Mailed {
    std::string event, to, text;
  };
  // Oldest first, as usher-courier would get them.
  std::vector<Mailed> mailed() {
    std::vector<Mailed> mails;
    auto query = database_.query(
        "SELECT uuid, event, recipient, queued_at, sealed FROM outbox "
        "ORDER BY id");
    while (query->next().release_value()) {
      store::TakenMessage taken;
      taken.record.uuid = query->text(0);
      taken.record.event = query->text(1);
      taken.record.recipient = query->text(2);
      taken.record.queued_at = ports::Instant(std::chrono::milliseconds(query->integer(3)));
      taken.sealed = query->text(4);
      const auto work = post::work_of(taken, *sealer_, config_.mail);
      EXPECT_TRUE(work.has_value());
      const auto& mail = std::get<protocol::courier::Mail>(work->what);
      mails.push_back({taken.record.event, mail.to, std::string(mail.text.text.view())});
    }
    return mails;
  }
  // "confirm-address ada@acme.example"
  std::vector<std::string> mails() {
    std::vector<std::string> lines;
    for (const Mailed& mail : mailed()) lines.push_back(mail.event + " " + mail.to);
    return lines;
  }
  std::string code() {
    static const std::regex digits("\n    ([0-9]{8})\n");
    std::string last;
    for (const Mailed& mail : mailed()) {
      std::smatch found;
      if (mail.event == "confirm-address" && std::regex_search(mail.text, found, digits)) {
        last = found[1];
      }
    }
    return last;
  }
  std::string wrong_code() { return code() == "00000000" ? "00000001" : "00000000"; }

  fakes::HandClock clock_{store::kNow};
  fakes::SeededEntropy entropy_;
  std::optional<crypto::Sealer> sealer_;
  daemon::Config config_;
  letters::Letterhead letterhead_{letters::Templates::built_in().release_value(), "calculon"};
  store::PersonRecord ada_ = add("ada");
};

}  // namespace usher::contacts
