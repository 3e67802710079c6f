#pragma once
// daemon/replay_report.h - `tariffd replay --report`: the engine on a timeline, and what its
// signals were worth. Thread: one. Cold.

#include <memory>
#include <vector>

#include "core/result.h"
#include "daemon/commands.h"
#include "daemon/replay_timeline.h"
#include "signals/engine.h"

namespace tariff {

/// Prints the report as `options` ask, and writes the page.
[[nodiscard]] Result<void> tell_report(const ReplayOptions& options, std::unique_ptr<Desk> desk,
                                       std::vector<FeedInfo> feeds, ReplayTimeline& timeline,
                                       const EngineOptions& stories);

}  // namespace tariff
