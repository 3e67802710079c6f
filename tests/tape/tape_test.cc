#include "feeds/tape/tape.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "feeds/time_text.h"

namespace tariff::tape {
namespace {

const std::string kNews =
    R"({"at":"2025-10-10T20:50:04.377Z","type":"news","id":7,"headline":"H","source":"wire"})";
const std::string kQuote =
    R"({"at":"2025-10-10T20:50:05Z","type":"quote","symbol":"SPY","bid":650.01,"ask":650.03})";

struct Parsed {
  Tape tape;
  std::string errors;
};

Parsed parse(const std::string& text) {
  Parsed parsed;
  ConfigErrors errors;
  parse_tape(text, "day.ndjson", parsed.tape, errors);
  parsed.errors = errors.to_text();
  return parsed;
}

/// A file that is gone at the end of the test.
class TapeFile {
 public:
  TapeFile(const std::string& name, const std::string& text)
      : path_(std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + "-" + name)) {
    std::ofstream(path_) << text;
  }
  ~TapeFile() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

TEST(Tape, ReadsEveryFieldOfAHeadline) {
  const auto [tape, errors] = parse(
      R"({"at":"2025-10-10T20:50:04.377Z","type":"news","id":24918784,"headline":"A \"tariff\"",)"
      R"("source":"wire","symbols":["SPY","BTC/USD"],"author":"A. Writer","summary":"S",)"
      R"("content":"<p>C</p>","url":"https://example.org/1",)"
      R"("created_at":"2025-10-10T20:49:59Z","updated_at":"2025-10-10T20:50:03Z"})");
  ASSERT_EQ(errors, "");
  ASSERT_EQ(tape.size(), 1U);
  EXPECT_EQ(tape[0].at, parse_rfc3339("2025-10-10T20:50:04.377Z"));
  EXPECT_EQ(tape[0].quote(), nullptr);
  const TapeNews& news = *tape[0].news();
  EXPECT_EQ(news.id, 24918784);
  EXPECT_EQ(news.headline, "A \"tariff\"");
  EXPECT_EQ(news.source, "wire");
  EXPECT_EQ(news.symbols, (std::vector<std::string>{"SPY", "BTC/USD"}));
  EXPECT_EQ(news.author, "A. Writer");
  EXPECT_EQ(news.summary, "S");
  EXPECT_EQ(news.content, "<p>C</p>");
  EXPECT_EQ(news.url, "https://example.org/1");
  EXPECT_EQ(news.created, parse_rfc3339("2025-10-10T20:49:59Z"));
  EXPECT_EQ(news.updated, parse_rfc3339("2025-10-10T20:50:03Z"));
}

TEST(Tape, ReadsEveryFieldOfAQuote) {
  const auto [tape, errors] =
      parse(R"({"at":"2025-10-10T20:50:05.335689322Z","type":"quote","symbol":"QQQ","bid":589.9,)"
            R"("ask":589.95,"bid_size":3,"ask_size":4,"bid_exchange":"U","ask_exchange":"X",)"
            R"("tape":"B"})");
  ASSERT_EQ(errors, "");
  ASSERT_EQ(tape.size(), 1U);
  EXPECT_EQ(tape[0].at.ns % kNsPerSecond, 335'689'322);
  const TapeQuote& quote = *tape[0].quote();
  EXPECT_EQ(quote.symbol.view(), "QQQ");
  EXPECT_EQ(quote.bid, 589.9);
  EXPECT_EQ(quote.ask, 589.95);
  EXPECT_EQ(quote.bid_size, 3);
  EXPECT_EQ(quote.ask_size, 4);
  EXPECT_EQ(quote.bid_exchange, 'U');
  EXPECT_EQ(quote.ask_exchange, 'X');
  EXPECT_EQ(quote.tape, 'B');
  EXPECT_FALSE(quote.is_crypto());
}

TEST(Tape, KeepsTheFirstStampOfAnArticleThroughItsEdits) {
  const auto [tape, errors] = parse(
      R"({"at":"2025-10-10T20:50:00Z","type":"news","id":7,"headline":"H","source":"wire"})"
      "\n"
      R"({"at":"2025-10-10T20:57:00Z","type":"news","id":7,"headline":"H2","source":"wire"})");
  ASSERT_EQ(errors, "");
  EXPECT_EQ(tape[1].news()->created, tape[0].at);
  EXPECT_EQ(tape[1].news()->updated, tape[1].at);
}

TEST(Tape, SkipsBlankLinesAndTakesALastLineWithoutItsEnd) {
  EXPECT_EQ(parse("\n" + kNews + "\r\n  \n" + kQuote).tape.size(), 2U);
}

TEST(Tape, TellsEveryWrongLineByItsNumber) {
  const auto [tape, errors] = parse(
      "{\n"
      "[]\n"
      R"({"at":"soon","type":"news","id":1,"headline":"H","source":"w"})"
      "\n" +
      kNews +
      "\n"
      R"({"at":"2025-10-10T20:50:05Z","type":"trade"})"
      "\n"
      R"({"at":"2025-10-10T20:50:05Z","type":"news","id":"x","headline":"H","source":"w"})"
      "\n"
      R"({"at":"2025-10-10T20:50:05Z","type":"news","id":1,"headline":"","source":"w"})"
      "\n"
      R"({"at":"2025-10-10T20:50:05Z","type":"quote","symbol":"SPY","bid":-1,"ask":2})"
      "\n"
      R"({"at":"2025-10-10T20:50:05Z","type":"quote","symbol":"SPY","bid":1})"
      "\n"
      R"({"at":"2025-10-10T20:50:05Z","type":"quote","symbol":"SEVENTEEN-LETTERS","bid":1,"ask":2})"
      "\n"
      R"({"at":"2025-10-10T20:50:05Z","type":"news","id":1,"headline":"H","source":"w",)"
      R"("symbols":"SPY"})"
      "\n");
  EXPECT_EQ(tape.size(), 1U);
  EXPECT_EQ(errors,
            "day.ndjson:1: not JSON: The JSON document has an improper structure: missing or "
            "superfluous commas, braces, missing keys, etc.\n"
            "day.ndjson:2: not a JSON object\n"
            "day.ndjson:3: \"at\" = 'soon' is not a time like 2025-10-10T20:50:03.153Z\n"
            "day.ndjson:5: \"type\" = 'trade' is neither \"news\" nor \"quote\"\n"
            "day.ndjson:6: \"id\" is not a whole number from 0\n"
            "day.ndjson:7: \"headline\" is empty\n"
            "day.ndjson:8: \"bid\" = -1 is below 0\n"
            "day.ndjson:9: \"ask\" is missing\n"
            "day.ndjson:10: \"symbol\" is longer than 16 bytes\n"
            "day.ndjson:11: \"symbols\" is not a list of strings\n");
}

TEST(Tape, RefusesALineThatIsBeforeTheOneAbove) {
  EXPECT_EQ(parse(kQuote + "\n" + kNews).errors,
            "day.ndjson:2: \"at\" = 2025-10-10T20:50:04.377Z is before the line above "
            "(2025-10-10T20:50:05Z); a tape is in the order of time\n");
}

TEST(Tape, TakesNoPartOfALineForTheWhole) {
  for (std::size_t bytes = 1; bytes < kQuote.size(); ++bytes) {
    const auto [tape, errors] = parse(kQuote.substr(0, bytes));
    EXPECT_TRUE(tape.empty()) << "at " << bytes << " bytes";
    EXPECT_NE(errors, "") << "at " << bytes << " bytes";
  }
}

TEST(Tape, MergesFilesByTime) {
  const TapeFile news("news.ndjson", kNews + "\n");
  const TapeFile quotes("quotes.ndjson", kQuote + "\n");
  const auto tape = load_tape({quotes.path(), news.path()});
  ASSERT_TRUE(tape) << tape.error().what;
  ASSERT_EQ(tape->size(), 2U);
  EXPECT_NE((*tape)[0].news(), nullptr);
  EXPECT_NE((*tape)[1].quote(), nullptr);
}

TEST(Tape, SaysWhichFileCannotBeRead) {
  const auto tape = load_tape({"/nonexistent/day.ndjson"});
  ASSERT_FALSE(tape);
  EXPECT_EQ(tape.error().what,
            "/nonexistent/day.ndjson: cannot be read: No such file or directory");
  EXPECT_EQ(tape.error().exit_code, 66);
}

TEST(Tape, RefusesATapeWithoutAnItem) {
  const TapeFile empty("empty.ndjson", "\n");
  const auto tape = load_tape({empty.path()});
  ASSERT_FALSE(tape);
  EXPECT_EQ(tape.error().what, "the tape holds no item");
  EXPECT_EQ(tape.error().exit_code, 65);
}

TEST(Tape, TheDemoTapeIsInOrderAndHasItsHeadlines) {
  const auto tape =
      load_tape({std::string(TARIFF_SOURCE_DIR) + "/config/demo/october-2025.ndjson"});
  ASSERT_TRUE(tape) << tape.error().what;
  std::size_t news = 0;
  for (const TapeItem& item : *tape)
    news += item.news() != nullptr ? 1 : 0;
  EXPECT_EQ(news, 19U);
  EXPECT_EQ(tape->size() - news, 2153U);
}

}  // namespace
}  // namespace tariff::tape
