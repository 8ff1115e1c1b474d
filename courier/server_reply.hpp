// What a mail server said last, and what of it may be reported: a server may repeat what it was
// told, the code of a mail or a password among it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace usher::courier {

class ServerReply {
 public:
  // A line as it came; a reply may have several (RFC 5321 section 4.2.1).
  void add_line(std::string_view line);
  // Three digits of the last reply; 0: there was none, or it was no reply.
  int code() const { return code_; }
  // It said no.
  bool is_refusal() const { return code_ >= 400; }
  // It said, some time: go ahead, send the message.
  bool went_ahead() const { return went_ahead_; }
  // "550 5.1.1 no such user", lines joined; as it came.
  const std::string& text() const { return text_; }

 private:
  int code_ = 0;
  bool is_complete_ = true;
  bool went_ahead_ = false;
  std::string text_;
};

// Printable ASCII, at most kMaxDetail bytes. Whatever stands in one of the secrets, word by word,
// is starred out: four letters or digits in a row are enough, whatever their case. The code in
// front stays.
std::string reportable(std::string_view reply, std::span<const std::string_view> secrets);

}  // namespace usher::courier
