// A request to a gateway, out of its templates: each value escaped for where it stands, so that it
// is a value there and nothing else. Pure.
#pragma once

#include <vector>

#include "protocol/courier_sms.hpp"
#include "protocol/courier_template.hpp"

namespace usher::courier {

struct SmsRequest {
  protocol::courier::Method method;
  Secret url;
  std::vector<Secret> headers;
  Secret body;
};

// As it stands at such a place. Errc::invalid_input: it cannot stand in a header.
Result<Secret> escaped_for(protocol::courier::Place place, std::string_view value);

// Without its signature. Errc::invalid_input names the field of the message that must not be sent,
// or the header whose value is none.
Result<SmsRequest> request_of(const protocol::courier::Sms& sms, std::string_view key);

}  // namespace usher::courier
