// What the engine publishes when a story is told again, corrected, deleted, or refused.
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/signals/engine_testing.h"

namespace tariff {
namespace {

using EngineStoriesTest = test::EngineTest;
using test::LimitedSink;
using test::Published;

TEST_F(EngineStoriesTest, ASecondOriginConfirmsTheEventAndItsStrongerSignalsReplaceTheFirst) {
  const auto first = publish(headline(kThreat, "1", "reuters"));
  const auto again = publish(headline(kThreat, "2", "bloomberg"));
  const auto event = event_in(again);
  EXPECT_EQ(event.event_id, 1U);
  EXPECT_EQ(event.revision, 2U);
  EXPECT_EQ(event.novelty, Novelty::Confirmation);
  EXPECT_EQ(event.origins, 2);
  EXPECT_GT(event.confidence, event_in(first).confidence);
  const auto before = signal_for(first, "SPY");
  const auto after = signal_for(again, "SPY");
  ASSERT_TRUE(before && after);
  EXPECT_EQ(before->flags, 0);
  EXPECT_EQ(after->flags, SignalBody::kReplaces);
  EXPECT_LT(after->score, before->score);
  EXPECT_EQ(after->revision, 2U);
  EXPECT_EQ(count_of(publish(deletion("1", "reuters")), RecordType::Retract), 0U);
  EXPECT_EQ(count_of(publish(deletion("2", "bloomberg")), RecordType::Retract), first.size())
      << "each instrument once, and the event";
}

TEST_F(EngineStoriesTest, CopiesConfirmTheEventAndBringNoSecondSignal) {
  (void)publish(headline(kThreat, "1", "squawk"));
  const std::string cited = std::string(kThreat) + ", source: squawk";
  std::uint32_t revision = 1;
  for (const auto& [text, source] :
       {std::pair(std::string(kThreat), "social"), std::pair(cited, "reuters"),
        std::pair(cited, "bloomberg"), std::pair(std::string(kThreat), "another account")}) {
    const auto copy = publish(headline(text, std::to_string(++revision), source));
    ASSERT_EQ(copy.size(), 1U);
    EXPECT_EQ(event_in(copy).novelty, Novelty::Confirmation);
    EXPECT_EQ(event_in(copy).origins, 1);
    EXPECT_EQ(event_in(copy).revision, revision);
  }
}

TEST_F(EngineStoriesTest, AStoryThatOnlyCopiesTellGoesWithItsFirstItem) {
  const auto first = publish(headline(kThreat, "1", "squawk"));
  (void)publish(headline(kThreat, "2", "social"));
  EXPECT_EQ(count_of(publish(deletion("1", "squawk")), RecordType::Retract), first.size());
}

TEST_F(EngineStoriesTest, AChangedFactFromAnotherSourceMovesTheEventAndReplacesItsSignals) {
  const auto first = publish(headline(kThreat, "1", "reuters"));
  const auto changed = publish(headline(kLowerThreat, "2", "bloomberg"));
  const auto event = event_in(changed);
  EXPECT_EQ(event.event_id, 1U);
  EXPECT_EQ(event.revision, 2U);
  EXPECT_EQ(event.novelty, Novelty::Update);
  EXPECT_EQ(event.origins, 1) << "reuters told another rate";
  EXPECT_EQ(count_of(changed, RecordType::Retract), 0U);
  const auto signal = signal_for(changed, "SPY");
  ASSERT_TRUE(signal);
  EXPECT_EQ(signal->flags, SignalBody::kReplaces);
  EXPECT_GT(signal->score, signal_for(first, "SPY")->score);
}

TEST_F(EngineStoriesTest, AnInstrumentThatAnUpdateNoLongerMovesIsTakenBack) {
  const auto first = publish(headline("US to impose 100% tariff on China and Mexico", "1"));
  const auto changed =
      publish(headline("US to impose 100% tariff on China, Canada", "2", "bloomberg"));
  ASSERT_TRUE(signal_for(first, "EWW"));
  EXPECT_EQ(event_in(changed).novelty, Novelty::Update);
  ASSERT_EQ(count_of(changed, RecordType::Retract), 1U);
  const auto retract = changed[1].body<RetractBody>();
  EXPECT_EQ(retract.instrument.view(), "EWW");
  EXPECT_EQ(retract.reason, RetractReason::Superseded);
}

TEST_F(EngineStoriesTest, AnAccountThatIsNotActedOnAloneDoesNotMoveTheEventOfAnother) {
  (void)publish(headline(kThreat, "1", "reuters"));
  const auto changed = publish(headline(kLowerThreat, "2", "social"));
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_NE(event_in(changed).event_id, 1U);
  EXPECT_EQ(event_in(changed).flags, EventBody::kWaiting);
}

TEST_F(EngineStoriesTest, WhatWasDeniedIsNewsWhenTheSideThatDecidesSaysItAfterAll) {
  constexpr std::string_view kPause = "Trump to pause tariffs on China for 90 days";
  const auto first = publish(headline(kPause, "1", "squawk"));
  ASSERT_GT(count_of(first, RecordType::Signal), 0U);
  const auto denial =
      publish(headline("White House denies 90-day pause of tariffs on China", "2", "reuters"));
  EXPECT_EQ(event_in(denial).event_id, 1U);
  EXPECT_EQ(count_of(denial, RecordType::Signal), 0U);
  EXPECT_EQ(count_of(denial, RecordType::Retract), first.size());
  EXPECT_EQ(publish(headline(kPause, "3", "social")).size(), 1U) << "a copy that comes late";
  const auto decided = publish(headline(kPause, "4", "realdonaldtrump"));
  EXPECT_EQ(event_in(decided).novelty, Novelty::New);
  EXPECT_GT(count_of(decided, RecordType::Signal), 0U);
}

TEST_F(EngineStoriesTest, TheWindowOfRepeatsAndTheLimitOfAgeCanBeSet) {
  Engine patient(desk(), infos({"wire"}), sink_, counters_,
                 {.repeat_after_ns = 0, .stale_after_ns = 0}, nullptr);
  Headline old = headline(kThreat, "1", "reuters");
  old.published.ns -= kNsPerDay;
  patient.on_event(old);
  const auto first = take();
  EXPECT_EQ(event_in(first).flags, 0);
  EXPECT_GT(count_of(first, RecordType::Signal), 0U);
  Headline again = headline(kThreat, "2", "bloomberg");
  again.received.wall.ns += 1;
  patient.on_event(again);
  const auto second = take();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(event_in(second).novelty, Novelty::Repeat);
}

TEST_F(EngineStoriesTest, TheSameFactsFromTheSameSourceAreARepeat) {
  (void)publish(headline(kThreat, "1"));
  const auto again = publish(headline(kThreat, "2"));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].body<EventBody>().novelty, Novelty::Repeat);
  EXPECT_EQ(again[0].body<EventBody>().origins, 1);
}

TEST_F(EngineStoriesTest, AnEditThatChangesTheRateTakesTheSignalsBackBeforeItSendsNewOnes) {
  const auto first = publish(headline(kThreat));
  engine_.on_quote(quote("SPY", 650, 650, 4'999));
  const auto second = publish(edit(kLowerThreat));
  const std::size_t signals = first.size() - 1;
  ASSERT_GT(second.size(), signals + 1);
  for (std::size_t i = 0; i < signals; ++i) {
    ASSERT_EQ(second[i].type(), RecordType::Retract);
    const auto retract = second[i].body<RetractBody>();
    EXPECT_EQ(retract.reason, RetractReason::Corrected);
    EXPECT_EQ(retract.supersedes_seq, first[i + 1].header.seq);
    if (retract.instrument.view() == "SPY") {
      EXPECT_EQ(retract.mid_now, 650);
    }
  }
  ASSERT_EQ(second[signals].type(), RecordType::Event);
  const auto event = second[signals].body<EventBody>();
  EXPECT_EQ(event.event_id, 1U);
  EXPECT_EQ(event.revision, 2U);
  EXPECT_EQ(event.novelty, Novelty::Update);
  EXPECT_EQ(second[signals].fact(0).rate_pct, 50);
  EXPECT_TRUE(signal_for(second, "SPY"));
}

TEST_F(EngineStoriesTest, AnEditThatChangesNoFactBringsNoSignalAndTakesNoneBack) {
  (void)publish(headline(kThreat));
  const auto second =
      publish(edit("US to impose additional 100% tariff on China from Nov. 1, Trump says"));
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].body<EventBody>().novelty, Novelty::Update);
}

TEST_F(EngineStoriesTest, AnItemThatTheSourceDeletesIsRetractedWithItsSignals) {
  const auto first = publish(headline(kThreat));
  const auto second = publish(deletion());
  ASSERT_EQ(second.size(), first.size());
  EXPECT_TRUE(second[0].body<RetractBody>().instrument.empty()) << "the event itself comes first";
  for (const Published& one : second) {
    ASSERT_EQ(one.type(), RecordType::Retract);
    EXPECT_EQ(one.body<RetractBody>().reason, RetractReason::SourceDeleted);
  }
}

TEST_F(EngineStoriesTest, AStoryWhoseOnlyItemWasDeletedIsNewWhenAnotherSourceTellsIt) {
  const auto first = publish(headline(kThreat, "1", "reuters"));
  (void)publish(deletion());
  const auto again = publish(headline(kThreat, "2", "bloomberg"));
  const auto event = event_in(again);
  EXPECT_EQ(event.novelty, Novelty::New);
  EXPECT_NE(event.event_id, 1U);
  EXPECT_EQ(event.origins, 1);
  EXPECT_EQ(again.size(), first.size()) << "with its signals";
  EXPECT_TRUE(publish(deletion()).empty()) << "what is deleted twice is taken back once";
}

TEST_F(EngineStoriesTest, AStoryThatAnotherSourceConfirmedStandsWhenTheFirstDeletesItsItem) {
  const auto first = publish(headline(kThreat, "1", "reuters"));
  (void)publish(headline(kThreat, "2", "bloomberg"));
  EXPECT_TRUE(publish(deletion("1", "reuters")).empty());
  const auto again = publish(headline(kThreat, "3", "ap"));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(event_in(again).event_id, 1U);
  EXPECT_EQ(event_in(again).novelty, Novelty::Confirmation);
  EXPECT_EQ(event_in(again).origins, 2) << "bloomberg and ap";
  EXPECT_TRUE(publish(deletion("3", "ap")).empty());
  const auto last = publish(deletion("2", "bloomberg"));
  EXPECT_EQ(count_of(last, RecordType::Retract), first.size()) << "nobody tells it any more";
}

TEST_F(EngineStoriesTest, AnEditIntoAnotherStoryTakesItsOwnSignalsBackAndConfirmsTheOther) {
  const auto first = publish(headline(kElsewhere, "1", "reuters"));
  const auto other = publish(headline(kThreat, "2", "bloomberg"));
  const auto merged = publish(edit(kThreat, "1", "reuters"));
  ASSERT_EQ(count_of(merged, RecordType::Retract), first.size());
  EXPECT_TRUE(merged[0].body<RetractBody>().instrument.empty()) << "the event itself comes first";
  for (std::size_t i = 0; i < first.size(); ++i) {
    ASSERT_EQ(merged[i].type(), RecordType::Retract);
    EXPECT_EQ(merged[i].body<RetractBody>().reason, RetractReason::Corrected);
    EXPECT_EQ(merged[i].body<RetractBody>().event_id, 1U);
    EXPECT_EQ(merged[i].body<RetractBody>().supersedes_seq, first[i].header.seq);
  }
  const auto event = event_in(merged);
  EXPECT_EQ(event.event_id, event_in(other).event_id);
  EXPECT_EQ(event.revision, 2U);
  EXPECT_EQ(event.novelty, Novelty::Confirmation);
  EXPECT_EQ(event.origins, 2);
  EXPECT_TRUE(publish(deletion("1", "reuters")).empty()) << "the other story stands";
  EXPECT_EQ(event_in(publish(headline(kElsewhere, "3", "ap"))).novelty, Novelty::New)
      << "the story that it left is gone";
}

TEST_F(EngineStoriesTest, AnEditOfAConfirmingItemLeavesTheStoryStandingAndIsNewsOfItsOwn) {
  (void)publish(headline(kThreat, "1", "reuters"));
  (void)publish(headline(kThreat, "2", "bloomberg"));
  const auto edited = publish(edit(kElsewhere, "2", "bloomberg"));
  EXPECT_EQ(event_in(edited).novelty, Novelty::New);
  EXPECT_EQ(count_of(edited, RecordType::Retract), 0U);
  EXPECT_GT(count_of(edited, RecordType::Signal), 0U);
  const auto again = publish(headline(kThreat, "3", "ap"));
  EXPECT_EQ(event_in(again).event_id, 1U);
  EXPECT_EQ(event_in(again).origins, 2) << "reuters and ap";
}

TEST_F(EngineStoriesTest, AConfirmingItemEditedToNoNewsLeavesTheStoryInSilence) {
  (void)publish(headline(kThreat, "1", "reuters"));
  (void)publish(headline(kThreat, "2", "bloomberg"));
  EXPECT_TRUE(publish(edit("Company profits fall after a mild winter", "2", "bloomberg")).empty());
  EXPECT_EQ(event_in(publish(headline(kThreat, "3", "ap"))).origins, 2);
}

TEST_F(EngineStoriesTest, AfterACorrectionTheOldFactsAreOldNews) {
  (void)publish(headline(kThreat, "1", "reuters"));
  (void)publish(headline(kThreat, "2", "bloomberg"));
  EXPECT_EQ(event_in(publish(edit(kLowerThreat, "1", "reuters"))).origins, 1)
      << "bloomberg told the old facts";
  const auto follows = publish(edit(kLowerThreat, "2", "bloomberg"));
  EXPECT_EQ(event_in(follows).event_id, 1U);
  EXPECT_EQ(event_in(follows).novelty, Novelty::Confirmation);
  const auto late = publish(headline(kThreat, "3", "ap"));
  ASSERT_EQ(late.size(), 1U) << "no signal";
  EXPECT_EQ(event_in(late).event_id, 1U);
  EXPECT_EQ(event_in(late).novelty, Novelty::Repeat);
}

TEST_F(EngineStoriesTest, AnEventThatTheJournalRefusesIsNewAtItsNextTelling) {
  for (const std::size_t bytes_max : {std::size_t{0}, LimitedSink::kNoEventFitsBytes}) {
    sink_.bytes_max = bytes_max;
    const auto refused = counters_.get(Counter::JournalRefused);
    EXPECT_TRUE(publish(headline(kThreat, "1", "reuters")).empty());
    EXPECT_EQ(counters_.get(Counter::JournalRefused), refused + 1) << "no signal is tried";
  }
  EXPECT_EQ(counters_.get(Counter::EventsPublished), 0U);
  EXPECT_EQ(counters_.get(Counter::SignalsPublished), 0U);

  sink_.bytes_max = LimitedSink::kUnlimited;
  const auto told = publish(headline(kThreat, "2", "bloomberg"));
  EXPECT_EQ(event_in(told).novelty, Novelty::New);
  EXPECT_EQ(event_in(told).event_id, told[0].header.seq);
  EXPECT_TRUE(signal_for(told, "SPY"));
  const auto again = publish(headline(kThreat, "1", "reuters"));
  EXPECT_EQ(event_in(again).novelty, Novelty::Confirmation) << "not an edit of what was refused";
}

TEST_F(EngineStoriesTest, AConfirmationThatTheJournalRefusesLeavesNoTrace) {
  (void)publish(headline(kThreat, "1", "reuters"));
  sink_.bytes_max = 0;
  (void)publish(headline(kThreat, "2", "bloomberg"));
  EXPECT_EQ(counters_.get(Counter::RepeatsHeld), 0U);
  sink_.bytes_max = LimitedSink::kUnlimited;
  const auto event = event_in(publish(headline(kThreat, "2", "bloomberg")));
  EXPECT_EQ(event.novelty, Novelty::Confirmation);
  EXPECT_EQ(event.revision, 2U);
  EXPECT_EQ(event.origins, 2);
}

TEST_F(EngineStoriesTest, SignalsThatTheJournalRefusesAreNotCountedAsPublished) {
  sink_.records_left = 2;
  const auto published = publish(headline(kThreat));
  ASSERT_EQ(published.size(), 2U);
  EXPECT_EQ(counters_.get(Counter::EventsPublished), 1U);
  EXPECT_EQ(counters_.get(Counter::SignalsPublished), 1U);
  EXPECT_GT(counters_.get(Counter::JournalRefused), 0U);
  sink_.records_left = LimitedSink::kUnlimited;
  EXPECT_EQ(count_of(publish(deletion()), RecordType::Retract), 2U) << "what was not sent stays";
}

TEST_F(EngineStoriesTest, ACorrectionSendsNoNewSignalWhileAnOldOneCannotBeTakenBack) {
  const auto first = publish(headline(kThreat));
  const std::size_t signals = first.size() - 1;
  sink_.records_left = 1;
  const auto part = publish(edit(kLowerThreat));
  ASSERT_EQ(part.size(), 1U);
  EXPECT_EQ(part[0].body<RetractBody>().supersedes_seq, first[1].header.seq);
  EXPECT_EQ(counters_.get(Counter::RetractsPublished), 1U);

  sink_.records_left = LimitedSink::kUnlimited;
  const auto rest = publish(edit(kLowerThreat));
  ASSERT_EQ(count_of(rest, RecordType::Retract), signals - 1) << "each is taken back once";
  EXPECT_EQ(rest[0].body<RetractBody>().supersedes_seq, first[2].header.seq);
  EXPECT_EQ(event_in(rest).novelty, Novelty::Update);
  EXPECT_EQ(event_in(rest).revision, 2U);
  EXPECT_TRUE(signal_for(rest, "SPY"));
}

TEST_F(EngineStoriesTest, ACorrectionWhoseEventIsRefusedIsNotRememberedAsTold) {
  (void)publish(headline(kThreat));
  sink_.bytes_max = LimitedSink::kNoEventFitsBytes;
  EXPECT_EQ(count_of(publish(edit(kLowerThreat)), RecordType::Signal), 0U);
  sink_.bytes_max = LimitedSink::kUnlimited;
  const auto other = publish(headline(kLowerThreat, "2", "bloomberg"));
  EXPECT_EQ(event_in(other).novelty, Novelty::New) << "the refused edit left no trace";
}

TEST_F(EngineStoriesTest, ADeletionThatTheJournalRefusesIsTriedAgainWhenItComesAgain) {
  const auto first = publish(headline(kThreat));
  sink_.records_left = 0;
  EXPECT_TRUE(publish(deletion()).empty());
  EXPECT_EQ(counters_.get(Counter::RetractsPublished), 0U);
  sink_.records_left = LimitedSink::kUnlimited;
  EXPECT_EQ(count_of(publish(deletion()), RecordType::Retract), first.size());
}

}  // namespace
}  // namespace tariff
