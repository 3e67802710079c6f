// Days on which a headline moved the market, told in our own words, every field of each.
#include <gtest/gtest.h>

#include "tests/reading/support.h"

namespace tariff {
namespace {

using test::day;
using test::read;
using test::told;

TEST(DatedEvents, AHackedAccountsExplosionsIn2013AreNoMatterOfTrade) {
  EXPECT_EQ(told(read("BREAKING: Two explosions at the White House, president injured",
                      day(2013, 4, 23))),
            "none");
}

TEST(DatedEvents, AMisheardAnswerInApril2025IsAPauseForAllButChina) {
  EXPECT_EQ(told(read("HASSETT: TRUMP IS CONSIDERING A 90-DAY PAUSE IN TARIFFS FOR ALL COUNTRIES "
                      "EXCEPT CHINA",
                      day(2025, 4, 7))),
            "delay tariff US>*");
}

TEST(DatedEvents, ItsDenialInApril2025IsTheOppositeOfAPause) {
  EXPECT_EQ(
      told(read("White House calls talk of a 90-day tariff pause fake news", day(2025, 4, 7))),
      "not delay tariff US>");
}

TEST(DatedEvents, ARulingInMay2025BlocksAndAPauseOfTheBlockUpholds) {
  EXPECT_EQ(told(read("Trade court rules Trump's global tariffs illegal", day(2025, 5, 28))),
            "block tariff US>*");
  EXPECT_EQ(told(read("Appeals court pauses block on Trump tariffs", day(2025, 5, 29))),
            "uphold tariff US>");
}

TEST(DatedEvents, CopperInJuly2025IsHitAndItsRefinedFormExempt) {
  EXPECT_EQ(told(read("US to impose 50% tariff on semi-finished copper from August 1, refined "
                      "copper exempt",
                      day(2025, 7, 30))),
            "impose tariff US> copper 50% 2025-08-01; ease tariff US> copper");
}

TEST(DatedEvents, GoldInAugust2025WillNotBeTariffed) {
  EXPECT_EQ(told(read("Gold will not be Tariffed!", day(2025, 8, 11))),
            "not impose tariff US> gold");
}

}  // namespace
}  // namespace tariff
