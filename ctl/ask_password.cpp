// Read byte by byte from the descriptor: a FILE would keep what it read in a buffer nobody wipes.
#include "ctl/ask_password.hpp"

#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace usher::ctl {
namespace {

constexpr std::size_t kLongest = 511;  // bytes, as at every door
constexpr char kInterrupt = 3;

// Without echo; without signals too, because an interrupted program would leave it so.
class Unseen {
 public:
  explicit Unseen(int terminal) : terminal_(terminal) {
    changed_ = ::tcgetattr(terminal_, &before_) == 0;
    if (!changed_) return;
    termios unseen = before_;
    unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    // A line of its own: read() would keep it until Enter.
    unseen.c_cc[VEOL] = kInterrupt;
    changed_ = ::tcsetattr(terminal_, TCSAFLUSH, &unseen) == 0;
  }
  ~Unseen() {
    if (changed_) (void)::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
  bool works() const { return changed_; }

 private:
  int terminal_;
  termios before_{};
  bool changed_ = false;
};

Result<Secret> read_line(int input) {
  Secret line = TRY(Secret::zeroed(kLongest));
  std::size_t size = 0;
  for (;;) {
    char c = 0;
    const ssize_t got = ::read(input, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("reading a password");
    if (got == 0 || c == '\n') break;
    if (c == kInterrupt) return Error(Errc::invalid_input, "given up; nothing was changed");
    if (size == kLongest) return Error(Errc::invalid_input, "a password has at most 511 bytes");
    line.writable()[size++] = c;
  }
  line.shorten(size);
  return line;
}

Result<Secret> ask(const Streams& streams, int terminal, std::string_view question) {
  print(streams.err, question);
  (void)std::fflush(streams.err);
  Result<Secret> typed = read_line(terminal);
  print(streams.err, "\n");
  return typed;
}

Result<Secret> not_empty(Secret typed) {
  if (typed.empty()) return Error(Errc::invalid_input, "no password was given");
  return typed;
}

}  // namespace

Result<Secret> ask_new_password(const Streams& streams) {
  const int input = ::fileno(streams.in);
  if (::isatty(input) == 0) return not_empty(TRY(read_line(input)));
  const Unseen unseen(input);
  if (!unseen.works()) return Error(Errc::internal, "the terminal cannot hide what is typed");
  Secret first = TRY(ask(streams, input, "New password: "));
  const Secret again = TRY(ask(streams, input, "New password again: "));
  if (!first.equals(again)) return Error(Errc::invalid_input, "the two entries differ");
  return not_empty(std::move(first));
}

}  // namespace usher::ctl
