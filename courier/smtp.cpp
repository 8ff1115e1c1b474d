// One mail, one connection. The library speaks SMTP; we say what it may do, listen to what the
// server says, and make an outcome of both.
#include "courier/smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "courier/credential.hpp"
#include "courier/mime.hpp"
#include "courier/refusal.hpp"
#include "courier/server_reply.hpp"
#include "courier/wiping_memory.hpp"
#include "protocol/deadline.hpp"

namespace usher::courier {
namespace {

using protocol::Deadline;
using protocol::courier::Cause;
using protocol::courier::Login;
using protocol::courier::Mail;
using protocol::courier::Outcome;
using protocol::courier::Security;
using protocol::courier::Server;

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using List = std::unique_ptr<curl_slist, Free>;
using Mime = std::unique_ptr<curl_mime, Free>;

// --- What happens on the connection, as the library tells it. It is C: nothing may be thrown
// through it ---

struct Watch {
  ServerReply reply;  // up to our farewell
  Stage stage = Stage::before;
  bool is_leaving = false;
  bool (*told_to_stop)() = nullptr;
  SmtpPatience patience{};
  std::optional<Deadline> end{};  // once there is nothing more to gain
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
  const auto end_after = [&](std::chrono::milliseconds span) {
    if (!watch.end) watch.end = Deadline::after(span);
  };
  if (is_taken(watch)) {
    end_after(watch.patience.farewell);
  } else if (watch.told_to_stop()) {
    end_after(watch.patience.stopping);
  }
  return watch.end && watch.end->passed() ? 1 : 0;
}

// --- What is asked of the library ---

// Options of one transfer; the first that the library refuses is remembered.
class Options {
 public:
  explicit Options(CURL* handle) : handle_(handle) {}
  template <typename Value>
  void set(CURLoption option, Value value) {
    if (result_ == CURLE_OK) result_ = curl_easy_setopt(handle_, option, value);
  }
  void set(CURLoption option, const std::string& text) { set(option, text.c_str()); }
  void set(CURLoption option, std::chrono::milliseconds span) {
    set(option, static_cast<long>(span.count()));
  }
  CURLcode result() const { return result_; }

 private:
  CURL* handle_;
  CURLcode result_ = CURLE_OK;
};

// Nothing but SMTP, to the one server, over TLS that holds.
void connect_to(Options& options, const Server& server) {
  const bool at_once = server.security == Security::tls;
  const std::string scheme = at_once ? "smtps" : "smtp";
  options.set(CURLOPT_URL, scheme + "://" + server.host + ":" + std::to_string(server.port));
  options.set(CURLOPT_PROTOCOLS_STR, scheme);
  options.set(CURLOPT_REDIR_PROTOCOLS_STR, scheme);  // none cannot be said
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  options.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  options.set(CURLOPT_SSL_VERIFYPEER, 1L);
  options.set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!server.ca_file.empty()) {
    options.set(CURLOPT_CAINFO, server.ca_file);
    // Instead of the machine's certificates, not beside them.
    options.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  // No variable of the environment and no file of a home says where to connect or who we are.
  options.set(CURLOPT_PROXY, "");
  options.set(CURLOPT_NOPROXY, "*");
  options.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  options.set(CURLOPT_FRESH_CONNECT, 1L);
  options.set(CURLOPT_FORBID_REUSE, 1L);
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
  // A name that nobody resolves must not hold us at the end: no signal, and no waiting for it.
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_QUICK_EXIT, 1L);
  options.set(CURLOPT_CONNECTTIMEOUT_MS, watch.patience.connecting);
  options.set(CURLOPT_TIMEOUT_MS, watch.patience.whole);
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
}

Result<List> list_of(const std::vector<Secret>& lines) {
  List list;
  for (const Secret& line : lines) {
    curl_slist* longer = curl_slist_append(list.get(), line.view().data());
    if (longer == nullptr) return Error(Errc::exhausted, "out of memory for a mail");
    (void)list.release();
    list.reset(longer);
  }
  return list;
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

// X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL. Zero: the chain is good,
// so it is the name.
Cause cause_of_certificate(CURL* handle) {
  constexpr long kUnspecified = 1;
  constexpr long kNotYetValid = 9;
  constexpr long kExpired = 10;
  long verified = 0;
  (void)curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &verified);
  if (verified <= kUnspecified) return Cause::wrong_name;
  return verified == kExpired || verified == kNotYetValid ? Cause::expired : Cause::untrusted;
}

Cause cause_of(CURLcode code, CURL* handle) {
  struct Row {
    CURLcode code;
    Cause cause;
  };
  constexpr Row kRows[] = {
      {CURLE_COULDNT_RESOLVE_HOST, Cause::no_address},
      {CURLE_COULDNT_CONNECT, Cause::no_connection},
      {CURLE_OPERATION_TIMEDOUT, Cause::silent},
      {CURLE_RECV_ERROR, Cause::dropped},
      {CURLE_SEND_ERROR, Cause::dropped},
      {CURLE_GOT_NOTHING, Cause::dropped},
      {CURLE_WEIRD_SERVER_REPLY, Cause::unwelcome},
      {CURLE_REMOTE_ACCESS_DENIED, Cause::unwelcome},
      {CURLE_USE_SSL_FAILED, Cause::no_encryption},
      {CURLE_SSL_CONNECT_ERROR, Cause::handshake},
      {CURLE_SSL_CIPHER, Cause::handshake},
      {CURLE_SSL_CACERT_BADFILE, Cause::untrusted},
      {CURLE_LOGIN_DENIED, Cause::login_refused},
      {CURLE_AUTH_ERROR, Cause::login_refused},
      {CURLE_ABORTED_BY_CALLBACK, Cause::stopping},
  };
  if (code == CURLE_PEER_FAILED_VERIFICATION) return cause_of_certificate(handle);
  for (const Row& row : kRows) {
    if (row.code == code) return row.cause;
  }
  return Cause::internal;
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
  if (!server_said) return reportable(curl_easy_strerror(code), {});
  std::vector<std::string_view> secrets;
  for (const Secret& form : told.forms) secrets.push_back(form.view());
  if (watch.reply.went_ahead()) {
    for (const Secret* text : {&mail.text.subject, &mail.text.text, &mail.text.html}) {
      secrets.push_back(text->view());
    }
  }
  return reportable(watch.reply.text(), secrets);
}

// An Error: of our own, before the server was asked.
Result<Sent> deliver(const Mail& mail, const Secret& password, Watch& watch) {
  const std::unique_ptr<CURL, Free> handle(curl_easy_init());
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

Result<void> Smtp::initialise() {
  const CURLcode code = curl_global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc, wiping_free,
                                             wiping_realloc, wiping_strdup, wiping_calloc);
  if (code != CURLE_OK) return Error(Errc::internal, curl_easy_strerror(code));
  return {};
}

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
  watch.told_to_stop = told_to_stop_;
  watch.patience = patience_;
  auto sent = deliver(mail, password, watch);
  if (!sent) return service_down(Cause::internal, sent.error().text());
  return sent.release_value();
}

}  // namespace usher::courier
