// usherd's side of the courier's socket, as short as the contract allows: offers the messages it
// was given, again those of which it heard nothing, and remembers the reports.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "protocol/varlink_connection.hpp"
#include "tests/courier/mails.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::courier {

class FakeUsherd {
 public:
  using MakeMail = std::function<protocol::courier::What()>;

  FakeUsherd() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket().c_str(), sizeof address.sun_path - 1);
    listening_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(listening_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listening_.get(), 8) != 0) {
      std::abort();
    }
    thread_ = std::thread([this] { accept_all(); });
  }
  FakeUsherd(const FakeUsherd&) = delete;
  FakeUsherd& operator=(const FakeUsherd&) = delete;
  ~FakeUsherd() {
    (void)::shutdown(listening_.get(), SHUT_RDWR);
    {
      const std::lock_guard lock(mutex_);
      is_ending_ = true;
    }
    hang_up();
    thread_.join();
  }

  std::string socket() const { return directory_ / "courier.sock"; }

  // One more message to send; its id is returned.
  std::string offer(MakeMail make = [] { return courier::mail(); }) {
    const std::lock_guard lock(mutex_);
    std::string id = kId;
    const std::string number = std::to_string(offered_++);
    id.replace(id.size() - number.size(), number.size(), number);
    waiting_.push_back({id, std::move(make)});
    changed_.notify_all();
    return id;
  }
  // A report is taken and not answered: the connection ends instead, so many times.
  void lose_reports(int count) {
    const std::lock_guard lock(mutex_);
    lost_ = count;
  }
  // What Report is answered instead.
  void refuse_reports(Errc code, int count) {
    const std::lock_guard lock(mutex_);
    refusal_ = code;
    refused_ = count;
  }
  // The next Take is answered by these bytes.
  void answer_take(std::string bytes) {
    const std::lock_guard lock(mutex_);
    bytes_ = std::move(bytes);
    changed_.notify_all();
  }
  void hang_up() {
    const std::lock_guard lock(mutex_);
    if (connection_ >= 0) (void)::shutdown(connection_, SHUT_RDWR);
    ++hang_ups_;
    changed_.notify_all();
  }

  // Waits until so many reports have come, and returns all of them.
  std::vector<protocol::courier::Report> reports(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return reports_.size() >= count; });
    return reports_;
  }
  void await_takes(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return takes_ >= count; });
  }

 private:
  struct Offer {
    std::string id;
    MakeMail make;
  };

  void accept_all() {
    for (;;) {
      const UniqueFd accepted(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!accepted.valid()) return;
      {
        const std::lock_guard lock(mutex_);
        connection_ = accepted.get();
      }
      serve(accepted.get());
      const std::lock_guard lock(mutex_);
      connection_ = -1;
    }
  }
  void serve(int socket) {
    protocol::varlink::Connection connection(socket, protocol::varlink::kMaxFrame);
    for (;;) {
      auto frame = connection.receive(protocol::Deadline::after(std::chrono::minutes(5)));
      if (!frame || !frame->has_value()) return;
      const auto call = protocol::varlink::decode_call(**frame);
      if (!call) return;
      const auto read = protocol::courier::read_call(*call);
      const auto reply = answer(read);
      if (!reply || !connection.send(reply->view(), protocol::Deadline::after(kPatience))) return;
    }
  }
  // None: hang up.
  std::optional<Secret> answer(const protocol::courier::ReadCall& call) {
    std::unique_lock lock(mutex_);
    if (std::holds_alternative<protocol::courier::Take>(call)) return take(lock);
    const auto* report = std::get_if<protocol::courier::Report>(&call);
    if (report == nullptr) std::abort();  // what usher-courier says is understood
    reports_.push_back(*report);
    changed_.notify_all();
    if (lost_ > 0) {
      --lost_;
      return std::nullopt;
    }
    if (refused_ > 0) {
      --refused_;
      return frame_of(protocol::courier::reply_of(Error(refusal_, "a reason")));
    }
    std::erase_if(waiting_, [&](const Offer& offer) { return offer.id == report->id; });
    return frame_of(protocol::courier::reported());
  }
  std::optional<Secret> take(std::unique_lock<std::mutex>& lock) {
    ++takes_;
    changed_.notify_all();
    const int hang_ups = hang_ups_;
    // What ends may have hung up before this Take was read.
    changed_.wait(lock, [&] {
      return is_ending_ || !waiting_.empty() || !bytes_.empty() || hang_ups_ != hang_ups;
    });
    if (!bytes_.empty()) return secret(std::exchange(bytes_, {}));
    if (waiting_.empty()) return std::nullopt;
    return frame_of(
        *protocol::courier::reply_of(protocol::courier::Work{waiting_[0].id, waiting_[0].make()}));
  }
  static Secret frame_of(const protocol::varlink::Reply& reply) {
    return protocol::varlink::encode(reply).release_value();
  }

  static constexpr std::chrono::seconds kPatience{10};
  fakes::TemporaryDirectory directory_;
  UniqueFd listening_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Offer> waiting_;
  std::vector<protocol::courier::Report> reports_;
  std::string bytes_;
  Errc refusal_ = Errc::unavailable;
  bool is_ending_ = false;
  int offered_ = 0, lost_ = 0, refused_ = 0, takes_ = 0, hang_ups_ = 0, connection_ = -1;
};

}  // namespace usher::courier
