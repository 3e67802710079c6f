#include "feeds/tape/timeline.h"

#include <initializer_list>

#include <gtest/gtest.h>

namespace tariff::tape {
namespace {

using std::chrono::seconds;

Tape tape_at(std::initializer_list<std::int64_t> seconds_after_start) {
  Tape tape;
  for (const std::int64_t s : seconds_after_start)
    tape.push_back({.at = WallNs{(1'760'000'000 + s) * kNsPerSecond}, .what = TapeQuote{}});
  return tape;
}

TEST(Timeline, PlaysAsRecordedAtSpeedOne) {
  const Timeline timeline(tape_at({0, 2, 2, 5}), {});
  EXPECT_EQ(timeline.due(0), 1U);
  EXPECT_EQ(timeline.due(2 * kNsPerSecond - 1), 1U);
  EXPECT_EQ(timeline.due(2 * kNsPerSecond), 3U);
  EXPECT_EQ(timeline.due(5 * kNsPerSecond), 4U);
  EXPECT_EQ(timeline.length_ns(), 5 * kNsPerSecond);
}

TEST(Timeline, ScalesByTheSpeed) {
  const Timeline timeline(tape_at({0, 60, 120}), {.speed = 60});
  EXPECT_EQ(timeline.due_at_ns(1), kNsPerSecond);
  EXPECT_EQ(timeline.due_at_ns(2), 2 * kNsPerSecond);
}

TEST(Timeline, ShortensOnlyTheGapsAboveTheLimit) {
  const Timeline timeline(tape_at({0, 10, 10'010, 10'015}), {.max_gap = seconds{20}});
  EXPECT_EQ(timeline.due_at_ns(1), 10 * kNsPerSecond);
  EXPECT_EQ(timeline.due_at_ns(2), 30 * kNsPerSecond);
  EXPECT_EQ(timeline.due_at_ns(3), 35 * kNsPerSecond);
}

TEST(Timeline, TellsWhenTheNextItemIsDueAndWhenThereIsNone) {
  const Timeline timeline(tape_at({0, 3}), {});
  for (const std::uint64_t position : {0U, 1U})
    EXPECT_EQ(timeline.due(timeline.due_at_ns(position)), position + 1);
  EXPECT_EQ(timeline.due_at_ns(2), Timeline::kNever);
}

TEST(Timeline, HasEverythingDueAtOnceAtSpeedZero) {
  const Timeline timeline(tape_at({0, 3'600}), {.speed = 0});
  EXPECT_EQ(timeline.due(0), 2U);
  EXPECT_EQ(timeline.due_at_ns(1), 0);
  EXPECT_EQ(timeline.due_at_ns(2), Timeline::kNever);
}

TEST(Timeline, CountsOnFromRoundToRoundInALoop) {
  const Timeline timeline(tape_at({0, 3}), {.loop = true});
  EXPECT_EQ(timeline.due(3 * kNsPerSecond), 2U);
  EXPECT_EQ(timeline.due(4 * kNsPerSecond - 1), 2U);
  EXPECT_EQ(timeline.due(4 * kNsPerSecond), 3U);
  EXPECT_EQ(timeline.due_at_ns(2), 4 * kNsPerSecond);
  EXPECT_EQ(timeline.due_at_ns(3), 7 * kNsPerSecond);
}

}  // namespace
}  // namespace tariff::tape
