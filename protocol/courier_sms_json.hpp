// A text message to JSON and back; its text goes beside the JSON, as a secret.
#pragma once

#include "protocol/courier_sms.hpp"
#include "protocol/varlink_json.hpp"

namespace usher::protocol::courier {

varlink::Json json_of(const Sms& sms);

// `digits`: the text, in hexadecimal ones. Each rule of check() holds of what it returns.
// Errc::invalid_input names the field that is not what it must be.
Result<Sms> sms_of(const varlink::Json& json, const Secret& digits);

}  // namespace usher::protocol::courier
