#pragma once
// signals/reading/compiled.h - What Tables holds. Thread: any (immutable). Hot to read.

#include <string>
#include <vector>

#include "signals/reading/lexicon.h"
#include "signals/reading/rules.h"

namespace tariff {

class Tables {
 public:
  Tables(Lexicon lexicon, RuleSet rules, std::vector<std::string> concept_names)
      : lexicon_(std::move(lexicon)),
        rules_(std::move(rules)),
        concept_names_(std::move(concept_names)) {}

  [[nodiscard]] const Lexicon& lexicon() const noexcept { return lexicon_; }
  [[nodiscard]] const RuleSet& rules() const noexcept { return rules_; }
  [[nodiscard]] const std::string& concept_name(std::size_t id) const noexcept {
    return concept_names_[id];
  }

  /// Cold. These with the confidences that priors and moods give: what a calibration is fitted to.
  [[nodiscard]] Tables without_calibration() const {
    Tables copy = *this;
    copy.rules_.calibration = Calibration();
    return copy;
  }

 private:
  Lexicon lexicon_;
  RuleSet rules_;
  std::vector<std::string> concept_names_;
};

}  // namespace tariff
