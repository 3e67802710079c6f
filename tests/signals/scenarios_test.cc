// Days as they were, from tests/scenarios/*.scn, in virtual time: what the engine publishes for
// each headline. The lines of a scenario are explained in tests/scenarios/README.md.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/signals/engine_testing.h"

namespace tariff {
namespace {

using test::Published;

class Scenario : public test::EngineTest {
 protected:
  Scenario() : EngineTest({"squawk", "social", "tape", "wire"}) {}

  void play(const std::string& name) {
    std::ifstream file(std::string(TARIFF_SOURCE_DIR "/tests/scenarios/") + name);
    ASSERT_TRUE(file) << name;
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      SCOPED_TRACE(name + ":" + std::to_string(++number) + ": " + line);
      std::istringstream words(line);
      std::string first;
      if (!(words >> first) || first == "#") continue;
      if (first == "day") {
        check_rest();
        set_day(words);
      } else if (first == "expect") {
        expect(words);
      } else {
        check_rest();
        act(first, words);
      }
      if (HasFatalFailure()) return;
    }
    check_rest();
  }

 private:
  void set_day(std::istream& words) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    char dash = 0;
    words >> year >> dash >> month >> dash >> day;
    const std::chrono::sys_days date = std::chrono::year(year) / month / day;
    midnight_ns_ = date.time_since_epoch().count() * kNsPerDay;
  }

  void act(const std::string& time, std::istream& words) {
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    std::int64_t seconds = 0;
    char colon = 0;
    std::istringstream(time) >> hours >> colon >> minutes >> colon >> seconds;
    const std::int64_t at_ns =
        midnight_ns_ + (hours * 3'600 + minutes * 60 + seconds) * kNsPerSecond;
    std::string what;
    words >> what;
    if (what == "quote") {
      std::string symbol;
      double bid = 0;
      double ask = 0;
      words >> symbol >> bid >> ask;
      Quote q = quote(symbol, bid, ask, 0);
      q.received = {{at_ns}, {at_ns}};
      engine_.on_quote(q);
      return;
    }
    engine_.on_event(headline_at(at_ns, what, words));
    published_ = take();
  }

  /// `FEED ITEM SOURCE [edit|delete|old MINUTES] | TEXT`
  Headline headline_at(std::int64_t at_ns, const std::string& feed, std::istream& words) const {
    std::string item;
    std::string source;
    std::string option;
    words >> item >> source >> option;
    Headline h = headline("", item, source);
    h.received = {{at_ns}, {at_ns}};
    h.published = {at_ns};
    h.feed = feed_called(feed);
    for (; option != "|" && words; words >> option) {
      if (option == "edit") h.change = ItemChange::Update;
      if (option == "delete") h.change = ItemChange::Delete;
      if (option != "old") continue;
      std::int64_t minutes = 0;
      words >> minutes;
      h.published.ns -= minutes * 60 * kNsPerSecond;
    }
    std::string text;
    std::getline(words >> std::ws, text);
    h.set_text(text);
    return h;
  }

  void expect(std::istream& words) {
    std::string what;
    words >> what;
    if (what == "nothing") {
      EXPECT_TRUE(published_.empty());
    } else if (what == "event") {
      expect_event(words);
    } else if (what == "signal") {
      expect_signal(words);
    } else if (what == "signals") {
      EXPECT_GT(count_of(published_, RecordType::Signal), 1U);
      drop(RecordType::Signal);
    } else if (what == "retract") {
      expect_retract(words);
    } else {
      FAIL() << "cannot expect '" << what << "'";
    }
  }

  /// `event NOVELTY NET origins N revision N [marks]`
  void expect_event(std::istream& words) {
    std::string novelty;
    std::string net;
    std::string word;
    unsigned origins = 0;
    unsigned revision = 0;
    words >> novelty >> net >> word >> origins >> word >> revision;
    const EventBody event = test::event_in(published_);
    EXPECT_EQ(name_of(event.novelty, kNoveltyNames), novelty);
    EXPECT_EQ(to_text(event.net), net);
    EXPECT_EQ(unsigned{event.origins}, origins);
    EXPECT_EQ(event.revision, revision);
    for (std::string mark; words >> mark;) {
      const unsigned bit = mark == "stale"     ? EventBody::kStale
                           : mark == "test"    ? EventBody::kTest
                           : mark == "repeat"  ? EventBody::kOldNews
                           : mark == "waiting" ? EventBody::kWaiting
                                               : 0U;
      EXPECT_NE(event.flags & bit, 0U) << mark;
    }
    drop(RecordType::Event);
  }

  /// `signal SYMBOL up|down [replaces]`, and whatever other signals there are
  void expect_signal(std::istream& words) {
    std::string symbol;
    std::string direction;
    std::string replaces;
    words >> symbol >> direction >> replaces;
    const auto signal = signal_for(published_, symbol);
    ASSERT_TRUE(signal) << symbol;
    EXPECT_EQ(signal->direction, direction == "up" ? 1 : -1);
    EXPECT_EQ((signal->flags & SignalBody::kReplaces) != 0, replaces == "replaces");
    expected_.push_back(RecordType::Signal);
  }

  /// `retract SYMBOL REASON THEN NOW`, just once for the symbol, and whatever others there are
  void expect_retract(std::istream& words) {
    std::string symbol;
    std::string reason;
    double then = 0;
    double now = 0;
    words >> symbol >> reason >> then >> now;
    int found = 0;
    for (const Published& one : published_) {
      if (one.type() != RecordType::Retract) continue;
      const auto body = one.body<RetractBody>();
      EXPECT_EQ(name_of(body.reason, kRetractReasonNames), reason);
      if (body.instrument.view() != symbol) continue;
      ++found;
      EXPECT_NEAR(body.mid_then, then, 1e-6);
      EXPECT_NEAR(body.mid_now, now, 1e-6);
    }
    EXPECT_EQ(found, 1);
    expected_.push_back(RecordType::Retract);
  }

  /// What a scenario does not expect may not have been published.
  void check_rest() {
    for (const RecordType type : expected_)
      drop(type);
    expected_.clear();
    for (const Published& one : published_)
      ADD_FAILURE() << "published too: type " << static_cast<int>(one.type());
    published_.clear();
  }

  void drop(RecordType type) {
    std::erase_if(published_, [&](const Published& one) { return one.type() == type; });
  }

  static FeedId feed_called(const std::string& name) {
    constexpr std::array<std::string_view, 4> kNames{"squawk", "social", "tape", "wire"};
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    EXPECT_NE(found, kNames.end()) << name;
    return static_cast<FeedId>(found - kNames.begin());
  }

  std::int64_t midnight_ns_ = 0;
  std::vector<Published> published_;
  std::vector<RecordType> expected_;
};

TEST_F(Scenario, TheMisheardQuoteOf7April2025IsOneEventWithOneOriginAndIsTakenBack) {
  play("2025-04-07.scn");
}
TEST_F(Scenario, ThePauseOf9April2025IsNewsAndSoIsTheRateForChina) {
  play("2025-04-09.scn");
}
TEST_F(Scenario, TheDaysFrom9To13October2025AreTradedOncePerStep) {
  play("2025-10-09.scn");
}
TEST_F(Scenario, OldNewsTestsAndWordOfMouthBringNoSignal) {
  play("old-as-new.scn");
}
TEST_F(Scenario, CorrectionsAndWithdrawalsMoveTheEventTheyBelongTo) {
  play("corrections.scn");
}

TEST_F(Scenario, EveryFileIsPlayed) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(TARIFF_SOURCE_DIR "/tests/scenarios")) {
    if (entry.path().extension() == ".scn") ++files;
  }
  EXPECT_EQ(files, 5U);
}

}  // namespace
}  // namespace tariff
