#pragma once
// daemon/score_card.h - How well predicted events agree with labelled ones. Pure: no file, no
// output. What each figure means is in docs/howto/measure-the-reading.md. Thread: any. Cold.

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/labelled.h"

namespace tariff {

/// What is compared in two events of equal action and denial.
inline constexpr std::array<std::string_view, 7> kCardFields{
    "measure", "retaliation", "actor", "targets", "products", "rate_pct", "effective"};

[[nodiscard]] bool equal_field(std::size_t field, const LabelledEvent& a, const LabelledEvent& b);

/// Indices into the events of two headlines.
struct EventPair {
  std::size_t gold = 0;
  std::size_t predicted = 0;
};

/// Events of equal action and denial, one to one, those with most equal fields first.
[[nodiscard]] std::vector<EventPair> match_events(const std::vector<LabelledEvent>& gold,
                                                  const std::vector<LabelledEvent>& predicted);

/// The events that match_events leaves over, one to one as far as they go, alike ones first.
[[nodiscard]] std::vector<EventPair> match_rest(const std::vector<LabelledEvent>& gold,
                                                const std::vector<LabelledEvent>& predicted,
                                                const std::vector<EventPair>& matched);

/// "impose", "not delay".
[[nodiscard]] std::string deed_of(const LabelledEvent& event);

/// A predicted event: how sure it was, and whether it was matched.
struct ConfidenceSample {
  double confidence = 0;
  bool right = false;
};

/// Predicted events of about one confidence.
struct ReliabilityBin {
  std::size_t count = 0;
  double confidence = 0;  ///< Mean; 0 if there are none.
  double right = 0;       ///< Share; 0 if there are none.
};

inline constexpr std::size_t kReliabilityBins = 10;
using Reliability = std::array<ReliabilityBin, kReliabilityBins>;
[[nodiscard]] Reliability reliability(const std::vector<ConfidenceSample>& samples);

/// Mean distance of confidence and share right over the bins, weighed by their counts; 0 if there
/// are no samples.
[[nodiscard]] double calibration_error(const std::vector<ConfidenceSample>& samples);

class ScoreCard {
 public:
  /// Row and column of the confusion for an event without a counterpart.
  static constexpr std::string_view kNothing = "nothing";
  using Figures = std::vector<std::pair<std::string_view, double>>;
  using Confusion = std::map<std::string, std::map<std::string, std::size_t>>;

  /// Counts one headline. True if its events agree in every field.
  bool add(const Labelled& gold, const Labelled& predicted);

  [[nodiscard]] std::size_t headlines() const noexcept { return headlines_; }
  [[nodiscard]] std::size_t events() const noexcept;
  /// Every figure by its name, 0..1, in the order in which it is printed.
  [[nodiscard]] Figures figures() const;
  /// F1 of each action that the labels have, by name.
  [[nodiscard]] Figures action_f1() const;
  /// Labelled deed -> predicted deed -> how often.
  [[nodiscard]] const Confusion& confusion() const noexcept { return confusion_; }
  /// Predicted events that have a confidence, in the order they came.
  [[nodiscard]] const std::vector<ConfidenceSample>& samples() const noexcept { return samples_; }

 private:
  struct Counts {
    std::size_t gold = 0;
    std::size_t predicted = 0;
    std::size_t matched = 0;
  };

  void count_events(const Labelled& gold, const Labelled& predicted,
                    const std::vector<EventPair>& matched);

  std::size_t headlines_ = 0;
  Counts relevance_;  ///< Headlines with an event.
  std::size_t signed_ = 0;
  std::size_t flipped_ = 0;
  std::size_t net_right_ = 0;
  std::size_t exact_ = 0;
  std::array<Counts, kActionNames.size()> actions_{};
  std::array<std::size_t, kCardFields.size()> fields_right_{};
  Confusion confusion_;
  std::vector<ConfidenceSample> samples_;
};

}  // namespace tariff
