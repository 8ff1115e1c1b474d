// One mail, one connection. The library speaks SMTP; we say what it may do, listen to what the
// server says, and make an outcome of both.
#include "courier/smtp.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "courier/credential.hpp"
#include "courier/curl.hpp"
#include "courier/mime.hpp"
#include "courier/refusal.hpp"
#include "courier/server_reply.hpp"

namespace usher::courier {
namespace {

using protocol::courier::Cause;
using protocol::courier::Login;
using protocol::courier::Mail;
using protocol::courier::Outcome;
using protocol::courier::Security;
using protocol::courier::Server;

struct FreeMime {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using Mime = std::unique_ptr<curl_mime, FreeMime>;

// --- What happens on the connection, as the library tells it. It is C: nothing may be thrown
// through it ---

struct Watch {
  ServerReply reply;  // up to our farewell
  Stage stage = Stage::before;
  bool is_leaving = false;
  SmtpPatience patience{};
  Stop stop;
  ErrorWords words;
};

bool is_taken(const Watch& watch) {
  constexpr int kDone = 250;
  return watch.reply.went_ahead() && watch.reply.code() == kDone;
}

std::size_t hear(char* line, std::size_t unit, std::size_t count, void* watched) noexcept {
  auto& watch = *static_cast<Watch*>(watched);
  if (!watch.is_leaving) watch.reply.add_line({line, unit * count});
  return unit * count;
}

// Only what starts a command is looked at; passwords and texts come by here too.
int overhear(CURL* /*handle*/, curl_infotype kind, char* bytes, std::size_t size,
             void* watched) noexcept {
  struct Row {
    std::string_view command;
    Stage stage;
  };
  constexpr Row kRows[] = {
      {"MAIL FROM:", Stage::sender}, {"RCPT TO:", Stage::recipient}, {"DATA\r\n", Stage::message}};
  if (kind != CURLINFO_HEADER_OUT) return 0;
  auto& watch = *static_cast<Watch*>(watched);
  const std::string_view command(bytes, size);
  for (const Row& row : kRows) {
    if (command.starts_with(row.command)) watch.stage = row.stage;
  }
  watch.is_leaving = watch.is_leaving || command.starts_with("QUIT\r\n");
  return 0;
}

// Nonzero ends it.
int go_on(void* watched, curl_off_t /*in_all*/, curl_off_t /*in*/, curl_off_t /*out_all*/,
          curl_off_t /*out*/) noexcept {
  auto& watch = *static_cast<Watch*>(watched);
  if (is_taken(watch)) {
    watch.stop.end_after(watch.patience.farewell);
  } else {
    watch.stop.look();
  }
  return watch.stop.is_over() ? 1 : 0;
}

// --- What is asked of the library ---

// Nothing but SMTP, to the one server, over TLS that holds.
void connect_to(Options& options, const Server& server) {
  const bool at_once = server.security == Security::tls;
  const std::string scheme = at_once ? "smtps" : "smtp";
  options.set(CURLOPT_URL, scheme + "://" + server.host + ":" + std::to_string(server.port));
  only_over(options, scheme, server.ca_file);
  options.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
}

void log_in(Options& options, const Server& server, const Secret& password) {
  // In the order of the enum. The library picks no other way than the one that is named.
  constexpr const char* kWays[] = {nullptr, "AUTH=PLAIN", "AUTH=LOGIN", "AUTH=XOAUTH2"};
  if (server.login == Login::none) return;
  const bool is_token = server.login == Login::xoauth2;
  options.set(CURLOPT_LOGIN_OPTIONS, kWays[static_cast<std::size_t>(server.login)]);
  options.set(CURLOPT_USERNAME, server.user);
  options.set(is_token ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD, password.view().data());
}

void wait_at_most(Options& options, Watch& watch) {
  no_longer_than(options, watch.patience.connecting, watch.patience.whole);
  // Of each reply, the one to QUIT included, which no other limit covers; in seconds.
  const auto whole = std::chrono::ceil<std::chrono::seconds>(watch.patience.whole);
  options.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(whole.count()));
  options.set(CURLOPT_NOPROGRESS, 0L);
  options.set(CURLOPT_XFERINFOFUNCTION, go_on);
  options.set(CURLOPT_XFERINFODATA, &watch);
}

void listen_to(Options& options, Watch& watch) {
  options.set(CURLOPT_HEADERFUNCTION, hear);
  options.set(CURLOPT_HEADERDATA, &watch);
  options.set(CURLOPT_VERBOSE, 1L);  // to overhear(), nowhere else
  options.set(CURLOPT_DEBUGFUNCTION, overhear);
  options.set(CURLOPT_DEBUGDATA, &watch);
  watch.words.listen(options);
}

// The library copies the text, and wipes the copy.
Result<void> add_part(curl_mime* mime, const Secret& text, const char* type) {
  if (text.empty()) return {};
  const Secret lines = TRY(with_line_ends(text));
  curl_mimepart* part = curl_mime_addpart(mime);
  const bool is_added = part != nullptr && curl_mime_type(part, type) == CURLE_OK &&
                        curl_mime_encoder(part, "quoted-printable") == CURLE_OK &&
                        curl_mime_data(part, lines.view().data(), lines.size()) == CURLE_OK;
  if (!is_added) return Error(Errc::exhausted, "out of memory for a mail");
  return {};
}

// A reader shows the last part it knows (RFC 2046 section 5.1.4).
Result<Mime> parts_of(CURL* handle, const Mail& mail) {
  Mime mime(curl_mime_init(handle));
  if (!mime) return Error(Errc::exhausted, "out of memory for a mail");
  TRY(add_part(mime.get(), mail.text.text, "text/plain; charset=utf-8"));
  TRY(add_part(mime.get(), mail.text.html, "text/html; charset=utf-8"));
  return mime;
}

// --- What became of it ---

Sent service_down(Cause cause, std::string_view detail) {
  return {Outcome::service_down, cause, reportable(detail, {})};
}

// The server's no to what we asked of it, if that is what it was.
std::optional<Sent> refusal_of(const Watch& watch, CURLcode code) {
  const bool is_no = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
  if (!is_no || watch.stage == Stage::before || !watch.reply.is_refusal()) return std::nullopt;
  return refusal(watch.stage, watch.reply.code(), watch.reply.text());
}

Sent outcome_of(const Watch& watch, CURLcode code, CURL* handle) {
  if (code == CURLE_OK || is_taken(watch)) return {Outcome::sent, Cause::none, {}};
  if (const auto refusal = refusal_of(watch, code)) return *refusal;
  return {Outcome::service_down, cause_of(code, handle), {}};
}

// What a server could repeat of what we told it.
struct Told {
  std::array<Secret, 4> forms;  // the password, and how it was said

  static Result<Told> of(const Server& server, const Secret& password) {
    using namespace std::string_view_literals;
    Told told;
    if (password.empty()) return told;
    const Secret plain = TRY(Secret::join({"\0"sv, server.user, "\0"sv, password.view()}));
    const Secret bearer =
        TRY(Secret::join({"user=", server.user, "\1auth=Bearer "sv, password.view(), "\1\1"sv}));
    told.forms = {TRY(Secret::copy(password.view())), TRY(base64(password.view())),
                  TRY(base64(plain.view())), TRY(base64(bearer.view()))};
    return told;
  }
};

std::string detail_of(const Watch& watch, CURLcode code, const Told& told, const Mail& mail) {
  const bool server_said = watch.reply.is_refusal() || is_taken(watch);
  std::vector<std::string_view> secrets;
  for (const Secret& form : told.forms) secrets.push_back(form.view());
  if (!server_said) return reportable(watch.words.of(code), secrets);
  if (watch.reply.went_ahead()) {
    for (const Secret* text : {&mail.text.subject, &mail.text.text, &mail.text.html}) {
      secrets.push_back(text->view());
    }
  }
  return reportable(watch.reply.text(), secrets);
}

// An Error: of our own, before the server was asked.
Result<Sent> deliver(const Mail& mail, const Secret& password, Watch& watch) {
  const Handle handle(curl_easy_init());
  if (!handle) return Error(Errc::exhausted, "out of memory for a mail");
  const List headers = TRY(list_of(TRY(headers_of(mail))));
  const List recipients(curl_slist_append(nullptr, mail.to.c_str()));
  if (!recipients) return Error(Errc::exhausted, "out of memory for a mail");
  const Mime parts = TRY(parts_of(handle.get(), mail));
  const Told told = TRY(Told::of(mail.server, password));

  Options options(handle.get());
  connect_to(options, mail.server);
  log_in(options, mail.server, password);
  wait_at_most(options, watch);
  listen_to(options, watch);
  options.set(CURLOPT_MAIL_FROM, mail.from);
  options.set(CURLOPT_MAIL_RCPT, recipients.get());
  options.set(CURLOPT_HTTPHEADER, headers.get());
  options.set(CURLOPT_MIMEPOST, parts.get());
  if (options.result() != CURLE_OK) {
    return Error(Errc::internal, curl_easy_strerror(options.result()));
  }
  const CURLcode code = curl_easy_perform(handle.get());
  Sent sent = outcome_of(watch, code, handle.get());
  sent.detail = detail_of(watch, code, told, mail);
  return sent;
}

}  // namespace

Sent Smtp::send(const Mail& mail) {
  // The last look before a server hears of it.
  if (const auto checked = check(mail); !checked) {
    return {Outcome::refused, Cause::not_sendable, reportable(checked.error().text(), {})};
  }
  Secret password;
  if (mail.server.login != Login::none) {
    auto read = read_credential(credentials_, kPasswordFile);
    if (!read) return service_down(Cause::no_password, read.error().text());
    password = read.release_value();
  }
  Watch watch;
  watch.patience = patience_;
  watch.stop = {told_to_stop_, patience_.stopping, {}};
  auto sent = deliver(mail, password, watch);
  if (!sent) return service_down(Cause::internal, sent.error().text());
  return sent.release_value();
}

}  // namespace usher::courier
