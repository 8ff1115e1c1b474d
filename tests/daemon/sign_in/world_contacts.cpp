// The world's contacts: how people come by them, what is mailed, and where a code could go.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "daemon/contacts/usable.hpp"
#include "daemon/forgotten/decide.hpp"
#include "daemon/post/outgoing_sms.hpp"
#include "daemon/store/contacts.hpp"
#include "daemon/store/news.hpp"
#include "tests/daemon/sign_in/world.hpp"
#include "tests/daemon/store/doubt.hpp"

namespace usher::sign_in {
namespace {

store::ContactKind kind_of(const std::string& contact) {
  return contact.starts_with('+') ? store::ContactKind::mobile : store::ContactKind::mail;
}

}  // namespace

void World::give_mail_server() {
  mail_leaves_ = daemon::Leaves::yes;
  if (config_.mail.is_set()) return;
  set("mail.from = \"no-reply@acme.example\"");
  set("mail.server = \"mx.acme.example\"");
}

void World::give_gateway() {
  sms_trouble_.reset();
  if (sms_.is_set()) return;
  set("sms.countries = [\"FR\"]");
  set("sms.gateway = \"twilio\"");
  sms_.countries = config_.sms.countries;
  protocol::courier::Gateway& gateway = sms_.gateway.emplace();
  gateway.method = protocol::courier::Method::get;
  gateway.url = "https://sms.acme.example/?to={to}&text={text}";
  gateway.statuses = {200};
}

void World::lose_gateway() {
  sms_trouble_ = post::Trouble{protocol::courier::Cause::no_connection, "refused", clock.now()};
}

void World::invite(const std::string& name, const std::string& address) {
  administer("InviteUser", {{"name", name}, {"mail", address}});
}

void World::give_contact(const std::string& name, const std::string& kind,
                         const std::string& value) {
  administer("AddContact", {{"name", name}, {"kind", kind}, {"value", value}});
}

void World::remove_contact(const std::string& name, const std::string& value) {
  administer("RemoveContact", {{"name", name}, {"value", value}});
}

void World::confirm_contact(const std::string& name, const std::string& address) {
  const store::PersonId id = person(name).id;
  const store::ContactKind kind = kind_of(address);
  ASSERT_TRUE(store_->write([&](store::Database& database) -> Result<void> {
    const auto contact = TRY(store::add_contact(
        database,
        {.person = id, .kind = kind, .value = address, .source = store::ContactSource::admin},
        clock.now()));
    TRY(store::confirm_contact(database, contact, clock.now(), clock.now()));
    return {};
  }));
}

void World::doubt_contact(const std::string& name, const std::string& address) {
  const store::PersonId id = person(name).id;
  ASSERT_TRUE(store_->write([&](store::Database& database) -> Result<void> {
    const auto contact = TRY(store::find_contact(database, id, kind_of(address), address));
    if (!contact) return Error(Errc::not_found, "no such contact");
    TRY(store::doubt_contact(database, contact->id, clock.now()));
    return {};
  }));
}

std::vector<std::string> World::usable_contacts(std::string_view name) {
  const auto id = person(name).id;
  const auto usable = store_->read([&](store::Database& database) {
    return contacts::usable_contacts(database, id, clock.now());
  });
  std::vector<std::string> values;
  for (const auto& contact : *usable) values.push_back(contact.value);
  return values;
}

std::int64_t World::last_mail() {
  const auto newest =
      store_->read([](store::Database& database) { return store::list_messages(database, {}, 1); });
  return newest->empty() ? 0 : static_cast<std::int64_t>(newest->front().id);
}

std::vector<std::string> World::mails_after(std::int64_t sequence) {
  const auto all = store_->read(
      [](store::Database& database) { return store::list_messages(database, {}, 100); });
  std::vector<std::string> mails;
  for (const auto& message : *all) {
    if (static_cast<std::int64_t>(message.id) <= sequence) break;
    mails.push_back(message.event + " " + message.recipient);
  }
  std::reverse(mails.begin(), mails.end());
  return mails;
}

// As usher-courier would get it.
std::string World::mailed_text(const char* statement) {
  const auto work = store_->read([&](store::Database& database) {
    return [&]() -> Result<std::optional<protocol::courier::Work>> {
      store::Query query = TRY(database.query(statement));
      if (!TRY(query.next())) return std::optional<protocol::courier::Work>();
      store::TakenMessage taken;
      taken.record.uuid = query.text(0);
      taken.record.event = query.text(1);
      taken.record.recipient = query.text(2);
      taken.record.queued_at = ports::Instant(std::chrono::milliseconds(query.integer(3)));
      taken.sealed = query.text(4);
      if (!taken.record.recipient.starts_with('+')) {
        return std::optional(TRY(post::work_of(taken, *sealer_, config_.mail)));
      }
      return std::optional(TRY(post::work_of(taken, *sealer_, sms_, clock.now())));
    }();
  });
  EXPECT_TRUE(work.has_value()) << work.error().text();
  if (!work || !*work) return "";
  const auto* sms = std::get_if<protocol::courier::Sms>(&(*work)->what);
  if (sms != nullptr) return std::string(sms->text.view());
  return std::string(std::get<protocol::courier::Mail>((*work)->what).text.text.view());
}

std::string World::mailed_code() {
  static const std::regex pattern(
      "\n    ([0-9]{8}|Code: +([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})|Passphrase: (\\S+))\n|"
      "^([0-9]{8}|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\\b");
  const std::string text = mailed_text(
      "SELECT uuid, event, recipient, queued_at, sealed FROM outbox WHERE event IN "
      "('confirm-address', 'confirm-number', 'invitation', 'reset-code', 'one-time-passphrase') "
      "ORDER BY id DESC LIMIT 1");
  std::smatch found;
  if (!std::regex_search(text, found, pattern)) return "";
  for (std::size_t group = found.size() - 1; group > 1; --group) {
    if (found[group].matched) return found[group].str();
  }
  return found[1].str();
}

std::string World::last_mail_text() {
  return mailed_text(
      "SELECT uuid, event, recipient, queued_at, sealed FROM outbox ORDER BY id DESC LIMIT 1");
}

std::string World::not_you_code() {
  static const std::regex pattern("\n    ([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\n");
  const std::string text = last_mail_text();
  std::smatch found;
  return std::regex_search(text, found, pattern) ? found[1].str() : "";
}

void World::read_news(const std::string& name) {
  const store::PersonId id = person(name).id;
  ASSERT_TRUE(
      store_->write([&](store::Database& database) { return store::delete_news(database, id); }));
}

void World::decide_forgotten() {
  const daemon::Services parts = services();
  const Result<void> decided = forgotten::decide_waiting(*store_, notices::means_of(parts));
  EXPECT_TRUE(decided) << decided.error().text();
}

void World::confirm_again(const std::string& name, const std::string& address) {
  const store::PersonId id = person(name).id;
  ASSERT_TRUE(store_->write([&](store::Database& database) -> Result<void> {
    const auto contact = TRY(store::find_contact(database, id, kind_of(address), address));
    if (!contact) return Error(Errc::not_found, "no such contact");
    TRY(store::confirm_contact(database, contact->id, clock.now(), clock.now()));
    return {};
  }));
}

std::string World::refused_campaign(const std::string& kind) {
  return refused("StartCampaign", {{"kind", kind}});
}

void World::start_campaign(const std::string& scope, const std::string& whom) {
  const std::string_view kind = scope == "numbers" ? "mobile" : "mail";
  admin::Json parameters = {{"kind", kind}};
  if (scope != "numbers" && scope != "everybody") parameters[scope] = whom;
  administer("StartCampaign", std::move(parameters));
}

void World::stop_campaign(std::int64_t campaign) {
  administer("StopCampaign", {{"campaign", campaign}});
}

}  // namespace usher::sign_in
