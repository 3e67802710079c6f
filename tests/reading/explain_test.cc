#include "signals/reading/explain.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "tests/reading/support.h"

namespace tariff {
namespace {

using test::day;

TEST(ClassifyJson, HasTheFieldsOfTheEventModel) {
  EXPECT_EQ(classify_json("d1", Reading{}),
            R"({"id":"d1","net":"none","events":[],"confidence":0.000,"unscored":false})");
  Reading reading;
  reading.net = Net::Escalate;
  reading.facts_count = 1;
  reading.confidence = 0.5F;
  Facts& facts = reading.facts[0];
  facts.action = Action::Impose;
  facts.measure = Measure::Tariff;
  facts.flags = Facts::kRetaliation;
  facts.actors.add(Place("CN"));
  facts.targets.add(Place("US"));
  facts.products = 1U << static_cast<unsigned>(Product::Steel);
  facts.rate_pct = 2.5F;
  facts.effective_yyyymmdd = 20251101;
  facts.confidence = 0.5F;
  facts.rule.assign("put");
  EXPECT_EQ(classify_json("d1", reading),
            R"({"id":"d1","net":"escalate","events":[{"action":"impose","measure":"tariff",)"
            R"("denied":false,"retaliation":true,"actor":["CN"],"targets":["US"],)"
            R"("products":["steel"],"rate_pct":2.5,"effective":"2025-11-01","confidence":0.500,)"
            R"("attribution":"unknown","rule":"put"}],"confidence":0.500,"unscored":false})");
}

TEST(ClassifyJson, EscapesAnyId) {
  const std::string line = classify_json("a\"b\\c\n\x01\xFF\u00E9", Reading{});
  EXPECT_EQ(line.substr(0, line.find(",\"net\"")), R"({"id":"a\"b\\c\n\u0001\ufffdé")");
}

TEST(Explain, TellsWhatStoppedARule) {
  Reader reader;
  Reading reading;
  Trace trace;
  reader.read(test::shipped_tables(), "Explainer: Trump imposes tariffs on China", day(2025, 1, 1),
              reading, &trace);
  EXPECT_EQ(reading.facts_count, 0);
  const std::string text = explain_text(trace, reading);
  EXPECT_NE(text.find("stopped by frame explainer"), std::string::npos) << text;
}

constexpr std::string_view kLexicon = R"(
[place.US]
both = ["us"]
[measure.tariff]
nouns = ["tariff"]
[concept.curb]
is = ["measure"]
nouns = ["curb"]
[concept.put]
verbs = ["impose"]
[concept.cut]
verbs = ["lift"]
[concept.with]
phrases = ["with"]
[concept.sport]
nouns = ["goalkeeper"]
)";
constexpr std::string_view kRules = R"(
[[rule]]
id = "put"
action = "impose"
unless = ["sport"]
match = ["T:put ..2 O:measure"]
[[rule]]
id = "cut"
action = "ease"
needs = ["with"]
in = ["main"]
match = ["^ place T:cut ..1 O:measure !sport"]
)";

Trace trace_of(std::string_view text) {
  ConfigErrors errors;
  const auto tables = parse_tables(kLexicon, kRules, errors);
  EXPECT_NE(tables, nullptr) << errors.to_text();
  Reader reader;
  Reading reading;
  Trace trace;
  if (tables) reader.read(*tables, text, WallNs{}, reading, &trace);
  return trace;
}

/// "rule: obstacle" of the nearest miss; empty if there is none.
std::string nearest(std::string_view text) {
  const Trace trace = trace_of(text);
  if (trace.near_misses.empty()) return "";
  return trace.near_misses[0].rule + ": " + trace.near_misses[0].stopped_by;
}

TEST(Explain, NamesTheGuardThatStoppedARule) {
  const auto stop_of = [](std::string_view text) {
    const Trace trace = trace_of(text);
    return trace.steps.empty() ? "no step" : trace.steps[0].stopped_by;
  };
  EXPECT_EQ(stop_of("US imposes tariffs"), "");
  EXPECT_EQ(stop_of("US imposes tariffs on goalkeepers"), "guard: the text has sport");
  EXPECT_EQ(stop_of("US lifts tariffs"), "guard: the text has none of with");
  EXPECT_EQ(stop_of("US imposes curbs"), "no word that tells which measure it is");
}

TEST(Explain, TellsTheOneThingThatARuleLacks) {
  EXPECT_EQ(nearest("US wallops tariffs"), "cut: no cut");
  EXPECT_EQ(nearest("US lifts mood"), "cut: no measure");
  EXPECT_EQ(nearest("yesterday US lifts tariffs"), "cut: it does not begin the clause");
  EXPECT_EQ(nearest("US lifts tariffs goalkeepers"), "cut: sport stands in the way");
  EXPECT_EQ(nearest("US lifts each and every one of its old tariffs"),
            "cut: its words stand too far apart");
}

TEST(Explain, ShowsTheNearestMissesOnly) {
  const Trace trace = trace_of("US lifts mood");
  ASSERT_EQ(trace.near_misses.size(), 1U) << "put has none of its two words";
  EXPECT_EQ(trace.near_misses[0].outcome, "ease");
  EXPECT_EQ(trace.spans[trace.near_misses[0].first_span].text, "us");
  EXPECT_EQ(trace.spans[trace.near_misses[0].last_span].text, "lifts");
  EXPECT_TRUE(trace_of("goalkeepers").near_misses.empty());
  EXPECT_EQ(nearest("tariffs"), "put: no put") << "half of two words, if nothing is nearer";
}

TEST(Explain, PointsIntoTheOriginalText) {
  Reader reader;
  Reading reading;
  Trace trace;
  const std::string_view original = "<b>US</b> &amp; \u201CChina\u201D agree";
  reader.read(test::shipped_tables(), original, WallNs{}, reading, &trace);
  for (const Trace::Span& span : trace.spans) {
    if (span.text != "china") continue;
    EXPECT_EQ(original.substr(span.begin_bytes, span.end_bytes - span.begin_bytes), "China");
    return;
  }
  FAIL() << "no span for China";
}

TEST(Explain, IsJsonForTools) {
  Reader reader;
  Reading reading;
  Trace trace;
  reader.read(test::shipped_tables(), "*TRUMP: \"25% TARIFF\" ON EU\n\xFF from June 1",
              day(2025, 5, 23), reading, &trace);
  simdjson::dom::parser parser;
  const std::string json = explain_json(trace, reading);
  simdjson::dom::element parsed;
  ASSERT_EQ(parser.parse(json).get(parsed), simdjson::SUCCESS) << json;
  EXPECT_GT(parsed["spans"].get_array().value().size(), 4U);
  EXPECT_EQ(parsed["raw_confidences"].get_array().value().size(), reading.facts_count);
  EXPECT_TRUE(parsed["near_misses"].is_array());
  EXPECT_EQ(parsed["speaker"].get_string().value(), "trump");
}

}  // namespace
}  // namespace tariff
