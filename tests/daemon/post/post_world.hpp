// A post office over a real store, with a clock that is turned by hand.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <condition_variable>

#include "daemon/crypto/sodium.hpp"
#include "daemon/post/post.hpp"
#include "tests/fakes/clock.hpp"
#include "tests/fakes/entropy.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::post {

using namespace std::chrono_literals;
using namespace protocol::courier;

inline constexpr ports::Instant kNow{std::chrono::milliseconds(1'763'800'000'000)};

inline MailText mail_text(std::string_view text = "Your code is 90417265.\n") {
  MailText mail;
  mail.subject = Secret::copy("Your code").release_value();
  mail.text = Secret::copy(text).release_value();
  mail.html = Secret::copy("<p>Your code</p>\n").release_value();
  return mail;
}

// Before a test that waits for what never comes fails and says so.
inline constexpr std::chrono::minutes kPatience{2};

class PostWorld : public ::testing::Test {
 protected:
  PostWorld() {
    if (!crypto::initialise()) std::abort();
    const auto key = crypto::LockedKey::copy(std::string(crypto::kKeyBytes, 'k')).release_value();
    sealer_.emplace(crypto::Sealer::from_master(key).release_value());
    store_ =
        store::Store::open({.path = directory_ / "usher.db", .committed = [this] { committed(); }})
            .release_value();
    post_.emplace(PostParts{*store_, *sealer_, entropy_, clock_, bell_,
                            [this] {
                              return PostSettings{settings_, sms_};
                            },
                            [this](store::Service, const std::optional<Trouble>& trouble) {
                              const std::lock_guard lock(mutex_);
                              told_.push_back(trouble);
                              changed_.notify_all();
                            },
                            true, [this] { decided(); }});
    settings_.server.host = "mail.acme.example";
    settings_.from = "no-reply@acme.example";
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    ours_.reset(ends[0]);
    theirs_.reset(ends[1]);
  }

  std::string queue(std::string_view to = "ada@acme.example",
                    std::chrono::milliseconds useful_for = 24h) {
    const MailText text = mail_text();
    return store_
        ->write([&](store::Database& database) {
          return queue_mail(database, {*sealer_, entropy_},
                            {.event = "test", .to = to, .text = text, .useful_for = useful_for},
                            clock_.now());
        })
        .release_value();
  }
  // A gateway that takes text messages to France.
  void set_gateway() {
    sms_.countries = {"FR"};
    Gateway& gateway = sms_.gateway.emplace();
    gateway.url = "https://sms.acme.example/?to={to}&text={text}";
    gateway.statuses = {200};
  }
  Result<std::string> try_to_queue_sms(std::string_view to = "+33612345678",
                                       std::optional<store::PersonId> person = {},
                                       store::Urgency urgency = store::Urgency::none) {
    const Secret text = Secret::copy("Your code is 90417265.").release_value();
    return store_->write([&](store::Database& database) {
      return queue_sms(database, {*sealer_, entropy_},
                       {.person = person,
                        .event = "test",
                        .to = to,
                        .text = text,
                        .useful_for = 24h,
                        .urgency = urgency},
                       sms_, budget_, clock_.now());
    });
  }
  std::string queue_text() { return try_to_queue_sms().release_value(); }
  std::optional<Work> take(std::chrono::milliseconds patience = 0ms) {
    return post_->take(ours_.get(), protocol::Deadline::after(patience)).release_value();
  }
  Result<void> report(const std::string& id, Outcome outcome, Cause cause = Cause::none,
                      std::string detail = "250 2.0.0 queued") {
    return post_->report({id, outcome, cause, std::move(detail)});
  }
  store::MessageRecord message(const std::string& id) {
    return *store_
                ->read([&](store::Database& database) { return store::find_message(database, id); })
                .release_value();
  }
  bool has_text(std::string_view id) {
    return store_
        ->read([&](store::Database& database) -> Result<bool> {
          auto query = TRY(database.query("SELECT sealed IS NOT NULL FROM outbox WHERE uuid = ?"));
          query.bind(id);
          return TRY(query.next()) && query.integer(0) == 1;
        })
        .release_value();
  }
  // Waits until that many messages are in that state.
  void await(store::MessageState state, std::int64_t count) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, kPatience, [&] { return count_of(state) >= count; }))
        << "queued " << count_of(store::MessageState::queued) << ", sent "
        << count_of(store::MessageState::sent) << ", dead " << count_of(store::MessageState::dead);
  }
  std::int64_t count_of(store::MessageState state) {
    return store_
        ->read([&](store::Database& database) {
          return store::count_messages(database, store::Service::mail, state);
        })
        .release_value();
  }
  template <typename Work>
  void write(Work work) {
    ASSERT_TRUE(store_->write(work));
  }

  void decided() {
    const std::lock_guard lock(mutex_);
    ++decisions_;
    changed_.notify_all();
  }
  void committed() {
    bell_.ring();
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;  // something was committed, or told
  fakes::TemporaryDirectory directory_;
  os::Bell bell_ = os::Bell::create().release_value();
  fakes::HandClock clock_{kNow};
  fakes::SeededEntropy entropy_;
  std::optional<crypto::Sealer> sealer_;
  std::unique_ptr<store::Store> store_;
  MailSettings settings_;
  SmsSettings sms_;
  SmsBudget budget_;
  std::vector<std::optional<Trouble>> told_;
  int decisions_ = 0;
  UniqueFd ours_, theirs_;
  std::optional<Post> post_;
};

}  // namespace usher::post
