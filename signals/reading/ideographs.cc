#include "signals/reading/ideographs.h"

#include <array>

namespace tariff::ideographs {
namespace {

/// Every ideograph below takes three bytes.
constexpr std::size_t kBytes = 3;

struct Numeral {
  std::string_view text;
  int value;
};
constexpr std::array<Numeral, 12> kDigits{{{"零", 0},
                                           {"〇", 0},
                                           {"一", 1},
                                           {"二", 2},
                                           {"两", 2},
                                           {"三", 3},
                                           {"四", 4},
                                           {"五", 5},
                                           {"六", 6},
                                           {"七", 7},
                                           {"八", 8},
                                           {"九", 9}}};
constexpr std::array<Numeral, 3> kUnits{{{"十", 10}, {"百", 100}, {"千", 1'000}}};

template <std::size_t N>
int find(const std::array<Numeral, N>& numerals, std::string_view text, std::size_t at) noexcept {
  for (const Numeral& numeral : numerals) {
    if (text.substr(at, kBytes) == numeral.text) return numeral.value;
  }
  return -1;
}

/// True, and `at` moves on, if `mark` stands there.
bool take(std::string_view text, std::size_t& at, std::string_view mark) noexcept {
  if (at > text.size() || !text.substr(at).starts_with(mark)) return false;
  at += mark.size();
  return true;
}

/// Arabic digits, at most `digits_max`; -1 if there are none.
int take_digits(std::string_view text, std::size_t& at, std::size_t digits_max) noexcept {
  const std::size_t first = at;
  int value = 0;
  for (; at < text.size() && at < first + digits_max && text[at] >= '0' && text[at] <= '9'; ++at)
    value = value * 10 + (text[at] - '0');
  return at == first ? -1 : value;
}

/// "12.5", "12"
Spelled read_arabic(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  double value = take_digits(text, end, 6);
  if (end == at) return {0, at};
  std::size_t fraction = end;
  if (!take(text, fraction, ".")) return {value, end};
  const std::size_t first = fraction;
  double part = take_digits(text, fraction, 6);
  if (fraction == first) return {value, end};
  for (std::size_t i = first; i < fraction; ++i)
    part /= 10;
  return {value + part, fraction};
}

/// "二十五", "一百零五", "七点五"
Spelled read_numeral(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  double sum = 0;
  int digit = -1;
  for (; sum < 1e6 && end < text.size(); end += kBytes) {
    if (const int next = find(kDigits, text, end); next >= 0) {
      digit = next;
    } else if (const int unit = find(kUnits, text, end); unit > 0) {
      sum += (digit < 0 ? 1 : digit) * unit;
      digit = -1;
    } else {
      break;
    }
  }
  if (digit > 0) sum += digit;
  std::size_t fraction = end;
  if (end == at || !take(text, fraction, "点")) return {sum, end};
  double scale = 0.1;
  for (; scale > 1e-6; fraction += kBytes, scale /= 10) {
    const int next = find(kDigits, text, fraction);
    if (next < 0) break;
    sum += next * scale;
    end = fraction + kBytes;
  }
  return {sum, end};
}

}  // namespace

Spelled read_percent(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  if (!take(text, end, "百分之")) return {0, at};
  const Spelled arabic = read_arabic(text, end);
  const Spelled read = arabic.end > end ? arabic : read_numeral(text, end);
  return read.end > end ? read : Spelled{0, at};
}

Spelled read_date(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  int year = 0;
  int month = take_digits(text, end, 4);
  if (take(text, end, "年")) {
    year = month;
    month = take_digits(text, end, 2);
  }
  if (!take(text, end, "月")) return {0, at};
  const int day = take_digits(text, end, 2);
  if (!take(text, end, "日") && !take(text, end, "号")) return {0, at};
  const bool plausible = month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
                         (year == 0 || (year >= 1900 && year < 2100));
  if (!plausible) return {0, at};
  std::size_t time = end;
  if (take_digits(text, time, 2) >= 0 && take(text, time, "时")) {
    end = time;
    if (take_digits(text, time, 2) >= 0 && take(text, time, "分")) end = time;
  }
  return {static_cast<double>(year * 10'000 + month * 100 + day), end};
}

}  // namespace tariff::ideographs
