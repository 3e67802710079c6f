#pragma once
// signals/reading/concepts.h - What a span of text can stand for: a set of small numbers. The
// concepts that the code asks for by name are listed here; lexicon.toml adds its own.
// Thread: any. Hot.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tariff {

/// Built-in concepts and those of lexicon.toml together.
constexpr std::size_t kConceptsMax = 320;

class ConceptSet {
 public:
  constexpr void add(std::size_t id) noexcept { words_[id / 64] |= std::uint64_t{1} << (id % 64); }
  constexpr void remove(std::size_t id) noexcept {
    words_[id / 64] &= ~(std::uint64_t{1} << (id % 64));
  }
  [[nodiscard]] constexpr bool has(std::size_t id) const noexcept {
    return ((words_[id / 64] >> (id % 64)) & 1U) != 0;
  }
  [[nodiscard]] constexpr bool meets(const ConceptSet& other) const noexcept {
    std::uint64_t common = 0;
    for (std::size_t i = 0; i < words_.size(); ++i)
      common |= words_[i] & other.words_[i];
    return common != 0;
  }
  /// The smallest concept that is in both; kConceptsMax if none is.
  [[nodiscard]] constexpr std::size_t first_common(const ConceptSet& other) const noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::uint64_t common = words_[i] & other.words_[i];
      if (common != 0) return i * 64 + static_cast<std::size_t>(std::countr_zero(common));
    }
    return kConceptsMax;
  }
  /// True if every concept of `other` is in this set.
  [[nodiscard]] constexpr bool covers(const ConceptSet& other) const noexcept {
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < words_.size(); ++i)
      missing |= other.words_[i] & ~words_[i];
    return missing == 0;
  }
  [[nodiscard]] constexpr bool empty() const noexcept {
    std::uint64_t any = 0;
    for (const std::uint64_t word : words_)
      any |= word;
    return any == 0;
  }
  constexpr ConceptSet& operator|=(const ConceptSet& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i)
      words_[i] |= other.words_[i];
    return *this;
  }
  template <class Visit>
  constexpr void for_each(Visit visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t rest = words_[i]; rest != 0; rest &= rest - 1) {
        visit(i * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
      }
    }
  }
  friend constexpr bool operator==(const ConceptSet&, const ConceptSet&) = default;

 private:
  std::array<std::uint64_t, kConceptsMax / 64> words_{};
};

/// Concepts that the code itself knows; rules.toml may use them like any other. The first block is
/// set by the reader (marks, numbers, forms), the others by entries of lexicon.toml.
enum class Cue : std::uint8_t {
  Word,   ///< Any word or number, known or not; never a mark.
  Comma,  ///< A comma between clauses; one inside a list of places or products is not told.
  Colon,
  Dash,
  Question,
  Number,
  Rate,  ///< A percentage.
  Money,
  Year,  ///< 1900..2099 as a bare number.
  Date,  ///< A calendar date.
  Possessive,
  Hyphen,     ///< Joined to the next word by a hyphen.
  Upper,      ///< Written in capitals only.
  Ideograph,  ///< Begins with an ideograph: Chinese.
  FormBase,
  FormS,
  FormEd,
  FormIng,
  AnyPlace,
  PlaceName,
  PlaceAdjective,
  Decider,  ///< A leader, ministry or capital that stands for its country.
  Court,
  Parliament,
  Product,
  Measure,
  Goods,   ///< "imports", "goods", "products": what a place's adjective makes a target.
  PrepOn,  ///< "on", "against": a target follows.
  PrepFrom,
  PrepTo,
  PrepWith,
  PrepBy,
  PrepFor,
  PrepOf,
  PrepIn,
  And,
  Say,
  Sources,
  Official,
  Outsider,
  Month,
  RelativeDate,
  DateStart,   ///< "from", "starting", "effective": a start date follows.
  DateUntil,   ///< "until", "till", "through": a deadline follows.
  DatePast,    ///< "took effect": the date is behind us.
  OpensCause,  ///< "as", "on news that"
  OpensBackground,
  OpensCondition,
  OpensMain,  ///< "but", "while": a clause of equal rank.
  Barrier,    ///< Ends a noun phrase; see `~N` in rules.toml.
  Additional,
  Retaliation,
  FirstPerson,
  Bloc,          ///< Sides without a code: "the West", "G7".
  Deed,          ///< A verb of saying that also acts: "confirms tariffs".
  Filler,        ///< "the", "a": not told to rules at all.
  Abbreviation,  ///< A full stop behind it ends nothing.
  PercentWord,
  PointsWord,  ///< "percentage points": a change, not a rate.
  Magnitude,   ///< "billion": the number before it is no rate and no day.
  Zero,
  Pronoun,         ///< "us" in small letters.
  TradeEnvoy,      ///< Whose talks are about trade.
  MarketWord,      ///< "stocks": a move of theirs and its fresh cause are one piece of news.
  OpensAftermath,  ///< "after": behind a market move it names the cause.
  Except,          ///< "except", "other than": who is named behind it is not meant.
  Outward,         ///< An export curb or tax: the side that it is named after takes it.
  Count,
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Cue::Count)> kCueNames{
    "word",
    "comma",
    "colon",
    "dash",
    "question",
    "number",
    "rate",
    "money",
    "year",
    "date",
    "possessive",
    "hyphen",
    "upper",
    "ideograph",
    "form_base",
    "form_s",
    "form_ed",
    "form_ing",
    "place",
    "place_name",
    "place_adjective",
    "decider",
    "court",
    "parliament",
    "product",
    "measure",
    "goods",
    "prep_on",
    "prep_from",
    "prep_to",
    "prep_with",
    "prep_by",
    "prep_for",
    "prep_of",
    "prep_in",
    "and",
    "say",
    "sources",
    "official",
    "outsider",
    "month",
    "relative_date",
    "date_start",
    "date_until",
    "date_past",
    "opens_cause",
    "opens_background",
    "opens_condition",
    "opens_main",
    "barrier",
    "additional",
    "retaliation",
    "first_person",
    "bloc",
    "deed",
    "filler",
    "abbreviation",
    "percent_word",
    "points_word",
    "magnitude",
    "zero",
    "pronoun",
    "trade_envoy",
    "market_word",
    "opens_aftermath",
    "except",
    "outward"};

[[nodiscard]] constexpr std::size_t id_of(Cue cue) noexcept {
  return static_cast<std::size_t>(cue);
}

}  // namespace tariff
