// What a text says of itself, and where that leads: tags, citations, origins, with the shipped
// sources.
#include "signals/provenance.h"

#include <gtest/gtest.h>

#include "config/section.h"
#include "signals/sources.h"

namespace tariff {
namespace {

class ProvenanceTest : public testing::Test {
 protected:
  static Sources shipped() {
    ConfigErrors errors;
    auto document = load_document(TARIFF_SOURCE_DIR "/config/sources.toml", errors);
    Sources sources = Sources::read(*document);
    EXPECT_EQ(errors.to_text(), "");
    return sources;
  }
  static WordList words(std::string_view text) {
    WordList words;
    words.assign(text);
    return words;
  }
  Origin origin(std::string_view source, std::string_view text) {
    return sources_.origin_of(source, words(text));
  }
  Mark mark(std::string_view text) { return sources_.mark_of(words(text)).mark; }

  Sources sources_ = shipped();
};

TEST_F(ProvenanceTest, WhoeverCitesOneSourceHasItsOrigin) {
  const auto cnbc = origin("cnbc", "US may cut tariffs").key;
  ASSERT_NE(cnbc, 0U);
  for (const std::string_view text :
       {"US may cut tariffs -CNBC", "US may cut tariffs - CNBC", "US may cut tariffs (CNBC)",
        "US may cut tariffs \xE2\x80\x94 CNBC", "US may cut tariffs, source: CNBC",
        "US may cut tariffs, CNBC reports", "US may cut tariffs, citing CNBC",
        "CNBC reports US may cut tariffs", "RT @CNBC: US may cut tariffs"}) {
    EXPECT_EQ(origin("squawk", text).key, cnbc) << text;
    EXPECT_EQ(origin("reuters", text).key, cnbc) << text;
    EXPECT_TRUE(origin("reuters", text).cited) << text;
  }
}

TEST_F(ProvenanceTest, ACitationHasTheLowerTrustOfTheTwo) {
  EXPECT_EQ(origin("reuters", "US may cut tariffs -CNBC").trust, sources_.find("cnbc").trust);
  EXPECT_EQ(origin("social", "US may cut tariffs -CNBC").trust, sources_.find("social").trust);
}

TEST_F(ProvenanceTest, WhoPassesOnOrCitesAStrangerIsNoOriginOfItsOwn) {
  EXPECT_EQ(origin("squawk", "US may cut tariffs").key, 0U);
  EXPECT_EQ(origin("somebody", "US may cut tariffs").key, 0U);
  EXPECT_EQ(origin("reuters", "US may cut tariffs. source: Walter").key, 0U);
  EXPECT_NE(origin("reuters", "US may cut tariffs, sources say").key, 0U);
}

TEST_F(ProvenanceTest, ANameThatIsOnlySpokenOfIsNotCited) {
  EXPECT_FALSE(origin("reuters", "Trump sues CNBC over tariff story").cited);
  EXPECT_FALSE(origin("reuters", "US may cut tariffs, Hassett tells Fox News").cited);
}

TEST_F(ProvenanceTest, TagsCountInFrontAndOnlyAsTags) {
  EXPECT_EQ(mark("TEST - TEST - US to cut tariffs"), Mark::Test);
  EXPECT_EQ(mark("*** THIS IS A TEST *** US to cut tariffs"), Mark::Test);
  EXPECT_EQ(mark("RPT-US to cut tariffs"), Mark::Repeat);
  EXPECT_EQ(mark("(REPEAT) US to cut tariffs"), Mark::Repeat);
  EXPECT_EQ(mark("REFILE-CORRECTED-US to cut tariffs"), Mark::Corrected);
  EXPECT_EQ(mark("KILL: US to cut tariffs"), Mark::Withdrawn);
  EXPECT_EQ(mark("EMBARGOED until 1400 GMT: US to cut tariffs"), Mark::Embargo);
  for (const std::string_view text :
       {"Test of wills over tariffs", "Repeat offenders face tariffs", "Embargo on oil widens",
        "Tariffs kill jobs: study", "US to cut tariffs", ""}) {
    EXPECT_EQ(mark(text), Mark::None) << text;
  }
}

TEST_F(ProvenanceTest, TheHeadlineBeginsBehindItsTags) {
  const std::string_view text = "REFILE-CORRECTED: US to cut tariffs";
  EXPECT_EQ(text.substr(sources_.mark_of(words(text)).body_at), "US to cut tariffs");
  EXPECT_EQ(sources_.mark_of(words("US to cut tariffs")).body_at, 0U);
}

TEST_F(ProvenanceTest, EachFurtherOriginLeavesAPartOfTheDoubt) {
  EXPECT_FLOAT_EQ(sources_.corroborated(0.7F, 1), 0.7F);
  EXPECT_FLOAT_EQ(sources_.corroborated(0.7F, 2), 0.82F);
  EXPECT_GT(sources_.corroborated(0.7F, 3), sources_.corroborated(0.7F, 2));
  EXPECT_LE(sources_.corroborated(0.7F, 17), 1);
}

}  // namespace
}  // namespace tariff
