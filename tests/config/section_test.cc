// Reading a configuration: bounds, types, typos, and every error at once with file and line.
#include "config/section.h"

#include <gtest/gtest.h>

namespace tariff {
namespace {

using std::chrono::milliseconds;

TEST(Section, TellsFileLineKeyAndValueOfWhatIsOutOfBounds) {
  ConfigErrors errors;
  auto root = parse_document("[feed]\n\nwait_ms = 5\n", "t.toml", errors);
  ASSERT_TRUE(root);
  auto feed = root->get_section("feed");
  ASSERT_TRUE(feed);
  EXPECT_EQ(feed->get_ms("wait_ms", milliseconds{250}, milliseconds{10}, milliseconds{60'000}),
            milliseconds{250});
  EXPECT_EQ(errors.to_text(), "t.toml:3: [feed] wait_ms = 5: is outside 10..60000\n");
}

TEST(Section, ATypoIsAnErrorAndNotASilentDefault) {
  ConfigErrors errors;
  auto root = parse_document("wiat_ms = 50\n", "t.toml", errors);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->get_int("wait_ms", 7, 0, 100), 7);
  root->finish();
  EXPECT_EQ(errors.to_text(), "t.toml:1: wiat_ms = 50: is not a key of this section\n");
}

TEST(Section, ReportsEveryErrorOfAFileInTheOrderOfItsLines) {
  ConfigErrors errors;
  auto root =
      parse_document("name = 3\nflag = \"yes\"\nlist = [1]\nchoice = \"c\"\n", "t.toml", errors);
  ASSERT_TRUE(root);
  (void)root->get_choice("choice", 0, {"a", "b"});
  (void)root->get_strings("list");
  (void)root->get_bool("flag", false);
  (void)root->get_string("name", "");
  root->finish();
  EXPECT_EQ(errors.to_text(),
            "t.toml:1: name = 3: is not a string\n"
            "t.toml:2: flag = 'yes': is not true or false\n"
            "t.toml:3: list = [...]: holds 1, which is not a string\n"
            "t.toml:4: choice = 'c': is not one of a, b\n");
}

TEST(Section, ReadsAnArrayOfTablesInOrderAndNamesEachByItsOwnLine) {
  ConfigErrors errors;
  auto root = parse_document("[[f]]\nn = 1\n[[f]]\nn = 99\n", "t.toml", errors);
  ASSERT_TRUE(root);
  auto tables = root->get_sections("f");
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].get_int("n", 0, 0, 10), 1);
  EXPECT_EQ(tables[1].get_int("n", 0, 0, 10), 0);
  EXPECT_EQ(errors.to_text(), "t.toml:4: [f] n = 99: is outside 0..10\n");
}

TEST(Section, AMissingRequiredKeyIsToldAtTheSection) {
  ConfigErrors errors;
  auto root = parse_document("\n[f]\n", "t.toml", errors);
  auto section = root->get_section("f");
  EXPECT_EQ(section->require_string("url"), "");
  EXPECT_EQ(errors.to_text(), "t.toml:2: [f] needs the key 'url'\n");
}

TEST(Section, ANumberThatIsNotANumberIsRefused) {
  ConfigErrors errors;
  auto root = parse_document("w = nan\nx = inf\n", "t.toml", errors);
  EXPECT_EQ(root->get_number("w", 0.5, 0, 1), 0.5);
  EXPECT_EQ(root->get_number("x", 0.5, 0, 1), 0.5);
  EXPECT_EQ(errors.sorted().size(), 2U);
}

TEST(Document, BrokenTomlIsOneErrorWithItsLine) {
  ConfigErrors errors;
  EXPECT_FALSE(parse_document("a = 1\nb = = 2\n", "t.toml", errors));
  ASSERT_EQ(errors.sorted().size(), 1U);
  EXPECT_EQ(errors.sorted()[0].line, 2);
  EXPECT_TRUE(errors.sorted()[0].text.starts_with("is not valid TOML: "));
}

TEST(Document, AFileThatCannotBeReadIsToldByItsName) {
  ConfigErrors errors;
  EXPECT_FALSE(load_document("/nowhere/t.toml", errors));
  EXPECT_EQ(errors.to_text(), "/nowhere/t.toml: cannot be read: No such file or directory\n");
}

TEST(Printable, EscapesWhatCouldSteerATerminalOrFakeALine) {
  EXPECT_EQ(printable("a\n\x1b[31mb\x7f"), "a\\x0a\\x1b[31mb\\x7f");
  EXPECT_EQ(printable("caf\xc3\xa9 \xff"), "caf\xc3\xa9 \\xff");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "a C1 control character";
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}

}  // namespace
}  // namespace tariff
