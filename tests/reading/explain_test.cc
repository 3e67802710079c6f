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
  EXPECT_EQ(parsed["speaker"].get_string().value(), "trump");
}

}  // namespace
}  // namespace tariff
