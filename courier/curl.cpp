// Options and causes; no transfer of its own.
#include "courier/curl.hpp"

#include "courier/wiping_memory.hpp"

namespace usher::courier {
namespace {

using protocol::courier::Cause;

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

}  // namespace

Result<void> initialise_curl() {
  const CURLcode code = curl_global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc, wiping_free,
                                             wiping_realloc, wiping_strdup, wiping_calloc);
  if (code != CURLE_OK) return Error(Errc::internal, curl_easy_strerror(code));
  return {};
}

Result<List> list_of(const std::vector<Secret>& lines) {
  List list;
  for (const Secret& line : lines) {
    curl_slist* longer = curl_slist_append(list.get(), line.view().data());
    if (longer == nullptr) return Error(Errc::exhausted, "out of memory for a request");
    (void)list.release();
    list.reset(longer);
  }
  return list;
}

void only_over(Options& options, const std::string& scheme, const std::string& ca_file) {
  options.set(CURLOPT_PROTOCOLS_STR, scheme);
  options.set(CURLOPT_REDIR_PROTOCOLS_STR, scheme);  // none cannot be said
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  options.set(CURLOPT_SSL_VERIFYPEER, 1L);
  options.set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!ca_file.empty()) {
    options.set(CURLOPT_CAINFO, ca_file);
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

void no_longer_than(Options& options, std::chrono::milliseconds connecting,
                    std::chrono::milliseconds whole) {
  // A name that nobody resolves must not hold us at the end: no signal, and no waiting for it.
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_QUICK_EXIT, 1L);
  options.set(CURLOPT_CONNECTTIMEOUT_MS, connecting);
  options.set(CURLOPT_TIMEOUT_MS, whole);
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

}  // namespace usher::courier
