#include "signals/reading/reader.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "signals/reading/explain.h"
#include "tests/reading/support.h"
#include "tests/support/hot_path_guard.h"

namespace tariff {
namespace {

using test::day;
using test::read;
using test::told;

TEST(Reader, BindsEachNumberToItsVerb) {
  EXPECT_EQ(told(read("Trump pauses levies on Mexico, raises China tariff to 125%")),
            "delay tariff US>MX; impose tariff US>CN 125%");
}

TEST(Reader, GoesOnWithAListOfRates) {
  EXPECT_EQ(told(read("*TRUMP: 46% TARIFF ON VIETNAM; 49% CAMBODIA; 24% JAPAN")),
            "impose tariff US>VN 46%; impose tariff US>KH 49%; impose tariff US>JP 24%");
}

TEST(Reader, TakesThePassiveTheRightWayRound) {
  EXPECT_EQ(told(read("Tariffs on Canadian lumber raised to 45%")),
            "impose tariff US>CA lumber 45%");
}

TEST(Reader, TakesWhatMovedAMarketAsTheCause) {
  EXPECT_EQ(told(read("Dax slides 2% on Trump plan to raise tariffs on European cars")),
            "threaten tariff US>EU autos");
}

TEST(Reader, TurnsADenialRound) {
  const Reading reading = read("No plans to delay tariffs on Mexico, Lutnick says");
  EXPECT_EQ(told(reading), "not delay tariff US>MX");
  EXPECT_EQ(reading.net, Net::Escalate);
}

TEST(Reader, MakesAThreatOfACondition) {
  EXPECT_EQ(told(read("If Paris keeps digital tax, US will impose tariffs on French wine")),
            "threaten tariff US>FR alcohol");
}

TEST(Reader, DatesTheMeasureAndNotTheOldDeadline) {
  EXPECT_EQ(told(read("US delays Aug. 1 tariffs on EU until Sept. 15", day(2025, 7, 20))),
            "delay tariff US>EU 2025-09-15");
}

TEST(Reader, LeavesRelativeDaysOpenAndTellsThem) {
  Reader reader;
  Reading reading;
  Trace trace;
  reader.read(test::shipped_tables(), "US to impose tariffs on India tomorrow", day(2025, 8, 1),
              reading, &trace);
  EXPECT_EQ(told(reading), "impose tariff US>IN");
  EXPECT_EQ(trace.unresolved_dates, std::vector<std::string>{"tomorrow"});
}

TEST(Reader, TellsThePronounFromTheCountry) {
  EXPECT_EQ(told(read("China to hit US with tariffs")), "impose tariff CN>US");
  EXPECT_EQ(told(read("china to hit us with tariffs")), "impose tariff CN>US");
}

TEST(Reader, AttributesToWhoDecidesAndToWhoDoesNot) {
  EXPECT_EQ(read("Trump says he will impose tariffs on Mexico").facts[0].attribution,
            Attribution::Decider);
  EXPECT_EQ(read("US to impose tariffs on Mexico, sources say").facts[0].attribution,
            Attribution::Sources);
  EXPECT_EQ(read("Trump says he will impose tariffs on Mexico").facts[0].speaker, Place("US"));
}

TEST(Reader, AsksForAPersonWhereItUnderstandsTooLittle) {
  const Reading reading = read("*TRUMP: TARIFFS AND MORE TARIFFS, WATCH BRUSSELS");
  EXPECT_EQ(reading.facts_count, 0);
  EXPECT_TRUE(reading.unscored);
  EXPECT_FALSE(read("Bakery wins prize").unscored);
}

TEST(Reader, KeepsAtMostItsRoomOfEvents) {
  std::string text = "Trump imposes 1% tariff on Canada";
  for (int i = 2; i < 30; ++i)
    text += "; " + std::to_string(i) + "% on Mexico";
  EXPECT_EQ(read(text).facts_count, kFactsMax);
}

TEST(Reader, CarriesNothingFromOneTextToTheNext) {
  Reader reader;
  Reading first;
  Reading other;
  Reading second;
  const std::string_view text = "EU threatens 25% tariff on US whiskey from April 1";
  reader.read(test::shipped_tables(), text, day(2025, 3, 1), first);
  reader.read(test::shipped_tables(), "Beijing bans antimony exports", WallNs{}, other);
  reader.read(test::shipped_tables(), text, day(2025, 3, 1), second);
  EXPECT_EQ(classify_json("x", first), classify_json("x", second));
}

TEST(Reader, SurvivesAnyBytes) {
  std::mt19937 random(7);
  Reader reader;
  Reading reading;
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 4'000, '\0');
    for (char& c : text)
      c = static_cast<char>(random());
    reader.read(test::shipped_tables(), text, day(2025, 1, 1), reading);
    ASSERT_LE(reading.facts_count, kFactsMax);
  }
}

TEST(Reader, CutsALongTextAndSaysSo) {
  std::string text;
  while (text.size() < 65'536)
    text += "tariff on China if not delay, ";
  const Reading reading = read(text);
  EXPECT_TRUE(reading.cut);
  EXPECT_LE(reading.facts_count, kFactsMax);
  EXPECT_FALSE(read("short").cut);
}

TEST(Reader, ReadsTheTextCutAtEveryLength) {
  const std::string text =
      "\u201CUS\u201D to impose 25% tariff &amp; curbs on China\u2019s steel, Nov. 1";
  for (std::size_t bytes = 0; bytes <= text.size(); ++bytes)
    EXPECT_LE(read(std::string_view(text).substr(0, bytes)).facts_count, 2) << bytes;
}

TEST(Reader, NeitherAllocatesNorCallsTheKernel) {
  Reader reader;
  Reading reading;
  const Tables& tables = test::shipped_tables();
  const std::string_view text = "Trump says US will impose 100% tariff on China from Nov 1";
#ifndef TARIFF_SANITIZED
  const test::AllocationCounter allocations;
  reader.read(tables, text, day(2025, 10, 10), reading);
  EXPECT_EQ(allocations.count(), 0);
  EXPECT_TRUE(
      test::runs_without_syscalls([&] { reader.read(tables, text, day(2025, 10, 10), reading); }));
#else
  reader.read(tables, text, day(2025, 10, 10), reading);
#endif
  EXPECT_EQ(reading.facts_count, 1);
}

}  // namespace
}  // namespace tariff
