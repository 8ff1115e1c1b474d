// The one wrapper of libcurl: what holds of every transfer, whatever it carries. TLS 1.2 or newer
// to the one host, whose certificate must be good and for its name; no proxy, no redirect, no
// .netrc, no signal, and an end to each wait.
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "protocol/courier_messages.hpp"
#include "protocol/deadline.hpp"

namespace usher::courier {

// Once in a process, before any thread. What the library frees is wiped.
Result<void> initialise_curl();

struct FreeCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, FreeCurl>;
using List = std::unique_ptr<curl_slist, FreeCurl>;

Result<List> list_of(const std::vector<Secret>& lines);

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

// What the library says of a transfer that failed: the host, the file, the certificate's fault. The
// handle that listen() was for writes here, and goes first.
class ErrorWords {
 public:
  ErrorWords() = default;
  ErrorWords(const ErrorWords&) = delete;
  ErrorWords& operator=(const ErrorWords&) = delete;
  void listen(Options& options) { options.set(CURLOPT_ERRORBUFFER, words_.data()); }
  std::string_view of(CURLcode code) const {
    return words_.front() == '\0' ? curl_easy_strerror(code) : words_.data();
  }

 private:
  std::array<char, CURL_ERROR_SIZE> words_{};
};

// `ca_file`: instead of the machine's certificates; empty: those.
void only_over(Options& options, const std::string& scheme, const std::string& ca_file);

void no_longer_than(Options& options, std::chrono::milliseconds connecting,
                    std::chrono::milliseconds whole);

// The end of a transfer before its time, for a CURLOPT_XFERINFOFUNCTION to ask.
struct Stop {
  bool (*told)() = nullptr;
  std::chrono::milliseconds within{};       // once we are told
  std::optional<protocol::Deadline> end{};  // once there is nothing more to gain

  void end_after(std::chrono::milliseconds span) {
    if (!end) end = protocol::Deadline::after(span);
  }
  void look() {
    if (told()) end_after(within);
  }
  bool is_over() const { return end && end->passed(); }
};

// Of a transfer that failed.
protocol::courier::Cause cause_of(CURLcode code, CURL* handle);

}  // namespace usher::courier
