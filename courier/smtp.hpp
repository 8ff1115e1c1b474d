// Takes a mail to its server by SMTP, over TLS or not at all.
// It resolves names, connects and says who we are; it writes no file and reads none but
// certificates and the credential.
#pragma once

#include <chrono>
#include <string>

#include "courier/transport.hpp"

namespace usher::courier {

struct SmtpPatience {
  std::chrono::milliseconds connecting{30'000};  // until we are let in: name, TLS, login
  std::chrono::milliseconds whole{120'000};      // a server may look into a mail for a while
  std::chrono::milliseconds stopping{10'000};    // of that, once we are told to stop
  std::chrono::milliseconds farewell{2'000};     // for an answer to QUIT, when all is said
};

class Smtp final : public Transport {
 public:
  // `credentials`: the directory of systemd's credentials, empty: there is none. `told_to_stop` is
  // asked about once a second.
  Smtp(std::string credentials, bool (*told_to_stop)(), SmtpPatience patience = {})
      : credentials_(std::move(credentials)), told_to_stop_(told_to_stop), patience_(patience) {}

  Sent send(const protocol::courier::Mail& mail) override;

 private:
  std::string credentials_;
  bool (*told_to_stop_)();
  SmtpPatience patience_;
};

}  // namespace usher::courier
