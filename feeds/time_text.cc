#include "feeds/time_text.h"

#include <cstddef>

namespace tariff {
namespace {

constexpr std::int64_t kSecondsMax = 7'258'118'400;  // 2200-01-01T00:00:00Z

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Reads decimal text from the left.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }
  [[nodiscard]] bool at_digit() const noexcept { return !text_.empty() && is_digit(text_.front()); }

  /// Takes one character if it is in `set`; 0 if not.
  char take(std::string_view set) noexcept {
    if (text_.empty() || set.find(text_.front()) == std::string_view::npos) return 0;
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }

  /// Takes exactly `digits` of them, or fails with -1.
  int number(std::size_t digits) noexcept {
    if (text_.size() < digits) return -1;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(text_[i])) return -1;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(digits);
    return value;
  }

  /// Takes the digits after a decimal point as a share of `unit_ns`; what is too fine is cut.
  std::int64_t fraction(std::int64_t unit_ns) noexcept {
    std::int64_t ns = 0;
    while (at_digit()) {
      unit_ns /= 10;
      ns += (text_.front() - '0') * unit_ns;
      text_.remove_prefix(1);
    }
    return ns;
  }

 private:
  std::string_view text_;
};

/// Days since 1970-01-01 in the Gregorian calendar, by counting from March on, so that the leap day
/// is the last of its year.
constexpr std::int64_t days_since_epoch(int year, int month, int day) noexcept {
  const int y = month <= 2 ? year - 1 : year;
  const int shifted_month = (month + 9) % 12;
  const int day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
  return std::int64_t{y} * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719'468;
}
static_assert(days_since_epoch(1970, 1, 1) == 0);
static_assert(days_since_epoch(2000, 3, 1) == 11'017);

constexpr int days_in_month(int year, int month) noexcept {
  if (month == 2) return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Seconds east of Greenwich; false if the text ends without a zone, or goes on after it.
bool read_zone(Reader& in, std::int64_t& offset_seconds) noexcept {
  offset_seconds = 0;
  if (in.take("Zz") != 0) return in.at_end();
  const char sign = in.take("+-");
  if (sign == 0) return false;
  const int hours = in.number(2);
  in.take(":");
  const int minutes = in.number(2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
  offset_seconds = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
  return in.at_end();
}

std::int64_t ns_per_unit(TimeFormat format) noexcept {
  switch (format) {
    case TimeFormat::Rfc3339:
    case TimeFormat::UnixS:
      return kNsPerSecond;
    case TimeFormat::UnixMs:
      return kNsPerMs;
    case TimeFormat::UnixUs:
      return kNsPerUs;
    case TimeFormat::UnixNs:
      return 1;
  }
  return 1;
}

WallNs parse_unix(std::string_view text, std::int64_t unit_ns) noexcept {
  Reader in(text);
  const std::int64_t units_max = kSecondsMax * (kNsPerSecond / unit_ns);
  std::int64_t units = 0;
  if (!in.at_digit()) return {};
  while (in.at_digit()) {
    if (units > units_max / 10) return {};  // before it overflows
    units = units * 10 + in.number(1);
    if (units >= units_max) return {};
  }
  const std::int64_t ns = in.take(".") != 0 ? in.fraction(unit_ns) : 0;
  if (!in.at_end()) return {};
  return {units * unit_ns + ns};
}

}  // namespace

WallNs parse_rfc3339(std::string_view text) noexcept {
  Reader in(text);
  const int year = in.number(4);
  if (year < 1970 || in.take("-") == 0) return {};
  const int month = in.number(2);
  if (month < 1 || month > 12 || in.take("-") == 0) return {};
  const int day = in.number(2);
  if (day < 1 || day > days_in_month(year, month) || in.take("Tt ") == 0) return {};
  const int hour = in.number(2);
  if (hour < 0 || hour > 23 || in.take(":") == 0) return {};
  const int minute = in.number(2);
  if (minute < 0 || minute > 59 || in.take(":") == 0) return {};
  const int second = in.number(2);
  if (second < 0 || second > 60) return {};  // 60: a leap second
  const std::int64_t ns = in.take(".") != 0 ? in.fraction(kNsPerSecond) : 0;
  std::int64_t offset_seconds = 0;
  if (!read_zone(in, offset_seconds)) return {};

  const std::int64_t seconds = days_since_epoch(year, month, day) * 86'400 + hour * 3'600 +
                               minute * 60 + second - offset_seconds;
  if (seconds < 0 || seconds >= kSecondsMax) return {};
  return {seconds * kNsPerSecond + ns};
}

WallNs parse_time(std::string_view text, TimeFormat format) noexcept {
  if (format == TimeFormat::Rfc3339) return parse_rfc3339(text);
  return parse_unix(text, ns_per_unit(format));
}

}  // namespace tariff
