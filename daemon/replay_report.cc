#include "daemon/replay_report.h"

#include <cmath>
#include <cstdio>
#include <fstream>

#include <fmt/format.h>
#include <sysexits.h>

#include "daemon/study/report.h"
#include "daemon/study/signal_log.h"

namespace tariff {
namespace {

/// The engine, whose records go to the study.
class Scorer final : public ReplaySink {
 public:
  Scorer(std::unique_ptr<Desk> desk, std::vector<FeedInfo> feeds, const EngineOptions& stories)
      : engine_(std::move(desk), std::move(feeds), records_, counters_, stories, nullptr) {}

  void take(const Headline& headline) override {
    engine_.on_event(headline);
    log_records();
  }
  void take(const Quote& quote) override { engine_.on_quote(quote); }
  void take(const FeedStatus& status) override {
    engine_.on_event(status);
    log_records();
  }
  [[nodiscard]] const study::SignalLog& log() const { return log_; }

 private:
  void log_records() {
    log_.take(records_.records());
    records_.clear();
  }

  MemorySink records_;
  Counters counters_;
  Engine engine_;
  study::SignalLog log_;
};

study::Options study_options(const ReplayOptions& options) {
  study::Options out;
  out.horizons_ns.clear();
  for (const double seconds : options.horizons_s)
    out.horizons_ns.push_back(std::llround(seconds * static_cast<double>(kNsPerSecond)));
  out.seed = options.seed;
  out.headlines_min = options.headlines_min;
  return out;
}

}  // namespace

Result<void> tell_report(const ReplayOptions& options, std::unique_ptr<Desk> desk,
                         std::vector<FeedInfo> feeds, ReplayTimeline& timeline,
                         const EngineOptions& stories) {
  const auto prices = timeline.prices();
  if (!prices) return prices.error();
  Scorer scorer(std::move(desk), std::move(feeds), stories);
  timeline.play(scorer);
  const study::SignalLog& log = scorer.log();
  const study::Report report = study::make_report(log.signals(), *prices, study_options(options),
                                                  {.headlines = timeline.headlines(),
                                                   .untimed = timeline.untimed(),
                                                   .events = log.events(),
                                                   .retracts = log.retracts()});
  if (!options.html.empty()) {
    std::ofstream page(options.html, std::ios::binary);
    page << study::report_html(report) << std::flush;
    if (!page) return Error{fmt::format("{}: cannot be written", options.html), EX_CANTCREAT};
  }
  fmt::print("{}", options.json ? study::report_json(report) : study::report_text(report));
  if (std::fflush(stdout) != 0) return Error{"standard output: cannot be written", EX_IOERR};
  return {};
}

}  // namespace tariff
