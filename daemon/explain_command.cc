// daemon/explain_command.cc - `tariffd explain`: the reader's account, and the arithmetic of the
// signals that would follow, so that both can be checked by hand.
#include <array>

#include <fmt/format.h>
#include <sysexits.h>

#include "core/clock.h"
#include "daemon/commands.h"
#include "daemon/date_text.h"
#include "signals/desk.h"
#include "signals/reading/explain.h"
#include "signals/reading/reader.h"
#include "signals/reading/trace.h"

namespace tariff {
namespace {

std::string signals_text(const Desk& desk, const Reading& reading, float trust) {
  std::array<ScoredInstrument, QuoteBoard::kInstrumentsMax> scored{};
  const std::size_t count = desk.exposures.expose(reading.events(), trust, scored);
  std::string text =
      fmt::format("signals (trust of the source, or of whom it cites, {:.2f})\n", trust);
  if (count == 0) return text + "  none\n";
  for (std::size_t i = 0; i < count; ++i) {
    const ScoredInstrument& s = scored[i];
    text += fmt::format("  {:8} {:+.3f}  {}  weight {:+.2f}",
                        desk.exposures.instruments()[s.instrument].view(), s.score,
                        s.exposure->id.view(), s.exposure->weight);
    for (const Facts& fact : reading.events()) {
      if (!Exposures::matches(*s.exposure, fact)) continue;
      text += fmt::format("  [{} {:+d} x stage {:.2f} x rate {:.2f} x confidence {:.2f}]",
                          to_text(fact.action), direction(fact.action, fact.denied()),
                          desk.exposures.stage(fact.action), desk.exposures.rate_factor(fact),
                          fact.confidence);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

int explain_command(const ExplainOptions& options) {
  ConfigErrors errors;
  const auto desk = load_desk(options.rules, errors);
  if (!desk) {
    fmt::print(stderr, "{}", errors.to_text());
    return EX_CONFIG;
  }
  WallNs published = now_wall();
  if (!options.published.empty()) {
    published = parse_date_or_time(options.published);
    if (published.ns == 0) {
      fmt::print(stderr, "tariffd explain: --published '{}' is not a date such as 2025-10-10\n",
                 printable(options.published));
      return EX_USAGE;
    }
  }
  Reader reader;
  Reading reading;
  Trace trace;
  reader.read(*desk->tables, options.text, published, reading, &trace);
  if (options.json) {
    fmt::print("{}\n", explain_json(trace, reading));
  } else {
    WordList words;
    words.assign(options.text);
    fmt::print("{}{}", explain_text(trace, reading),
               signals_text(*desk, reading, desk->sources.origin_of(options.source, words).trust));
  }
  return EX_OK;
}

}  // namespace tariff
