#include "daemon/labelled.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace tariff {
namespace {

/// What is wrong with a line that holds `event` alone; empty if nothing is.
std::string problem_of(const std::string& event) {
  Labelled row;
  return parse_labelled(R"({"id":"a","events":[)" + event + "]}", row).value_or("");
}

TEST(Labelled, ReadsEveryField) {
  Labelled row;
  const auto problem = parse_labelled(
      R"({"id":7,"text":"T","published_at":"2025-10-10","net":"mixed","events":[{"action":"ease",)"
      R"("measure":"quota","denied":true,"retaliation":true,"actor":["US","CN"],"targets":["*"],)"
      R"("products":["steel","copper"],"rate_pct":2.5,"effective":"2025-11-01","confidence":0.5,)"
      R"("rule":"cut"}]})",
      row);
  ASSERT_EQ(problem, std::nullopt);
  EXPECT_EQ(row.id, "7");
  EXPECT_EQ(row.text, "T");
  EXPECT_EQ(row.published_at, "2025-10-10");
  EXPECT_EQ(row.net, Net::Mixed);
  ASSERT_EQ(row.events.size(), 1U);
  const LabelledEvent& event = row.events[0];
  EXPECT_EQ(event.action, Action::Ease);
  EXPECT_EQ(event.measure, Measure::Quota);
  EXPECT_TRUE(event.denied);
  EXPECT_TRUE(event.retaliation);
  EXPECT_EQ(event.actor, (std::vector<std::string>{"CN", "US"})) << "sorted";
  EXPECT_EQ(event.targets, (std::vector<std::string>{"*"}));
  EXPECT_EQ(event.products, (std::vector<std::string>{"copper", "steel"}));
  EXPECT_EQ(event.rate_pct, 2.5);
  EXPECT_EQ(event.effective, "2025-11-01");
  EXPECT_EQ(event.confidence, 0.5);
  EXPECT_EQ(event.rule, "cut");
}

TEST(Labelled, TakesTheDirectionFromTheEventsWhereTheLineHasNone) {
  const auto net_of = [](const std::string& events) {
    Labelled row;
    EXPECT_EQ(parse_labelled(R"({"id":"a","net":null,"events":[)" + events + "]}", row),
              std::nullopt);
    return row.net;
  };
  const std::string impose = R"({"action":"impose","measure":"tariff"})";
  const std::string not_impose = R"({"action":"impose","measure":"tariff","denied":true})";
  EXPECT_EQ(net_of(""), Net::None);
  EXPECT_EQ(net_of(impose), Net::Escalate);
  EXPECT_EQ(net_of(not_impose), Net::Deescalate);
  EXPECT_EQ(net_of(impose + "," + not_impose), Net::Mixed);
}

TEST(Labelled, SaysWhatIsWrongWithAnEvent) {
  EXPECT_EQ(problem_of("3"), "event 1: is not an object");
  EXPECT_EQ(problem_of(R"({"measure":"tariff"})"), "event 1: has no string \"action\"");
  EXPECT_EQ(problem_of(R"({"action":"hike","measure":"tariff"})"),
            "event 1: \"action\" is 'hike', which is not one of threaten, impose, delay, ease, "
            "talks, deal, breakdown, block, uphold");
  EXPECT_EQ(problem_of(R"({"action":"ease","measure":"tariff","denied":"no"})"),
            "event 1: \"denied\" is not true or false");
  EXPECT_EQ(problem_of(R"({"action":"ease","measure":"tariff","rate_pct":"5"})"),
            "event 1: \"rate_pct\" is not a number");
  EXPECT_EQ(problem_of(R"({"action":"ease","measure":"tariff","targets":"CN"})"),
            "event 1: \"targets\" is not a list");
  EXPECT_EQ(problem_of(R"({"action":"ease","measure":"tariff","actor":[1]})"),
            "event 1: \"actor\" is not a list of strings");
  EXPECT_EQ(problem_of(R"({"action":"ease","measure":"tariff","confidence":1.5})"),
            "event 1: \"confidence\" is outside 0..1");
  EXPECT_EQ(
      problem_of(R"({"action":"ease","measure":"tariff","products":["stele"]})").substr(0, 51),
      "event 1: \"products\" is 'stele', which is not one of");
}

TEST(Labelled, TellsEveryBadLineOfAFile) {
  const std::string path = testing::TempDir() + "labelled_test.ndjson";
  std::ofstream(path) << R"({"id":"a","events":[]})"
                         "\n\n"
                      << R"({"id":"b"})"
                         "\n"
                      << R"({"id":"a","events":[]})"
                         "\n"
                      << "{\n";
  ConfigErrors errors;
  (void)load_labelled(path, errors);
  EXPECT_EQ(
      errors.to_text().substr(0, path.size() + 60).find(path + ":3: has no list \"events\"\n"), 0U)
      << errors.to_text();
  EXPECT_NE(errors.to_text().find(path + ":4: id 'a' is that of line 1 already\n"),
            std::string::npos)
      << errors.to_text();
  EXPECT_NE(errors.to_text().find(path + ":5: is not JSON: "), std::string::npos)
      << errors.to_text();
  std::filesystem::remove(path);
}

TEST(Labelled, TellsAFileThatIsNotThereFromAnEmptyOne) {
  ConfigErrors errors;
  (void)load_labelled("/nonexistent/gold.ndjson", errors);
  (void)load_labelled("/dev/null", errors);
  EXPECT_EQ(errors.to_text(),
            "/dev/null: holds no headline\n"
            "/nonexistent/gold.ndjson: cannot be read: No such file or directory\n");
}

}  // namespace
}  // namespace tariff
