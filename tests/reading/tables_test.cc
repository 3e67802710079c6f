#include "signals/reading/tables.h"

#include <string>

#include <gtest/gtest.h>

#include "signals/reading/reader.h"
#include "tests/reading/support.h"

namespace tariff {
namespace {

constexpr std::string_view kLexicon = R"(
[place.US]
both = ["us"]
[measure.tariff]
nouns = ["tariff"]
[concept.put]
verbs = ["impose"]
)";
constexpr std::string_view kRules = R"(
[defaults]
actor = "US"
[mood.denied]
deny = true
[[rule]]
id = "put"
action = "impose"
match = ["T:put ..2 O:measure"]
)";

/// What the loader says about `lexicon` and `rules`.
std::string errors_of(std::string_view lexicon, std::string_view rules) {
  ConfigErrors errors;
  const auto tables = parse_tables(lexicon, rules, errors);
  EXPECT_EQ(tables == nullptr, !errors.empty());
  return errors.to_text();
}
std::string lexicon_errors(const std::string& more) {
  return errors_of(std::string(kLexicon) + more, kRules);
}
std::string rules_errors(const std::string& more) {
  return errors_of(kLexicon, std::string(kRules) + more);
}

TEST(Tables, LoadWhatIsShipped) {
  (void)test::shipped_tables();
}

TEST(Tables, LoadTheSmallestPair) {
  EXPECT_EQ(errors_of(kLexicon, kRules), "");
}

TEST(Tables, NameAFileThatIsNotThere) {
  ConfigErrors errors;
  EXPECT_EQ(load_tables("/nonexistent", errors), nullptr);
  EXPECT_EQ(errors.to_text(),
            "/nonexistent/lexicon.toml: cannot be read: No such file or directory\n"
            "/nonexistent/lexicon.zh.toml: cannot be read: No such file or directory\n"
            "/nonexistent/rules.toml: cannot be read: No such file or directory\n"
            "/nonexistent/rules.zh.toml: cannot be read: No such file or directory\n");
}

TEST(Tables, RefuseAPhraseOfTwoEntries) {
  EXPECT_EQ(lexicon_errors("[concept.other]\nphrases = [\"Tariffs\"]\n"),
            "lexicon.toml:9: [concept.other] phrases = [...]: 'tariffs' is a phrase of "
            "[measure.tariff] already\n");
}

TEST(Tables, LetAnEntryShareAPhraseOnPurpose) {
  EXPECT_EQ(lexicon_errors("[concept.other]\nalso_phrases = [\"tariffs\"]\n"), "");
}

TEST(Tables, RefuseUnknownNamesInTheLexicon) {
  EXPECT_EQ(lexicon_errors("[concept.other]\nis = [\"nothing\"]\nphrases = [\"x\"]\n"),
            "lexicon.toml:9: [concept.other] is = [...]: 'nothing' is not a concept\n");
  EXPECT_EQ(lexicon_errors("[product.stele]\nnouns = [\"stele\"]\n"),
            "lexicon.toml:8: [product] stele = {...}: is not a product of the event model\n");
  EXPECT_EQ(lexicon_errors("[measure.fine]\nnouns = [\"fine\"]\n"),
            "lexicon.toml:8: [measure] fine = {...}: is not a measure of the event model\n");
  EXPECT_EQ(lexicon_errors("[measure.tax]\nkind = \"tariff\"\nproducts = [\"stele\"]\n"
                           "nouns = [\"tax\"]\n"),
            "lexicon.toml:10: [measure.tax] products = [...]: 'stele' is not a product of the "
            "event model\n");
  EXPECT_EQ(lexicon_errors("[place.LONGER]\nnames = [\"x\"]\n"),
            "lexicon.toml:8: [place.LONGER] codes: 'LONGER' is longer than 4\n");
}

TEST(Tables, RefusePhrasesThatAreNone) {
  EXPECT_EQ(lexicon_errors("[concept.other]\nphrases = [\"a, b\"]\n"),
            "lexicon.toml:9: [concept.other] phrases = [...]: 'a, b' is not 1..16 words\n");
}

TEST(Tables, RefuseKeysThatNobodyKnows) {
  EXPECT_EQ(lexicon_errors("[concept.other]\nphrase = [\"a\"]\n"),
            "lexicon.toml:9: [concept.other] phrase = [...]: is not a key of this section\n");
}

TEST(Tables, RefuseUnknownNamesInTheRules) {
  EXPECT_EQ(rules_errors("[[rule]]\nid = \"x\"\naction = \"impse\"\nmatch = [\"T:put\"]\n"),
            "rules.toml:12: [rule] action = 'impse': is not one of threaten, impose, delay, ease, "
            "talks, deal, breakdown, block, uphold\n");
  EXPECT_EQ(rules_errors("[[rule]]\nid = \"x\"\naction = \"ease\"\nmatch = [\"T:putt\"]\n"),
            "rules.toml:13: [rule] match = [...]: 'T:putt' 'putt' is not a concept of "
            "lexicon.toml\n");
  EXPECT_EQ(rules_errors("[[rule]]\nid = \"x\"\naction = \"ease\"\nin = [\"middle\"]\n"
                         "match = [\"T:put\"]\n"),
            "rules.toml:13: [rule] in = [...]: 'middle' is not one of main, cause, background, "
            "condition\n");
  EXPECT_EQ(rules_errors("[[rule]]\nid = \"x\"\naction = \"ease\"\nneeds = [\"luck\"]\n"
                         "match = [\"T:put\"]\n"),
            "rules.toml:13: [rule] needs = [...]: 'luck' is not a concept of lexicon.toml\n");
  EXPECT_EQ(rules_errors("[[modifier]]\nid = \"x\"\nmood = \"sad\"\nmatch = [\"put\"]\n"),
            "rules.toml:12: [modifier] mood = 'sad': is not one of denied\n");
  EXPECT_EQ(
      rules_errors("[[frame]]\nid = \"x\"\nstops = \"it\"\nmatch = [\"put\"]\n"),
      "rules.toml:12: [frame] stops = 'it': is not one of clause, rest, sentence, headline\n");
  EXPECT_EQ(
      rules_errors("[mood.sad]\nbecomes = { cry = \"ease\" }\n"),
      "rules.toml:11: [mood.sad.becomes] cry = 'ease': is not an action of the event model\n");
}

TEST(Tables, RefuseRulesThatCanNeverFire) {
  EXPECT_EQ(rules_errors("[[rule]]\nid = \"x\"\naction = \"ease\"\nmatch = [\"T:court\"]\n"),
            "rules.toml:13: [rule] match = [...]: 'T:court' can never match: no phrase of "
            "lexicon.toml has the concept 'court'\n");
  EXPECT_EQ(rules_errors("[[rule]]\nid = \"x\"\naction = \"ease\"\nmatch = [\"T:put ^\"]\n"),
            "rules.toml:13: [rule] match = [...]: 'T:put ^' can never match: '^' is not at its "
            "start\n");
  EXPECT_EQ(rules_errors("[[rule]]\nid = \"x\"\naction = \"ease\"\nmatch = [\"$ T:put\"]\n"),
            "rules.toml:13: [rule] match = [...]: '$ T:put' can never match: '$' is not at its "
            "end\n");
  EXPECT_EQ(rules_errors("[[rule]]\nid = \"x\"\naction = \"ease\"\nmatch = [\"T:put!put\"]\n"),
            "rules.toml:13: [rule] match = [...]: 'T:put!put' asks for what it excludes and can "
            "never match\n");
}

TEST(Tables, RefusePatternsThatAreNone) {
  const auto error_of = [](std::string_view pattern) {
    return rules_errors("[[rule]]\nid = \"x\"\naction = \"ease\"\nmatch = [\"" +
                        std::string(pattern) + "\"]\n");
  };
  EXPECT_EQ(error_of("put"),
            "rules.toml:13: [rule] match = [...]: 'put' marks no word with 'T:'\n");
  EXPECT_EQ(error_of("T:put ..99"),
            "rules.toml:13: [rule] match = [...]: 'T:put ..99' '..99' needs a reach of 1..20\n");
  EXPECT_EQ(error_of("X:put"),
            "rules.toml:13: [rule] match = [...]: 'X:put' 'X:' is not a role; there are T: "
            "(trigger) and O: (object)\n");
  EXPECT_EQ(error_of("..3"),
            "rules.toml:13: [rule] match = [...]: '..3' needs at least one "
            "concept that is not optional\n");
  EXPECT_EQ(error_of("T:put ?"),
            "rules.toml:13: [rule] match = [...]: 'T:put ?' has an element without a concept\n");
}

TEST(Tables, RefuseACalibrationThatIsNone) {
  const auto error_of = [](const std::string& points) {
    return rules_errors("[confidence]\ncalibration = [" + points + "]\n");
  };
  EXPECT_EQ(error_of(""), "");
  EXPECT_EQ(error_of("[0.5, 0.5], [0.9, 0.5]"), "");
  EXPECT_EQ(error_of("[0.5, 0.5],\n[0.5, 0.6]"),
            "rules.toml:11: [confidence] calibration = [...]: [0.5, 0.6] after [0.5, 0.5]: the "
            "first must rise, the second must not fall\n");
  EXPECT_EQ(error_of("[0.5, 0.5],\n[0.6, 0.4]"),
            "rules.toml:11: [confidence] calibration = [...]: [0.6, 0.4] after [0.5, 0.5]: the "
            "first must rise, the second must not fall\n");
  EXPECT_EQ(error_of("[0.5, 0.5],\n[0.6, 1.5]"),
            "rules.toml:12: [confidence] calibration: entry 2 is not two numbers in 0..1\n");
  EXPECT_EQ(rules_errors("[confidence]\ncalibrate = []\n"),
            "rules.toml:11: [confidence] calibrate = [...]: is not a key of this section\n");
  std::string many;
  for (int i = 0; i < 33; ++i)
    many += "[" + std::to_string(i / 100.0) + ", 0.5],";
  EXPECT_EQ(error_of(many),
            "rules.toml:11: [confidence] calibration = [...]: has 33 points; 32 is the most\n");
}

TEST(Tables, TellEveryErrorOfBothFilesAtOnce) {
  EXPECT_EQ(errors_of(std::string(kLexicon) + "[concept.a]\nis = [\"x\"]\nis_not = 1\n",
                      std::string(kRules) + "[[rule]]\nid = \"put\"\n"),
            "lexicon.toml:9: [concept.a] is = [...]: 'x' is not a concept\n"
            "lexicon.toml:10: [concept.a] is_not = 1: is not a key of this section\n"
            "rules.toml:10: [rule] needs the key 'action'\n"
            "rules.toml:10: [rule] needs the key 'match'\n"
            "rules.toml:11: [rule] id = 'put': is the id of another entry\n");
}

TEST(Tables, MakeAWordOfTheLexiconCountAtOnce) {
  Reader reader;
  Reading reading;
  ConfigErrors errors;
  const auto before = parse_tables(kLexicon, kRules, errors);
  ASSERT_NE(before, nullptr);
  reader.read(*before, "US to wallop tariffs", WallNs{}, reading);
  EXPECT_EQ(reading.facts_count, 0);
  const auto after = parse_tables(std::string(kLexicon) +
                                      "[concept.more]\nis = [\"put\"]\n"
                                      "verbs = [\"wallop\"]\n",
                                  kRules, errors);
  ASSERT_NE(after, nullptr);
  reader.read(*after, "US to wallop tariffs", WallNs{}, reading);
  EXPECT_EQ(test::told(reading), "impose tariff US>");
}

}  // namespace
}  // namespace tariff
