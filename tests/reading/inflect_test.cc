#include "signals/reading/inflect.h"

#include <gtest/gtest.h>

namespace tariff {
namespace {

std::string texts(const std::vector<Inflected>& forms) {
  std::string out;
  for (const Inflected& form : forms)
    out += (out.empty() ? "" : ",") + form.text;
  return out;
}

TEST(Inflect, FormsRegularVerbs) {
  EXPECT_EQ(texts(verb_forms("impose")), "impose,imposes,imposed,imposing");
  EXPECT_EQ(texts(verb_forms("levy")), "levy,levies,levied,levying");
  EXPECT_EQ(texts(verb_forms("slash")), "slash,slashes,slashed,slashing");
  EXPECT_EQ(texts(verb_forms("agree")), "agree,agrees,agreed,agreeing");
}

TEST(Inflect, DoublesWhereTheEntrySaysSo) {
  EXPECT_EQ(texts(verb_forms("slap+")), "slap,slaps,slapped,slapping");
}

TEST(Inflect, TakesListedForms) {
  EXPECT_EQ(texts(verb_forms("strike/struck/stricken")), "strike,strikes,struck,stricken,striking");
  EXPECT_EQ(texts(verb_forms("cut/cut/cutting")), "cut,cuts,cutting");
}

TEST(Inflect, ChangesTheFirstWordOfAVerbAndTheLastOfANoun) {
  EXPECT_EQ(texts(verb_forms("roll back")), "roll back,rolls back,rolled back,rolling back");
  EXPECT_EQ(texts(noun_forms("import duty")), "import duty,import duties");
  EXPECT_EQ(texts(noun_forms("embargo/embargoes")), "embargo,embargoes");
}

TEST(Inflect, TellsTheForms) {
  const auto forms = verb_forms("cut/cut/cutting");
  EXPECT_TRUE(forms[0].form.has(id_of(Cue::FormBase)));
  EXPECT_TRUE(forms[0].form.has(id_of(Cue::FormEd))) << "cut, cut, cut";
  EXPECT_TRUE(forms[1].form.has(id_of(Cue::FormS)));
  EXPECT_TRUE(forms[2].form.has(id_of(Cue::FormIng)));
}

}  // namespace
}  // namespace tariff
