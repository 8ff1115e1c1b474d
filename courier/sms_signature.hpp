// How a request says that it is ours, where a gateway wants more than a log-in: one row a way.
#pragma once

#include "courier/sms_request.hpp"

namespace usher::courier {

// What the credentials of systemd hold; which of them there must be says the gateway.
struct SmsCredentials {
  Secret key;          // a token, a password, or what signs
  Secret application;  // OVH's two others
  Secret consumer;
};

// Adds the headers of the gateway's way to sign. The request is not to be changed any more.
Result<void> sign(SmsRequest& request, const protocol::courier::Sms& sms,
                  const SmsCredentials& credentials);

}  // namespace usher::courier
