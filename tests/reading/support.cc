#include "tests/reading/support.h"

#include <chrono>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tariff::test {
namespace {

template <std::size_t N>
std::string places(const PlaceList<N>& list) {
  std::string out;
  for (const Place place : list)
    out += fmt::format("{}{}", out.empty() ? "" : ",", place.view());
  return out;
}

std::string told(const Facts& facts) {
  std::string out =
      fmt::format("{}{} {}{} {}>{}", facts.denied() ? "not " : "", to_text(facts.action),
                  to_text(facts.measure), facts.retaliation() ? " r" : "", places(facts.actors),
                  places(facts.targets));
  for (std::size_t i = 0; i < kProductNames.size(); ++i) {
    if (facts.has(static_cast<Product>(i))) out += fmt::format(" {}", kProductNames[i]);
  }
  if (facts.has_rate()) out += fmt::format(" {}%", facts.rate_pct);
  const std::int32_t date = facts.effective_yyyymmdd;
  if (date != 0) {
    out += fmt::format(" {:04}-{:02}-{:02}", date / 10'000, date / 100 % 100, date % 100);
  }
  return out;
}

}  // namespace

WallNs day(int year, unsigned month, unsigned day_of_month) {
  const std::chrono::sys_days days{std::chrono::year{year} / std::chrono::month{month} /
                                   std::chrono::day{day_of_month}};
  return {days.time_since_epoch().count() * kNsPerDay};
}

const Tables& shipped_tables() {
  static const std::shared_ptr<const Tables> tables = [] {
    ConfigErrors errors;
    auto loaded = load_tables(TARIFF_SOURCE_DIR "/config", errors);
    EXPECT_EQ(errors.to_text(), "");
    return loaded;
  }();
  return *tables;
}

Reading read(std::string_view text, WallNs published) {
  static Reader reader;
  Reading reading;
  reader.read(shipped_tables(), text, published, reading);
  return reading;
}

std::string told(const Reading& reading) {
  std::string out;
  for (const Facts& facts : reading.events())
    out += (out.empty() ? "" : "; ") + told(facts);
  return out.empty() ? "none" : out;
}

}  // namespace tariff::test
