#include "signals/reading/dates.h"

#include <gtest/gtest.h>

#include "tests/reading/support.h"

namespace tariff {
namespace {

using test::day;

TEST(Dates, TakeTheNearestYearOnOrAfterPublication) {
  EXPECT_EQ(resolve_date(1101, day(2025, 10, 10), false), 20251101);
  EXPECT_EQ(resolve_date(1101, day(2025, 11, 1), false), 20251101);
  EXPECT_EQ(resolve_date(101, day(2025, 12, 29), false), 20260101);
}

TEST(Dates, TakeTheNearestYearBeforeForThePast) {
  EXPECT_EQ(resolve_date(1001, day(2025, 10, 10), true), 20251001);
  EXPECT_EQ(resolve_date(1201, day(2025, 10, 10), true), 20241201);
}

TEST(Dates, KeepAYearThatIsGiven) {
  EXPECT_EQ(resolve_date(20261110, day(2025, 11, 30), false), 20261110);
  EXPECT_EQ(resolve_date(20261110, WallNs{}, false), 20261110);
}

TEST(Dates, AreOpenWithoutAPublicationTime) {
  EXPECT_EQ(resolve_date(1101, WallNs{}, false), 0);
}

TEST(Dates, RefuseDaysThatAreNotInTheCalendar) {
  EXPECT_EQ(resolve_date(231, day(2025, 1, 1), false), 0);
  EXPECT_EQ(resolve_date(20250230, day(2025, 1, 1), false), 0);
  EXPECT_EQ(resolve_date(229, day(2025, 3, 1), false), 20280229);
}

}  // namespace
}  // namespace tariff
