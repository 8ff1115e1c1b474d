// How text messages leave this host: the [sms] keys of usher.toml, and the gateway's file. No
// secret: the keys are usher-courier's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/courier_sms.hpp"

namespace usher::post {

struct SmsSettings {
  // With account and sender. Without one nothing is sent; messages wait for one until they are of
  // no use any more.
  std::optional<protocol::courier::Gateway> gateway;
  std::vector<std::string> countries;  // to which they go; empty: to none

  bool is_set() const { return gateway.has_value(); }
  bool may_go_to(std::string_view number) const;
  bool operator==(const SmsSettings&) const = default;
};

// In any 24 hours.
struct SmsBudget {
  std::int64_t per_person = 5;
  std::int64_t per_day = 500;  // to everybody together, tests too
};

}  // namespace usher::post
