#pragma once
// signals/reading/trace.h - How a reading came about. Filled only when somebody asks. Thread: the
// reader's. Cold.

#include <cstdint>
#include <string>
#include <vector>

namespace tariff {

struct Trace {
  /// A word, a phrase of the lexicon, a number or a mark. Offsets are bytes of the original text.
  struct Span {
    std::string text;  ///< As folded.
    std::uint32_t begin_bytes = 0;
    std::uint32_t end_bytes = 0;
    std::vector<std::string> concepts;
  };
  struct Clause {
    std::string kind;  ///< "main", "cause", "background", "condition", "question"
    std::uint32_t first_span = 0;
    std::uint32_t last_span = 0;  ///< Included.
    std::string opened_by;        ///< The word or mark that opened it; empty for the first.
  };
  /// A rule of rules.toml that matched.
  struct Step {
    std::string rule;
    std::uint32_t first_span = 0;
    std::uint32_t last_span = 0;  ///< Included.
    std::string outcome;          ///< What it gave: "impose tariff", "frame", "denied".
    std::string stopped_by;       ///< Empty if it counted.
  };

  /// A rule that one thing kept from matching.
  struct NearMiss {
    std::string rule;
    std::string outcome;           ///< The action that it stands for.
    std::uint32_t first_span = 0;  ///< Of what is there.
    std::uint32_t last_span = 0;   ///< Included.
    std::string stopped_by;        ///< "no put", "its words stand too far apart"
  };

  std::string folded;
  std::vector<Span> spans;
  std::vector<Clause> clauses;
  std::vector<Step> steps;
  std::vector<NearMiss> near_misses;          ///< Few, the nearest first.
  std::vector<float> raw_confidences;         ///< Of the events, before calibration.
  std::vector<std::string> unresolved_dates;  ///< "tomorrow", "in 90 days": told, not resolved.
  std::string speaker;                        ///< Who says it, as folded; empty if nobody.
};

}  // namespace tariff
