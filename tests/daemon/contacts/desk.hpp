// A person with contacts, codes and mails, without a sign-in: the store in memory, the clock turned
// by hand.
#pragma once

#include <gtest/gtest.h>

#include <regex>

#include "daemon/contacts/confirmation.hpp"
#include "daemon/contacts/usable.hpp"
#include "daemon/crypto/sodium.hpp"
#include "daemon/post/outgoing_sms.hpp"
#include "daemon/store/organisations.hpp"
#include "tests/daemon/store/fixture.hpp"
#include "tests/fakes/clock.hpp"
#include "tests/fakes/entropy.hpp"

namespace usher::contacts {

using namespace std::chrono_literals;
using store::ContactKind;
using store::ContactRecord;
using store::ContactSource;

inline ContactKind kind_of_value(std::string_view value) {
  return value.starts_with('+') ? ContactKind::mobile : ContactKind::mail;
}

class Desk : public store::Tables {
 protected:
  Desk() {
    const auto key = crypto::LockedKey::copy(std::string(crypto::kKeyBytes, 'k')).release_value();
    sealer_.emplace(crypto::Sealer::from_master(key).release_value());
    config_ = daemon::parse_config(
                  "mail.from = \"no-reply@acme.example\"\nmail.server = \"mx.acme.example\"\n"
                  "sms.countries = [\"FR\"]\nsms.gateway = \"twilio\"\n"
                  "sms.per_person = 100\nsms.per_day = 100000\n",
                  "t")
                  .release_value();
    sms_.countries = {"FR"};
    protocol::courier::Gateway& gateway = sms_.gateway.emplace();
    gateway.url = "https://sms.acme.example/?to={to}&text={text}";
    gateway.statuses = {200};
  }

  notices::Means means() { return {config_, *sealer_, entropy_, clock_, letterhead_, &sms_}; }
  ports::Instant now() { return clock_.now(); }

  store::ContactId enter(const std::string& address, ContactSource source = ContactSource::admin) {
    return store::add_contact(database_,
                              {.person = ada_.id,
                               .kind = kind_of_value(address),
                               .value = address,
                               .source = source},
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
    return send_code(database_, means(), ada_, {kind_of_value(address), address, replaces},
                     {"sshd", "192.0.2.7"}, now())
        .release_value();
  }
  Taken take(std::string_view typed, Proof proof = Proof::password,
             ContactKind kind = ContactKind::mail) {
    return take_code(database_, means(), ada_, kind, typed, proof, now()).release_value().taken;
  }
  std::vector<std::string> usable() {
    std::vector<std::string> values;
    const auto contacts = usable_contacts(database_, ada_.id, now());
    for (const ContactRecord& contact : *contacts) values.push_back(contact.value);
    return values;
  }
  std::optional<ContactRecord> at(std::string_view address) {
    return store::find_contact(database_, ada_.id, kind_of_value(address), address).release_value();
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
      const bool is_mail = kind_of_value(taken.record.recipient) == ContactKind::mail;
      const auto work = is_mail ? post::work_of(taken, *sealer_, config_.mail)
                                : post::work_of(taken, *sealer_, sms_, now());
      EXPECT_TRUE(work.has_value());
      const auto* sms = std::get_if<protocol::courier::Sms>(&work->what);
      const Secret& text =
          sms != nullptr ? sms->text : std::get<protocol::courier::Mail>(work->what).text.text;
      mails.push_back({taken.record.event, taken.record.recipient, std::string(text.view())});
    }
    return mails;
  }
  // "confirm-address ada@acme.example"
  std::vector<std::string> mails() {
    std::vector<std::string> lines;
    for (const Mailed& mail : mailed()) lines.push_back(mail.event + " " + mail.to);
    return lines;
  }
  std::string code(ContactKind kind = ContactKind::mail) {
    static const std::regex digits("(?:^|\n    )([0-9]{8})(?: |\n)");
    const std::string_view event = kind == ContactKind::mail ? "confirm-address" : "confirm-number";
    std::string last;
    for (const Mailed& mail : mailed()) {
      std::smatch found;
      if (mail.event == event && std::regex_search(mail.text, found, digits)) last = found[1];
    }
    return last;
  }
  std::string wrong_code() { return code() == "00000000" ? "00000001" : "00000000"; }

  fakes::HandClock clock_{store::kNow};
  fakes::SeededEntropy entropy_;
  std::optional<crypto::Sealer> sealer_;
  daemon::Config config_;
  post::SmsSettings sms_;
  letters::Letterhead letterhead_{letters::Templates::built_in().release_value(), "calculon"};
  store::PersonRecord ada_ = add("ada");
};

}  // namespace usher::contacts
