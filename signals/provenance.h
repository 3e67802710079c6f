#pragma once
// signals/provenance.h - What a text says of itself: a tag in front (TEST, CORRECTED, REPEAT), and
// whom it cites ("-CNBC", "source: X", "X reports"). The words are in config/sources.toml.
// Thread: loaded on the main thread, then immutable. Hot: mark_of, cited_by.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "config/section.h"
#include "signals/words.h"

namespace tariff {

/// A tag that wires and desks put in front of a headline.
enum class Mark : std::uint8_t { None, Test, Embargo, Repeat, Corrected, Withdrawn };

struct Marked {
  Mark mark = Mark::None;
  std::size_t body_at = 0;  ///< Byte of the text where the headline itself begins.
};

class Provenance {
 public:
  /// Place of a source in the table of names.
  using NameIndex = std::uint16_t;
  static constexpr NameIndex kUnknownName = 0xFFFF;

  void read_marks(Section& section);
  void read_citations(Section& section);
  /// `name` stands for the source at `index`.
  void add_name(std::string_view name, NameIndex index);

  [[nodiscard]] Marked mark_of(const WordList& words) const noexcept;
  /// Whom the text cites: kUnknownName if it cites somebody whom no source is called; nothing if it
  /// cites nobody.
  [[nodiscard]] std::optional<NameIndex> cited_by(const WordList& words) const noexcept;

 private:
  struct Phrase {
    static constexpr std::size_t kWordsMax = 4;
    std::array<std::uint64_t, kWordsMax> words{};
    std::uint8_t count = 0;
    bool before_sign = false;  ///< Only with a sign behind it: "test:" also stands for "TEST -".

    [[nodiscard]] std::span<const std::uint64_t> view() const noexcept {
      return {words.data(), count};
    }
  };
  struct Tag {
    Phrase phrase;
    Mark mark;
  };
  struct Name {
    Phrase phrase;
    NameIndex index;
  };

  static Phrase phrase_of(std::string_view text);
  static std::vector<Phrase> read_phrases(Section& section, std::string_view key);
  [[nodiscard]] const Name* name_at(const WordList& words, std::size_t place) const noexcept;
  [[nodiscard]] const Name* name_until(const WordList& words, std::size_t end) const noexcept;

  std::vector<Tag> tags_;
  std::vector<Name> names_;
  std::vector<Phrase> before_;      // in front of a name that is known
  std::vector<Phrase> before_any_;  // in front of a name, known or not
  std::vector<Phrase> after_;       // behind a name that is known
  std::uint64_t cue_bits_ = 0;      // a bit per first word of these, by hash: most words are none
};

}  // namespace tariff
