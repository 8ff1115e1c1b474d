// Takes a text message to its gateway by one HTTPS request. It follows no redirect, keeps no
// cookie, reads 64 KiB of an answer at most, and asks once.
#pragma once

#include <chrono>
#include <string>

#include "courier/transport.hpp"

namespace usher::courier {

struct SmsPatience {
  // Mail waits behind it: what a gateway does takes no gateway longer.
  std::chrono::milliseconds connecting{10'000};
  std::chrono::milliseconds whole{20'000};
  std::chrono::milliseconds stopping{10'000};  // of that, once we are told to stop
};

inline constexpr std::size_t kMaxSmsAnswer = 64 * std::size_t{1024};

class SmsGateway final : public SmsTransport {
 public:
  // As Smtp's.
  SmsGateway(std::string credentials, bool (*told_to_stop)(), SmsPatience patience = {})
      : credentials_(std::move(credentials)), told_to_stop_(told_to_stop), patience_(patience) {}

  Sent send(const protocol::courier::Sms& sms) override;

 private:
  std::string credentials_;
  bool (*told_to_stop_)();
  SmsPatience patience_;
};

}  // namespace usher::courier
