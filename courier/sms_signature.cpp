// The time is when usherd offered the message: both run on one machine, by one clock.
#include "courier/sms_signature.hpp"

#include <string>

#include "courier/digest.hpp"

namespace usher::courier {
namespace {

using protocol::courier::Signature;
using protocol::courier::Sms;

std::string_view method_of(const SmsRequest& request) {
  return protocol::courier::kMethods[static_cast<std::size_t>(request.method)];
}

Result<void> add(SmsRequest& request, std::string_view name, std::string_view value) {
  request.headers.push_back(TRY(Secret::join({name, ": ", value})));
  return {};
}

Result<void> no_signature(SmsRequest& /*request*/, const Sms& /*sms*/,
                          const SmsCredentials& /*credentials*/) {
  return {};
}

// Ours, for gateways that an organisation runs itself. Method and address are in it: what was
// signed for one place is worth nothing at another.
Result<void> by_hmac(SmsRequest& request, const Sms& sms, const SmsCredentials& credentials) {
  const std::string time = std::to_string(sms.date);
  const Secret signed_text = TRY(Secret::join(
      {time, "\n", method_of(request), "\n", request.url.view(), "\n", request.body.view()}));
  const Secret digits = TRY(hmac_sha256(credentials.key.view(), signed_text.view()));
  TRY(add(request, "X-Usher-Timestamp", time));
  return add(request, "X-Usher-Signature", digits.view());
}

// https://help.ovhcloud.com "First steps with the OVHcloud APIs": "$1$" and SHA-1 of the secret,
// the consumer key, method, address, body and time, joined by plus signs.
Result<void> by_ovh(SmsRequest& request, const Sms& sms, const SmsCredentials& credentials) {
  const std::string time = std::to_string(sms.date);
  const Secret signed_text = TRY(Secret::join(
      {credentials.key.view(), "+", credentials.consumer.view(), "+", method_of(request), "+",
       request.url.view(), "+", request.body.view(), "+", time}));
  const Secret digits = TRY(sha1(signed_text.view()));
  const Secret signature = TRY(Secret::join({"$1$", digits.view()}));
  TRY(add(request, "X-Ovh-Application", credentials.application.view()));
  TRY(add(request, "X-Ovh-Consumer", credentials.consumer.view()));
  TRY(add(request, "X-Ovh-Timestamp", time));
  return add(request, "X-Ovh-Signature", signature.view());
}

// In the order of the enum.
constexpr Result<void> (*kSignatures[])(SmsRequest& request, const Sms& sms,
                                        const SmsCredentials& credentials) = {no_signature, by_hmac,
                                                                              by_ovh};
static_assert(std::size(kSignatures) == static_cast<std::size_t>(Signature::ovh) + 1);

}  // namespace

Result<void> sign(SmsRequest& request, const Sms& sms, const SmsCredentials& credentials) {
  return kSignatures[static_cast<std::size_t>(sms.gateway.signature)](request, sms, credentials);
}

}  // namespace usher::courier
