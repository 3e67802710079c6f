// The week of 9 to 14 October 2025, told in our own words: seven facts and three that are none.
#include <gtest/gtest.h>

#include "tests/reading/support.h"

namespace tariff {
namespace {

using test::day;
using test::read;
using test::told;

TEST(OctoberWeek, ThursdayChinaWidensRareEarthControls) {
  const Reading reading = read(
      "China widens export controls on rare earths, adding five more elements", day(2025, 10, 9));
  EXPECT_EQ(told(reading), "impose export_control CN> rare_earths");
  EXPECT_EQ(reading.net, Net::Escalate);
}

TEST(OctoberWeek, FridayTrumpAnnouncesHundredPercent) {
  EXPECT_EQ(
      told(read("Trump threatens massive increase of tariffs on Chinese goods over rare earths",
                day(2025, 10, 10))),
      "threaten tariff US>CN");
  EXPECT_EQ(
      told(read("Trump says US will impose an additional 100% tariff on China from November 1",
                day(2025, 10, 10))),
      "impose tariff US>CN 100% 2025-11-01");
}

TEST(OctoberWeek, FridaySoftwareExportControls) {
  const Reading reading =
      read("Trump: 100% tariff on China on Nov. 1, plus export controls on critical software",
           day(2025, 10, 10));
  EXPECT_EQ(reading.net, Net::Escalate);
  EXPECT_EQ(told(read("US to put export controls on critical software on Nov. 1, Trump says",
                      day(2025, 10, 10))),
            "impose export_control US> software 2025-11-01");
}

TEST(OctoberWeek, SundayReplyIsNoEvent) {
  EXPECT_EQ(told(read("China's commerce ministry calls US tariff threat hypocritical",
                      day(2025, 10, 12))),
            "none");
}

TEST(OctoberWeek, MondayDeescalation) {
  const Reading reading =
      read("Bessent says US and China have substantially de-escalated", day(2025, 10, 13));
  EXPECT_EQ(told(reading), "talks general US,CN>");
  EXPECT_EQ(reading.net, Net::Deescalate);
}

TEST(OctoberWeek, MondayTariffNeedNotHappen) {
  const Reading reading =
      read("Bessent: 100% tariff on China does not have to happen", day(2025, 10, 13));
  EXPECT_EQ(told(reading), "not impose tariff US>CN 100%");
  EXPECT_EQ(reading.net, Net::Deescalate);
}

TEST(OctoberWeek, MondayNotBeforeNovember) {
  EXPECT_EQ(
      told(read("Bessent: new China tariffs would not start before Nov 1", day(2025, 10, 13))),
      "delay tariff US>CN 2025-11-01");
}

TEST(OctoberWeek, MondaySummitGoesAhead) {
  EXPECT_EQ(
      told(read("Trump-Xi meeting in South Korea to go ahead, Bessent says", day(2025, 10, 13))),
      "talks general US,CN>");
}

TEST(OctoberWeek, RecapsAndViewsAreNoEvents) {
  EXPECT_EQ(
      told(read("Stocks rebound as traders take comfort from softer tone", day(2025, 10, 13))),
      "none");
  EXPECT_EQ(
      told(read("Trump's tariff threat is a negotiating tactic, analysts say", day(2025, 10, 13))),
      "none");
}

}  // namespace
}  // namespace tariff
