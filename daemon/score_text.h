#pragma once
// daemon/score_text.h - A score card for a person and for a tool. Thread: any. Cold.

#include <string>

#include "daemon/score_card.h"

namespace tariff {

/// Every figure, the confusion and the reliability, in a screenful or two.
[[nodiscard]] std::string score_text(const ScoreCard& card);

/// The same as one JSON object on one line.
[[nodiscard]] std::string score_json(const ScoreCard& card);

/// One headline with labelled and predicted events side by side, a row a field; a row that differs
/// begins with '*'.
[[nodiscard]] std::string difference_text(const Labelled& gold, const Labelled& predicted);

}  // namespace tariff
