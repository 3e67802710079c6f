#include "daemon/study/bars.h"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

#include "feeds/time_text.h"

namespace tariff::study {
namespace {

class BarsTest : public testing::Test {
 protected:
  ~BarsTest() override { std::remove(path_.c_str()); }

  Result<Prices> load(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return load_bars(path_);
  }
  std::string error_of(const std::string& text) {
    const auto loaded = load(text);
    return loaded ? "loaded" : loaded.error().what.substr(path_.size());
  }

  std::string path_ =
      testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
};

TEST_F(BarsTest, CloseIsKnownAtTheEndOfTheBar) {
  const auto bars = load(
      "ts,open,high,low,close,volume\n"
      "2025-04-09T17:17:00Z,1,2,1,500.5,10\n"
      "2025-04-09T17:18:00Z,1,2,1,501,10\r\n");
  ASSERT_TRUE(bars) << bars.error().what;
  EXPECT_EQ(bars->bar_ns(), 60 * kNsPerSecond);
  ASSERT_EQ(bars->all().size(), 2U);
  EXPECT_EQ(bars->all()[0].at, parse_rfc3339("2025-04-09T17:18:00Z"));
  EXPECT_EQ(bars->all()[0].value, 500.5);
  EXPECT_EQ(bars->all()[1].at, parse_rfc3339("2025-04-09T17:19:00Z"));
}

TEST_F(BarsTest, BarInWhichNothingWasTradedIsNoPrice) {
  const auto bars = load(
      "volume,close,ts\n"
      "10,500,2025-04-09T17:17:00Z\n"
      "0,500,2025-04-09T17:18:00Z\n"
      "10,501,2025-04-09T17:19:00Z\n");
  ASSERT_TRUE(bars) << bars.error().what;
  EXPECT_EQ(bars->all().size(), 2U);
}

TEST_F(BarsTest, WhatIsWrongIsToldWithItsLine) {
  const std::string head = "ts,close\n2025-04-09T17:17:00Z,500\n";
  EXPECT_EQ(error_of(""), ": cannot be read, or is empty");
  EXPECT_EQ(error_of("time,price\n"), ":1: names no columns ts and close");
  EXPECT_EQ(error_of(head + "yesterday,500\n"), ":3: ts = 'yesterday' is no time");
  EXPECT_EQ(error_of(head + "2025-04-09T17:18:00Z,-1\n"), ":3: close = '-1' is no price");
  EXPECT_EQ(error_of(head + "2025-04-09T17:18:00Z,nan\n"), ":3: close = 'nan' is no price");
  EXPECT_EQ(error_of(head + "2025-04-09T17:18:00Z\n"), ":3: close = '' is no price");
  EXPECT_EQ(error_of(head), ": two bars at least tell how long one is");
}

}  // namespace
}  // namespace tariff::study
