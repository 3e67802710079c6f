#include "daemon/score_card.h"

#include <gtest/gtest.h>

#include "daemon/score_text.h"

namespace tariff {
namespace {

LabelledEvent event(Action action, std::vector<std::string> targets = {},
                    std::optional<double> rate_pct = std::nullopt) {
  LabelledEvent out;
  out.action = action;
  out.measure = Measure::Tariff;
  out.actor = {"US"};
  out.targets = std::move(targets);
  out.rate_pct = rate_pct;
  return out;
}

LabelledEvent denied(LabelledEvent out) {
  out.denied = true;
  return out;
}

LabelledEvent sure(double confidence, LabelledEvent out) {
  out.confidence = confidence;
  return out;
}

Labelled headline(Net net, std::vector<LabelledEvent> events) {
  Labelled out;
  out.id = "h";
  out.text = "Text";
  out.net = net;
  out.events = std::move(events);
  return out;
}

double figure(const ScoreCard& card, std::string_view name) {
  for (const auto& [known, value] : card.figures()) {
    if (known == name) return value;
  }
  ADD_FAILURE() << "no figure " << name;
  return -1;
}

const Labelled kNoNews = headline(Net::None, {});

TEST(ScoreCard, IsAllZeroBeforeTheFirstHeadline) {
  const ScoreCard card;
  for (const auto& [name, value] : card.figures())
    EXPECT_EQ(value, 0) << name;
  EXPECT_EQ(calibration_error(card.samples()), 0);
}

TEST(ScoreCard, IsPerfectWhereEverythingAgrees) {
  ScoreCard card;
  const Labelled gold = headline(Net::Escalate, {event(Action::Impose, {"CN"}, 25)});
  EXPECT_TRUE(card.add(gold, gold));
  EXPECT_TRUE(card.add(kNoNews, kNoNews));
  for (const auto& [name, value] : card.figures()) {
    EXPECT_EQ(value, name == "false_alarms" || name == "sign_flips" ? 0 : 1) << name;
  }
}

TEST(ScoreCard, TellsAMissedHeadlineFromAFalseAlarm) {
  ScoreCard card;
  const Labelled news = headline(Net::Escalate, {event(Action::Impose)});
  EXPECT_TRUE(card.add(news, news));
  EXPECT_FALSE(card.add(news, kNoNews));
  EXPECT_FALSE(card.add(news, kNoNews));
  EXPECT_FALSE(card.add(kNoNews, news));
  EXPECT_TRUE(card.add(kNoNews, kNoNews));
  EXPECT_DOUBLE_EQ(figure(card, "relevance_p"), 1.0 / 2);
  EXPECT_DOUBLE_EQ(figure(card, "relevance_r"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(figure(card, "relevance_f1"), 0.4);
  EXPECT_DOUBLE_EQ(figure(card, "false_alarms"), 1.0 / 2);
  EXPECT_DOUBLE_EQ(figure(card, "net"), 2.0 / 5);
  EXPECT_DOUBLE_EQ(figure(card, "sign_flips"), 0) << "silence has no sign";
  EXPECT_DOUBLE_EQ(figure(card, "exact"), 1.0 / 3);
}

TEST(ScoreCard, CountsASignFlipOnlyBetweenTheTwoDirections) {
  ScoreCard card;
  const Labelled up = headline(Net::Escalate, {event(Action::Impose)});
  const Labelled down = headline(Net::Deescalate, {denied(event(Action::Impose))});
  const Labelled mixed = headline(Net::Mixed, {event(Action::Impose), event(Action::Delay)});
  (void)card.add(up, down);
  (void)card.add(down, up);
  (void)card.add(up, mixed);
  (void)card.add(down, down);
  (void)card.add(mixed, up);
  EXPECT_DOUBLE_EQ(figure(card, "sign_flips"), 2.0 / 4);
}

TEST(ScoreCard, MatchesEventsByActionAndDenial) {
  ScoreCard card;
  (void)card.add(headline(Net::Mixed, {event(Action::Impose), event(Action::Delay)}),
                 headline(Net::Escalate, {event(Action::Impose), denied(event(Action::Delay)),
                                          event(Action::Impose)}));
  EXPECT_DOUBLE_EQ(figure(card, "event_p"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(figure(card, "event_r"), 1.0 / 2);
  EXPECT_DOUBLE_EQ(figure(card, "event_f1"), 0.4);
  // impose: 1 of 1 found, 1 of 2 told right; delay: nothing right.
  EXPECT_DOUBLE_EQ(figure(card, "event_macro_f1"), (2.0 / 3 + 0) / 2);
}

TEST(ScoreCard, PairsTheEventsThatAreMostAlike) {
  const std::vector<LabelledEvent> gold{event(Action::Impose, {"CN"}, 10),
                                        event(Action::Impose, {"CA"}, 25)};
  const std::vector<LabelledEvent> predicted{event(Action::Impose, {"CA"}, 25),
                                             event(Action::Impose, {"CN"}, 35)};
  const auto pairs = match_events(gold, predicted);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].gold, 1U) << "the pair with every field equal comes first";
  EXPECT_EQ(pairs[0].predicted, 0U);
  ScoreCard card;
  EXPECT_FALSE(card.add(headline(Net::Escalate, gold), headline(Net::Escalate, predicted)));
  EXPECT_DOUBLE_EQ(figure(card, "targets"), 1);
  EXPECT_DOUBLE_EQ(figure(card, "rate_pct"), 1.0 / 2);
  EXPECT_DOUBLE_EQ(figure(card, "exact"), 0);
}

TEST(ScoreCard, HoldsEveryFieldAgainstItsOwn) {
  const LabelledEvent base = event(Action::Impose, {"CN"}, 25);
  std::vector<LabelledEvent> others(kCardFields.size(), base);
  others[0].measure = Measure::Quota;
  others[1].retaliation = true;
  others[2].actor = {"EU"};
  others[3].targets = {};
  others[4].products = {"steel"};
  others[5].rate_pct = std::nullopt;
  others[6].effective = "2025-11-01";
  for (std::size_t changed = 0; changed < kCardFields.size(); ++changed) {
    for (std::size_t field = 0; field < kCardFields.size(); ++field) {
      EXPECT_EQ(equal_field(field, base, others[changed]), field != changed)
          << kCardFields[field] << " where " << kCardFields[changed] << " differs";
    }
  }
}

TEST(ScoreCard, ConfusesWhatIsLeftOverInOneHeadline) {
  ScoreCard card;
  (void)card.add(headline(Net::Mixed, {event(Action::Impose), event(Action::Delay)}),
                 headline(Net::Escalate, {event(Action::Impose), denied(event(Action::Delay))}));
  (void)card.add(headline(Net::Deescalate, {event(Action::Talks)}), kNoNews);
  (void)card.add(kNoNews, headline(Net::Deescalate, {event(Action::Deal)}));
  const ScoreCard::Confusion expected{{"delay", {{"not delay", 1}}},
                                      {"impose", {{"impose", 1}}},
                                      {"nothing", {{"deal", 1}}},
                                      {"talks", {{"nothing", 1}}}};
  EXPECT_EQ(card.confusion(), expected);
}

TEST(ScoreCard, HoldsConfidenceAgainstTheShareThatIsRight) {
  ScoreCard card;
  const Labelled gold = headline(Net::Escalate, {event(Action::Impose)});
  (void)card.add(gold, headline(Net::Escalate, {sure(0.92, event(Action::Impose))}));
  (void)card.add(gold, headline(Net::Escalate, {sure(0.98, event(Action::Threaten))}));
  (void)card.add(gold, headline(Net::Escalate, {sure(1, event(Action::Impose, {"CN"}, 10))}));
  (void)card.add(kNoNews, headline(Net::Escalate, {sure(0.25, event(Action::Impose))}));
  const auto bins = reliability(card.samples());
  EXPECT_EQ(bins[2].count, 1U);
  EXPECT_DOUBLE_EQ(bins[2].right, 0);
  EXPECT_EQ(bins[9].count, 3U) << "1 is in the last bin";
  EXPECT_NEAR(bins[9].confidence, (0.92 + 0.98 + 1) / 3, 1e-12);
  EXPECT_NEAR(bins[9].right, 2.0 / 3, 1e-12) << "other fields do not make an event wrong";
  EXPECT_NEAR(calibration_error(card.samples()), (0.25 + (2.9 - 2)) / 4, 1e-12);
}

TEST(ScoreText, MarksTheFieldThatDiffers) {
  const Labelled gold = headline(Net::Escalate, {event(Action::Impose, {"CN"}, 25)});
  Labelled predicted = headline(Net::Escalate, {event(Action::Impose, {"CN"}, 10)});
  predicted.events[0].rule = "put";
  EXPECT_EQ(difference_text(gold, predicted),
            "\nh  Text\n"
            "                 labelled                       read\n"
            "    net          escalate                       escalate\n"
            "    event        impose                         impose\n"
            "    measure      tariff                         tariff\n"
            "    actor        US                             US\n"
            "    targets      CN                             CN\n"
            "  * rate_pct     25                             10\n"
            "    rule         -                              put\n");
}

TEST(ScoreText, ShowsAnEventWithoutCounterpartAndEscapesTheText) {
  Labelled gold = headline(Net::Escalate, {event(Action::Impose)});
  gold.text = "\x1b[31mred";
  const std::string text = difference_text(gold, kNoNews);
  EXPECT_NE(text.find("h  \\x1b[31mred\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  * event        impose                         -\n"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace tariff
