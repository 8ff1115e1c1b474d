// Each form is tried in turn; what fits none is a mistake of whoever typed it.
#include "ctl/when.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace usher::ctl {
namespace {

// What the rest of a text begins with, taken off it.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Exactly so many digits.
  bool take_number(std::size_t digits, int& number) {
    if (rest_.size() < digits || count_digits() < digits) return false;
    (void)std::from_chars(rest_.data(), rest_.data() + digits, number);
    rest_.remove_prefix(digits);
    return true;
  }
  // A fraction of a second says nothing that a record is sought by.
  bool take_fraction() {
    if (!take('.')) return true;
    const std::size_t digits = count_digits();
    rest_.remove_prefix(digits);
    return digits >= 1 && digits <= 9;
  }
  // Seconds east of Greenwich.
  bool take_zone(int& seconds) {
    if (take('Z') || take('z')) return true;
    const int sign = take('-') ? -1 : 1;
    if (sign == 1 && !take('+')) return false;
    int hours = 0;
    int minutes = 0;
    const bool read = take_number(2, hours) && take(':') && take_number(2, minutes);
    seconds = sign * (hours * 3600 + minutes * 60);
    return read && hours < 24 && minutes < 60;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::size_t count_digits() const {
    return std::min(rest_.find_first_not_of("0123456789"), rest_.size());
  }
  std::string_view rest_;
};

bool take_day(Scanner& text, std::tm& parts) {
  const bool read = text.take_number(4, parts.tm_year) && text.take('-') &&
                    text.take_number(2, parts.tm_mon) && text.take('-') &&
                    text.take_number(2, parts.tm_mday);
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  parts.tm_isdst = -1;
  return read;
}

bool take_clock(Scanner& text, std::tm& parts) {
  return text.take_number(2, parts.tm_hour) && text.take(':') &&
         text.take_number(2, parts.tm_min) && text.take(':') && text.take_number(2, parts.tm_sec);
}

// The C library makes the 31st of February a day in March, and 24:00 a clock of the next day.
std::optional<std::int64_t> milliseconds(std::tm parts, std::time_t (*make)(std::tm*)) {
  const std::tm given = parts;
  const std::time_t seconds = make(&parts);
  const bool exists = parts.tm_mday == given.tm_mday && parts.tm_mon == given.tm_mon &&
                      parts.tm_hour == given.tm_hour && parts.tm_min == given.tm_min;
  return exists ? std::optional(std::int64_t{seconds} * 1000) : std::nullopt;
}

std::optional<std::int64_t> moment_of(std::string_view typed) {
  Scanner text(typed);
  std::tm parts{};
  int east = 0;
  const bool read = take_day(text, parts) && (text.take('T') || text.take('t')) &&
                    take_clock(text, parts) && text.take_fraction() && text.take_zone(east) &&
                    text.at_end();
  if (!read) return std::nullopt;
  const auto utc = milliseconds(parts, ::timegm);
  return utc ? std::optional(*utc - std::int64_t{east} * 1000) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> seconds_of(std::string_view span) {
  std::int64_t number = 0;
  const char* last = span.data() + span.size();
  const auto [end, failed] = std::from_chars(span.data(), last, number);
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  const std::int64_t one = unit == "m" ? 60 : unit == "h" ? 3'600 : unit == "d" ? 86'400 : 0;
  constexpr std::int64_t kMost = 10'000;
  if (failed != std::errc() || one == 0 || number < 1 || number > kMost) return std::nullopt;
  return number * one;
}

std::optional<std::int64_t> start_of(const std::string& day) {
  Scanner text(day);
  std::tm parts{};
  if (!take_day(text, parts) || !text.at_end()) return std::nullopt;
  return milliseconds(parts, std::mktime);
}

Result<std::int64_t> since(const std::string& typed, std::int64_t now) {
  std::optional<std::int64_t> moment = moment_of(typed);
  if (!moment) moment = start_of(typed);
  const auto span = seconds_of(typed);
  if (span) moment = now - *span * 1000;
  if (moment) return std::max(*moment, std::int64_t{0});
  return Error(Errc::invalid_input,
               "--since is a span such as 2h or 3d, a day such as 2027-01-31, or a moment such as "
               "2027-01-31T14:03:11+01:00");
}

}  // namespace usher::ctl
