// How old a headline is, and which stamps cannot be true.
#include "signals/timing.h"

#include <gtest/gtest.h>

namespace tariff {
namespace {

constexpr WallNs kReceived{1'760'130'000 * kNsPerSecond};
constexpr std::int64_t kMinuteNs = 60 * kNsPerSecond;

Headline headline(WallNs published, WallNs updated = {}) {
  Headline h;
  h.received.wall = kReceived;
  h.published = published;
  h.updated = updated;
  return h;
}

TEST(Timing, AFirstTellingIsAsOldAsItsFirstStampAndAnEditAsTheEdit) {
  const Headline h = headline(kReceived + -60 * kMinuteNs, kReceived + -kMinuteNs);
  EXPECT_EQ(timing_of(h, false).age_ns, 60 * kMinuteNs);
  EXPECT_EQ(timing_of(h, true).age_ns, kMinuteNs);
}

TEST(Timing, WithoutAStampTheAgeIsNotKnownAndNothingIsClamped) {
  const Timing timing = timing_of(headline({}), false);
  EXPECT_EQ(timing.age_ns, 0);
  EXPECT_EQ(timing.published.ns, 0);
  EXPECT_FALSE(timing.clamped);
}

TEST(Timing, AStampFromTheFutureBecomesThatOfReceipt) {
  const Timing timing = timing_of(headline(kReceived + kNsPerDay), false);
  EXPECT_EQ(timing.published, kReceived);
  EXPECT_EQ(timing.age_ns, 0);
  EXPECT_TRUE(timing.clamped);
}

TEST(Timing, AClockThatIsASecondAheadIsNoReasonToFlag) {
  const Timing timing = timing_of(headline(kReceived + kNsPerSecond), false);
  EXPECT_EQ(timing.published, kReceived);
  EXPECT_FALSE(timing.clamped);
}

TEST(Timing, StampsInTheWrongUnitDoNotOverflow) {
  for (const std::int64_t ns :
       {INT64_MIN, std::int64_t{-1}, std::int64_t{1'760'130'000}, INT64_MAX}) {
    const Timing timing = timing_of(headline({ns}), false);
    EXPECT_EQ(timing.published, kReceived) << ns;
    EXPECT_TRUE(timing.clamped) << ns;
  }
}

}  // namespace
}  // namespace tariff
