#include "core/fixed_text.h"

#include <string>

#include <gtest/gtest.h>

#include "core/headline.h"

namespace tariff {
namespace {

TEST(FixedText, HoldsUpToItsSizeAndIsZeroPadded) {
  FixedText<4> text("abcd");
  EXPECT_EQ(text.view(), "abcd");
  text.assign("x");
  EXPECT_EQ(text.view(), "x");
  EXPECT_EQ(text, FixedText<4>("x")) << "nothing is left of the longer text";
  EXPECT_TRUE(FixedText<4>().empty());
}

TEST(FixedText, IsCutAtACharacterBorder) {
  EXPECT_EQ(FixedText<4>("abc\u00E9").view(), "abc");
  EXPECT_EQ(FixedText<5>("abc\u00E9").view(), "abc\u00E9");
  EXPECT_EQ(FixedText<3>("\U0001F600").view(), "");
}

TEST(FixedText, Utf8FloorNeverCutsASequenceAtAnyLength) {
  const std::string text = "a\u00E9\u20AC\U0001F600z";
  for (std::size_t bytes = 0; bytes <= text.size() + 1; ++bytes) {
    const std::string_view kept = utf8_floor(text, bytes);
    ASSERT_LE(kept.size(), bytes);
    ASSERT_GT(kept.size() + 4, std::min(bytes, text.size()));
    if (kept.size() < text.size()) {
      EXPECT_NE(static_cast<unsigned char>(text[kept.size()]) & 0xC0U, 0x80U);
    }
  }
}

TEST(Headline, FlagsATextThatWasCut) {
  Headline headline{};
  headline.set_text(std::string(Headline::kTextBytesMax, 'x'));
  EXPECT_FALSE(headline.truncated);
  headline.set_text(std::string(Headline::kTextBytesMax + 1, 'x'));
  EXPECT_TRUE(headline.truncated);
  EXPECT_EQ(headline.text().size(), Headline::kTextBytesMax);
  headline.set_text("short");
  EXPECT_EQ(headline.text(), "short");
  EXPECT_FALSE(headline.truncated);
}

}  // namespace
}  // namespace tariff
