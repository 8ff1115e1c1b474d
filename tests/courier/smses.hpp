// A text message to send, right in every field, for tests to change one of them.
#pragma once

#include "tests/courier/mails.hpp"

namespace usher::courier {

inline protocol::courier::Gateway gateway() {
  protocol::courier::Gateway gateway;
  gateway.url = "https://sms.acme.example/send";
  gateway.headers = {"X-Reference: {id}"};
  gateway.form = protocol::courier::BodyForm::json;
  gateway.body = R"({"to":"{to}","from":"{from}","text":"{text}"})";
  gateway.statuses = {200, 202};
  gateway.sent = {"/id", {}};
  gateway.bad_number = {"/error", {"bad_number", "404"}};
  gateway.account = "acme";
  gateway.from = "Acme";
  return gateway;
}

inline protocol::courier::Sms sms() {
  protocol::courier::Sms sms;
  sms.gateway = gateway();
  sms.to = "+33612345678";
  sms.reference = kId;
  sms.date = 1'763'800'000;
  sms.text = secret("Your code is 90417265.");
  return sms;
}

}  // namespace usher::courier
