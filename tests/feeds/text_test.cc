// Times, JSON scalars, recent items, lines: the pure helpers of feeds/.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "feeds/json_text.h"
#include "feeds/protocol.h"
#include "feeds/recent_items.h"
#include "feeds/time_text.h"
#include "feeds/transport/backoff.h"
#include "feeds/transport/line_splitter.h"

namespace tariff {
namespace {

TEST(TimeText, ReadsRfc3339WithAnyFractionAndOffset) {
  constexpr std::int64_t kSecond = 1'760'108'223 * kNsPerSecond;
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:01Z").ns, kNsPerSecond);
  EXPECT_EQ(parse_rfc3339("2025-10-10T14:57:03Z").ns, kSecond);
  EXPECT_EQ(parse_rfc3339("2025-10-10t14:57:03z").ns, kSecond);
  EXPECT_EQ(parse_rfc3339("2025-10-10 14:57:03+00:00").ns, kSecond);
  EXPECT_EQ(parse_rfc3339("2025-10-10T10:57:03-0400").ns, kSecond);
  EXPECT_EQ(parse_rfc3339("2025-10-11T00:27:03+09:30").ns, kSecond);
  EXPECT_EQ(parse_rfc3339("2025-10-10T14:57:03.Z").ns, kSecond);
  EXPECT_EQ(parse_rfc3339("2025-10-10T14:57:03.5Z").ns, kSecond + 500'000'000);
  EXPECT_EQ(parse_rfc3339("2025-10-10T14:57:03.123456789Z").ns, kSecond + 123'456'789);
  EXPECT_EQ(parse_rfc3339("2025-10-10T14:57:03.1234567899Z").ns, kSecond + 123'456'789);
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z"), parse_rfc3339("2017-01-01T00:00:00Z"));
  EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z").ns, 1'709'164'800 * kNsPerSecond);
  EXPECT_EQ(parse_rfc3339("2199-12-31T23:59:59Z").ns, 7'258'118'399 * kNsPerSecond);
}

TEST(TimeText, ReadsNothingFromWhatIsNoTime) {
  for (const std::string_view text :
       {"", "now", "2025-10-10", "2025-10-10T14:57:03", "2025-10-10T14:57Z", "2025-13-10T14:57:03Z",
        "2025-02-29T14:57:03Z", "2025-10-00T14:57:03Z", "2025-10-10T24:57:03Z",
        "2025-10-10T14:60:03Z", "2025-10-10T14:57:61Z", "2025-10-10T14:57:03+25:00",
        "2025-10-10T14:57:03Zx", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00",
        "2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-025-10-10T14:57:03Z",
        "2025-1O-10T14:57:03Z"}) {
    EXPECT_EQ(parse_rfc3339(text).ns, 0) << text;
  }
}

TEST(TimeText, ReadsUnixTimesOfEveryUnitInRange) {
  EXPECT_EQ(parse_time("1760108223.25", TimeFormat::UnixS).ns, 1'760'108'223'250'000'000);
  EXPECT_EQ(parse_time("1760108223250", TimeFormat::UnixMs).ns, 1'760'108'223'250'000'000);
  EXPECT_EQ(parse_time("1760108223250.5", TimeFormat::UnixMs).ns, 1'760'108'223'250'500'000);
  EXPECT_EQ(parse_time("1760108223250000", TimeFormat::UnixUs).ns, 1'760'108'223'250'000'000);
  EXPECT_EQ(parse_time("1760108223250000001", TimeFormat::UnixNs).ns, 1'760'108'223'250'000'001);
  for (const std::string_view text :
       {"", "-1", "1e9", "1 ", ".5", "99999999999999999999999999", "7258118400000000000"}) {
    EXPECT_EQ(parse_time(text, TimeFormat::UnixNs).ns, 0) << text;
    EXPECT_EQ(parse_time(text, TimeFormat::UnixS).ns, 0) << text;
  }
}

std::string unescaped(std::string_view token, std::size_t scratch_bytes = 64) {
  std::vector<char> scratch(scratch_bytes);
  return std::string(json_string(token, scratch).value_or("(none)"));
}

TEST(JsonText, GivesAViewWhereNothingIsEscaped) {
  std::array<char, 8> scratch{};
  constexpr std::string_view kToken = "\"plain\" \n";
  const auto text = json_string(kToken, scratch);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "plain");
  EXPECT_EQ(text->data(), kToken.data() + 1) << "no copy";
}

TEST(JsonText, ReadsEveryEscapeAndMendsBrokenOnes) {
  EXPECT_EQ(unescaped(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"("\u0041\u00e9\u20ac\ud83d\ude00")"),
            "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  for (const std::string_view broken :
       {R"("\ud83d")", R"("\ude00")", R"("\x")", R"("\u12")", R"("\uZZZZ")"}) {
    EXPECT_TRUE(unescaped(broken).starts_with("\xEF\xBF\xBD")) << broken;
  }
  EXPECT_EQ(unescaped(R"("\ud83dx")"), "\xEF\xBF\xBDx");
  EXPECT_EQ(unescaped(R"("\ud83d\u0041")"),
            "\xEF\xBF\xBD"
            "A");
}

TEST(JsonText, StopsWhereTheScratchIsFull) {
  EXPECT_EQ(unescaped(R"("\nabcdefgh")", 8), "\nabcdefg");
  EXPECT_EQ(unescaped(R"("abcdef\u20ac")", 8), "abcdef") << "never half a character";
}

TEST(JsonText, IsNothingForOtherTokens) {
  for (const std::string_view token : {"", "5", "null", "[", "\"", "\"open"}) {
    EXPECT_EQ(unescaped(token), "(none)") << token;
  }
}

TEST(JsonText, ReadsNumbersThatAreNumbers) {
  EXPECT_EQ(json_number("87.66 "), 87.66);
  EXPECT_EQ(json_number("-0.5e2"), -50);
  for (const std::string_view token :
       {"", "nan", "inf", "-inf", "1nan", "1 2", "0x10", "\"1\"", "1e999", "-", "+1", "."}) {
    EXPECT_FALSE(json_number(token)) << token;
  }
  EXPECT_EQ(json_integer("24918784\n"), 24'918'784);
  EXPECT_FALSE(json_integer("9223372036854775808"));
  EXPECT_FALSE(json_integer("1.0"));
}

TEST(JsonText, QuotesForJson) {
  EXPECT_EQ(json_quoted("a\"b\\c\n"), R"("a\"b\\c\u000a")");
}

TEST(RecentItems, ForgetsTheOldestOnesOnly) {
  RecentItems recent;
  const std::size_t many = RecentItems::kItems * 4;
  for (std::uint64_t id = 0; id < many; ++id) {
    ASSERT_EQ(recent.note(id, {1}, "text"), RecentItems::Seen::New);
  }
  for (std::uint64_t id = many - RecentItems::kItems / 4; id < many; ++id) {
    EXPECT_EQ(recent.note(id, {1}, "text"), RecentItems::Seen::Again) << id;
  }
  EXPECT_EQ(recent.note(0, {1}, "text"), RecentItems::Seen::New);
}

TEST(RecentItems, TakesAnUndatedEditForAnUpdate) {
  RecentItems recent;
  EXPECT_EQ(recent.note(1, {5}, "a"), RecentItems::Seen::New);
  EXPECT_EQ(recent.note(1, {0}, "b"), RecentItems::Seen::Update);
  EXPECT_EQ(recent.note(1, {4}, "c"), RecentItems::Seen::Again);
  EXPECT_EQ(recent.note(1, {6}, "b"), RecentItems::Seen::Update);
}

TEST(Backoff, DoublesToItsLimitAndStartsAgainWhenReset) {
  using ms = std::chrono::milliseconds;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Backoff backoff(ms{100}, ms{1'000}, seed);
    for (const int full : {100, 200, 400, 800, 1'000, 1'000}) {
      const auto wait = backoff.next();
      EXPECT_LE(wait, ms{full});
      EXPECT_GE(wait, ms{full * 3 / 4});
    }
    backoff.reset();
    EXPECT_LE(backoff.next(), ms{100});
  }
}

TEST(Backoff, DiffersBetweenFeeds) {
  using ms = std::chrono::milliseconds;
  std::set<std::int64_t> waits;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    waits.insert(Backoff(ms{10'000}, ms{10'000}, seed).next().count());
  EXPECT_GT(waits.size(), 15U);
}

/// What comes out of a splitter that is fed `text`, `step` bytes at a time.
std::vector<std::string> split(std::string_view text, std::size_t step, std::size_t line_max) {
  LineSplitter lines(line_max);
  std::vector<std::string> found;
  std::string_view line;
  const auto note = [&found, &line](LineSplitter::Found what) {
    if (what == LineSplitter::Found::Nothing) return false;
    found.push_back(what == LineSplitter::Found::TooLong ? "(too long)" : std::string(line));
    return true;
  };
  while (!text.empty()) {
    const auto space = lines.space();
    const std::size_t bytes = std::min({step, text.size(), space.size()});
    std::copy_n(text.data(), bytes, space.data());
    text.remove_prefix(bytes);
    lines.commit(bytes);
    while (note(lines.next(line))) {
    }
  }
  note(lines.finish(line));
  return found;
}

TEST(LineSplitter, CutsTheSameLinesHoweverTheBytesArrive) {
  const std::string long_line(500, 'x');
  const std::string text = "one\r\n\ntwo\n" + long_line + "\nthree\n" + long_line + "\r\nlast";
  const std::vector<std::string> expected{"one",   "",           "two", "(too long)",
                                          "three", "(too long)", "last"};
  for (std::size_t step = 1; step <= text.size(); ++step) {
    EXPECT_EQ(split(text, step, 100), expected) << step;
  }
}

TEST(LineSplitter, TakesALineOfExactlyTheLimit) {
  const std::string line(100, 'x');
  for (const std::size_t step : {1U, 7U, 1'000U}) {
    EXPECT_EQ(split(line + "\r\n" + line + "\n" + line, step, 100),
              (std::vector<std::string>{line, line, line}));
    EXPECT_EQ(split(line + "x\n", step, 100), (std::vector<std::string>{"(too long)"}));
  }
}

TEST(LineSplitter, GrowsForALongLineAndKeepsPaddingBehindIt) {
  const std::string line(3'000'000, 'y');
  EXPECT_EQ(split(line + "\n", 4'000, 4'000'000), (std::vector<std::string>{line}));
}

}  // namespace
}  // namespace tariff
