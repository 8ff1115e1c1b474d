// What a gateway's answer is about: this very message, or us. What is about us would be said of
// every message, and is mended in the settings or with the provider: no message may die of it.
// Where a gateway does not say, it is taken to be about us. Pure.
#pragma once

#include <span>
#include <string_view>

#include "courier/transport.hpp"

namespace usher::courier {

struct SmsAnswer {
  int status = 0;  // of HTTP
  std::string_view body;
  std::chrono::seconds wait{0};  // Retry-After
};

// `secrets`: what is starred out of what the gateway says.
Sent outcome_of(const protocol::courier::Gateway& gateway, const SmsAnswer& answer,
                std::span<const std::string_view> secrets);

}  // namespace usher::courier
