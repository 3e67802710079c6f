// Trust of sources.
#include "signals/sources.h"

#include <gtest/gtest.h>

#include "config/section.h"

namespace tariff {
namespace {

TEST(Sources, FindsASourceWhateverItsCaseAndGivesAStrangerTheDefault) {
  ConfigErrors errors;
  auto document = parse_document(
      "[default]\ntrust = 0.3\n[[source]]\nname = \"Reuters\"\ntrust = 0.9\n"
      "[[source]]\nname = \"ustr\"\ntrust = 1\ndecides = true\n",
      "sources.toml", errors);
  const Sources sources = Sources::read(*document);
  EXPECT_EQ(errors.to_text(), "");
  EXPECT_FLOAT_EQ(sources.find("REUTERS").trust, 0.9F);
  EXPECT_FALSE(sources.find("reuters").decides);
  EXPECT_TRUE(sources.find("USTR").decides);
  EXPECT_FLOAT_EQ(sources.find("somebody").trust, 0.3F);
  EXPECT_FLOAT_EQ(sources.find("").trust, 0.3F);
}

TEST(Sources, ANameThatStandsTwiceIsAnError) {
  ConfigErrors errors;
  auto document = parse_document("[[source]]\nname = \"a\"\n[[source]]\nname = \"A\"\n",
                                 "sources.toml", errors);
  (void)Sources::read(*document);
  EXPECT_EQ(errors.to_text(), "sources.toml:4: [source] name = 'A': stands twice in this file\n");
}

TEST(Sources, TheShippedFileIsValid) {
  ConfigErrors errors;
  auto document = load_document(TARIFF_SOURCE_DIR "/config/sources.toml", errors);
  ASSERT_TRUE(document);
  const Sources sources = Sources::read(*document);
  EXPECT_EQ(errors.to_text(), "");
  EXPECT_GT(sources.find("benzinga").trust, sources.find("nobody").trust);
}

}  // namespace
}  // namespace tariff
