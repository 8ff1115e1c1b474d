// One message, one request. The library speaks HTTP; what is said is sms_request's and
// sms_signature's, what the answer means sms_answer's.
#include "courier/sms.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "courier/credential.hpp"
#include "courier/curl.hpp"
#include "courier/mime.hpp"
#include "courier/server_reply.hpp"
#include "courier/sms_answer.hpp"
#include "courier/sms_request.hpp"
#include "courier/sms_signature.hpp"

namespace usher::courier {
namespace {

using protocol::courier::Cause;
using protocol::courier::Gateway;
using protocol::courier::GatewayLogin;
using protocol::courier::Method;
using protocol::courier::Outcome;
using protocol::courier::Place;
using protocol::courier::Placeholder;
using protocol::courier::Signature;
using protocol::courier::Sms;

// --- What happens on the connection. The library is C: nothing may be thrown through it ---

struct Watch {
  Secret room;  // for the answer
  std::size_t used = 0;
  bool is_full = false;
  Stop stop;
  ErrorWords words;
};

// Less than was offered ends it.
std::size_t hear(char* bytes, std::size_t unit, std::size_t count, void* watched) noexcept {
  auto& watch = *static_cast<Watch*>(watched);
  const std::size_t size = unit * count;
  const std::size_t fits = std::min(size, watch.room.size() - watch.used);
  std::memcpy(watch.room.writable().data() + watch.used, bytes, fits);
  watch.used += fits;
  watch.is_full = fits < size;
  return fits;
}

// Nonzero ends it.
int go_on(void* watched, curl_off_t /*in_all*/, curl_off_t /*in*/, curl_off_t /*out_all*/,
          curl_off_t /*out*/) noexcept {
  auto& watch = *static_cast<Watch*>(watched);
  watch.stop.look();
  return watch.stop.is_over() ? 1 : 0;
}

// --- Who we are ---

bool wants_key(const Gateway& gateway) {
  const auto has_it = [](const std::string& text) { return uses(text, Placeholder::key); };
  return gateway.login != GatewayLogin::none || gateway.signature != Signature::none ||
         has_it(gateway.body) ||
         std::any_of(gateway.headers.begin(), gateway.headers.end(), has_it);
}

Result<SmsCredentials> credentials_for(const Gateway& gateway, const std::string& directory) {
  SmsCredentials credentials;
  if (wants_key(gateway)) credentials.key = TRY(read_credential(directory, kSmsKeyFile));
  if (gateway.signature == Signature::ovh) {
    credentials.application = TRY(read_credential(directory, kSmsApplicationFile));
    credentials.consumer = TRY(read_credential(directory, kSmsConsumerFile));
    // They stand in headers as they are.
    TRY(escaped_for(Place::header, credentials.application.view()));
    TRY(escaped_for(Place::header, credentials.consumer.view()));
  }
  return credentials;
}

// What a gateway could repeat of what we told it: as it is, and how it was said.
struct Told {
  std::vector<Secret> forms;

  static Result<Told> of(const Sms& sms, const SmsCredentials& credentials) {
    Told told;
    const auto add = [&](std::string_view text) -> Result<void> {
      if (text.empty()) return {};
      told.forms.push_back(TRY(Secret::copy(text)));
      told.forms.push_back(TRY(escaped_for(Place::json, text)));
      told.forms.push_back(TRY(escaped_for(Place::form, text)));
      return {};
    };
    for (const Secret* secret :
         {&credentials.key, &credentials.application, &credentials.consumer, &sms.text}) {
      TRY(add(secret->view()));
    }
    // With its plus, and as gateways repeat it without.
    TRY(add(sms.to));
    TRY(add(std::string_view(sms.to).substr(sms.to.starts_with('+') ? 1 : 0)));
    if (credentials.key.empty()) return told;
    const Secret plain = TRY(Secret::join({sms.gateway.account, ":", credentials.key.view()}));
    told.forms.push_back(TRY(base64(plain.view())));
    return told;
  }
  std::vector<std::string_view> views() const {
    std::vector<std::string_view> views;
    for (const Secret& form : forms) views.push_back(form.view());
    return views;
  }
};

// --- What is asked of the library ---

void say(Options& options, const SmsRequest& request, curl_slist* headers) {
  options.set(CURLOPT_URL, request.url.view().data());
  options.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  options.set(CURLOPT_PATH_AS_IS, 1L);  // what was signed is what is asked for
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_HTTPHEADER, headers);
  if (request.method == Method::get) {
    options.set(CURLOPT_HTTPGET, 1L);
    return;
  }
  // The library does not copy it.
  options.set(CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.view().data());
  options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  if (request.method == Method::put) options.set(CURLOPT_CUSTOMREQUEST, "PUT");
}

void log_in(Options& options, const Gateway& gateway, const Secret& key) {
  if (gateway.login == GatewayLogin::none) return;
  options.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  options.set(CURLOPT_USERNAME, gateway.account);
  options.set(CURLOPT_PASSWORD, key.view().data());
}

void listen_to(Options& options, Watch& watch) {
  options.set(CURLOPT_WRITEFUNCTION, hear);
  options.set(CURLOPT_WRITEDATA, &watch);
  options.set(CURLOPT_NOPROGRESS, 0L);
  options.set(CURLOPT_XFERINFOFUNCTION, go_on);
  options.set(CURLOPT_XFERINFODATA, &watch);
  watch.words.listen(options);
}

// --- What became of it ---

Sent service_down(Cause cause, std::string_view detail) {
  return {Outcome::service_down, cause, reportable(detail, {})};
}

Sent unanswered(CURLcode code, CURL* handle, const std::string& words) {
  long said = 0;  // bytes
  (void)curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &said);
  const Cause cause = cause_of(code, handle);
  if (said == 0 || cause == Cause::stopping) return {Outcome::service_down, cause, words};
  return {Outcome::later, Cause::unclear, words};
}

Sent heard(const Watch& watch, CURLcode code, CURL* handle, const Gateway& gateway,
           const Told& told) {
  const std::vector<std::string_view> secrets = told.views();
  const bool is_answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && watch.is_full);
  if (!is_answered) return unanswered(code, handle, reportable(watch.words.of(code), secrets));
  long status = 0;
  curl_off_t wait = 0;
  (void)curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  (void)curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &wait);
  return outcome_of(gateway,
                    {.status = static_cast<int>(status),
                     .body = watch.room.view().substr(0, watch.used),
                     .wait = std::chrono::seconds(
                         std::clamp<curl_off_t>(wait, 0, protocol::courier::kMaxWait.count()))},
                    secrets);
}

// An Error: of our own, before the gateway was asked.
Result<Sent> deliver(const Sms& sms, const SmsCredentials& credentials, SmsRequest& request,
                     Watch& watch, const SmsPatience& patience) {
  TRY(sign(request, sms, credentials));
  // No question whether it may say the body: it is short.
  request.headers.push_back(TRY(Secret::copy("Expect:")));
  request.headers.push_back(TRY(Secret::copy("Accept: application/json")));
  const Handle handle(curl_easy_init());
  if (!handle) return Error(Errc::exhausted, "out of memory for a request");
  const List headers = TRY(list_of(request.headers));
  const Told told = TRY(Told::of(sms, credentials));
  watch.room = TRY(Secret::zeroed(kMaxSmsAnswer));

  Options options(handle.get());
  say(options, request, headers.get());
  only_over(options, "https", sms.gateway.ca_file);
  log_in(options, sms.gateway, credentials.key);
  no_longer_than(options, patience.connecting, patience.whole);
  listen_to(options, watch);
  if (options.result() != CURLE_OK) {
    return Error(Errc::internal, curl_easy_strerror(options.result()));
  }
  const CURLcode code = curl_easy_perform(handle.get());
  return heard(watch, code, handle.get(), sms.gateway, told);
}

}  // namespace

Sent SmsGateway::send(const Sms& sms) {
  // The last look before a gateway hears of it.
  if (const auto checked = check(sms); !checked) {
    return {Outcome::refused, Cause::not_sendable, reportable(checked.error().text(), {})};
  }
  const auto credentials = credentials_for(sms.gateway, credentials_);
  if (!credentials) return service_down(Cause::no_password, credentials.error().text());
  auto request = request_of(sms, credentials->key.view());
  // All of the message was looked at: it is the key that cannot stand where it is to.
  if (!request) return service_down(Cause::no_password, request.error().text());
  Watch watch;
  watch.stop = {told_to_stop_, patience_.stopping, {}};
  auto sent = deliver(sms, *credentials, *request, watch, patience_);
  if (!sent) return service_down(Cause::internal, sent.error().text());
  return sent.release_value();
}

}  // namespace usher::courier
