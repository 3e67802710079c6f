#include "daemon/study/bars.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <sysexits.h>

#include "feeds/time_text.h"

namespace tariff::study {
namespace {

std::vector<std::string_view> cells_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> cells;
  for (;;) {
    const std::size_t comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Where the columns are that are read; `volume` may be missing.
struct Columns {
  std::size_t start = std::string_view::npos;
  std::size_t close = std::string_view::npos;
  std::size_t volume = std::string_view::npos;

  explicit Columns(const std::vector<std::string_view>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == "ts") start = i;
      if (names[i] == "close") close = i;
      if (names[i] == "volume") volume = i;
    }
  }
};

struct Bar {
  WallNs start;
  double close = 0;
  bool traded = true;
};

/// A bar, or what is wrong with the line.
Result<Bar> bar_of(const std::vector<std::string_view>& cells, const Columns& columns) {
  const auto cell = [&cells](std::size_t column) {
    return column < cells.size() ? cells[column] : std::string_view();
  };
  Bar bar;
  bar.start = parse_rfc3339(cell(columns.start));
  if (bar.start.ns == 0) return Error{fmt::format("ts = '{}' is no time", cell(columns.start))};
  const auto close = number_of(cell(columns.close));
  if (!close || !(*close > 0)) {
    return Error{fmt::format("close = '{}' is no price", cell(columns.close))};
  }
  bar.close = *close;
  if (columns.volume == std::string_view::npos) return bar;
  const auto volume = number_of(cell(columns.volume));
  if (!volume || *volume < 0) {
    return Error{fmt::format("volume = '{}' is no volume", cell(columns.volume))};
  }
  bar.traded = *volume > 0;
  return bar;
}

/// The shortest time between two bars is the length of one.
std::int64_t length_ns(std::vector<Bar>& bars) {
  std::stable_sort(bars.begin(), bars.end(),
                   [](const Bar& a, const Bar& b) { return a.start < b.start; });
  std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = 1; i < bars.size(); ++i) {
    const std::int64_t step = bars[i].start - bars[i - 1].start;
    if (step > 0) shortest = std::min(shortest, step);
  }
  return shortest;
}

}  // namespace

Result<Prices> load_bars(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!file || !std::getline(file, line)) {
    return Error{fmt::format("{}: cannot be read, or is empty", path), EX_NOINPUT};
  }
  const Columns columns(cells_of(line));
  if (columns.start == std::string_view::npos || columns.close == std::string_view::npos) {
    return Error{fmt::format("{}:1: names no columns ts and close", path), EX_DATAERR};
  }
  std::vector<Bar> bars;
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    const auto bar = bar_of(cells_of(line), columns);
    if (!bar) return Error{fmt::format("{}:{}: {}", path, number, bar.error().what), EX_DATAERR};
    bars.push_back(*bar);
  }
  const std::int64_t bar_ns = length_ns(bars);
  if (bar_ns == std::numeric_limits<std::int64_t>::max()) {
    return Error{fmt::format("{}: two bars at least tell how long one is", path), EX_DATAERR};
  }
  std::vector<Price> prices;
  prices.reserve(bars.size());
  for (const Bar& bar : bars) {
    if (bar.traded) prices.push_back({bar.start + bar_ns, bar.close});
  }
  return Prices(std::move(prices), bar_ns);
}

}  // namespace tariff::study
