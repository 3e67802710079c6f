#include "daemon/message_view.h"

#include <cmath>
#include <ctime>

#include <fmt/format.h>

#include "config/errors.h"
#include "core/time.h"

namespace tariff {
namespace {

enum class Ink { Plain, Bold, Dim, Red, Green, Yellow };

class Pen {
 public:
  explicit Pen(bool colour) : colour_(colour) {}

  [[nodiscard]] std::string operator()(Ink ink, const std::string& text) const {
    static constexpr std::array<const char*, 6> kCodes{"0", "1", "2", "31;1", "32;1", "33"};
    if (!colour_ || ink == Ink::Plain) return text;
    return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(ink)], text);
  }

 private:
  bool colour_;
};

std::string clock_text(std::int64_t wall_ns) {
  const std::time_t seconds = wall_ns / kNsPerSecond;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:02}:{:02}:{:02}.{:03}", utc.tm_hour, utc.tm_min, utc.tm_sec,
                     wall_ns % kNsPerSecond / kNsPerMs);
}

template <std::size_t N>
std::string places_text(const PlaceList<N>& places, std::string_view nobody) {
  std::string text;
  for (const Place& place : places) {
    if (!text.empty()) text += ",";
    text += printable(place.view());
  }
  return text.empty() ? std::string(nobody) : text;
}

std::string date_text(std::int32_t yyyymmdd) {
  return fmt::format("{:04}-{:02}-{:02}", yyyymmdd / 10'000, yyyymmdd / 100 % 100, yyyymmdd % 100);
}

std::string fact_text(const Facts& fact, const Pen& pen) {
  std::string text = pen(Ink::Bold, fmt::format("{}{} {}", fact.denied() ? "not " : "",
                                                to_text(fact.action), to_text(fact.measure)));
  text += fmt::format("  {}", places_text(fact.actors, "?"));
  if (!fact.targets.empty()) text += fmt::format(" -> {}", places_text(fact.targets, ""));
  if (fact.has_rate()) text += fmt::format("  {}%", fact.rate_pct);
  for (std::size_t i = 0; i < kProductNames.size(); ++i) {
    if (fact.has(static_cast<Product>(i))) text += fmt::format("  {}", kProductNames[i]);
  }
  if (fact.effective_yyyymmdd != 0) text += "  from " + date_text(fact.effective_yyyymmdd);
  if (fact.retaliation()) text += "  in retaliation";
  return text +
         pen(Ink::Dim, fmt::format("  confidence {:.2f}, said by {}, rule {}", fact.confidence,
                                   to_text(fact.attribution), printable(fact.rule.view())));
}

Ink ink_of(Net net) {
  switch (net) {
    case Net::Escalate:
      return Ink::Red;
    case Net::Deescalate:
      return Ink::Green;
    case Net::Mixed:
      return Ink::Yellow;
    case Net::None:
      return Ink::Dim;
  }
  return Ink::Plain;
}

std::string bps_text(float bps) {
  return std::isnan(bps) ? "?" : fmt::format("{:+.0f}", bps);
}

std::string view(const client::Event& event, const Pen& pen) {
  const std::string net = event.unscored() ? "UNSCORED" : std::string(to_text(event.net));
  std::string text = fmt::format(
      "{} #{} {} {}  {}\n", clock_text(event.received_ns), event.event_id,
      pen(ink_of(event.net), fmt::format("{:<10}", net)),
      pen(Ink::Bold, printable(event.text, 300)),
      pen(Ink::Dim, fmt::format("[{} via {}, {}{}, {:.1f} us]", printable(event.source.view()),
                                printable(event.feed.view()), name_of(event.novelty, kNoveltyNames),
                                event.revision > 1 ? fmt::format(" r{}", event.revision) : "",
                                static_cast<double>(event.latency_ns) / 1e3)));
  for (const Facts& fact : event.facts)
    text += fmt::format("{:13}{}\n", "", fact_text(fact, pen));
  return text;
}

std::string view(const client::Signal& signal, const Pen& pen) {
  const Ink ink = signal.direction > 0 ? Ink::Green : Ink::Red;
  std::string text = fmt::format(
      "{:13}{} {}", "",
      pen(ink, fmt::format("{:<6}{:+.2f}", printable(signal.instrument.view()), signal.score)),
      pen(Ink::Dim, fmt::format("{:<20}", printable(signal.exposure.view()))));
  if (!signal.has_quote()) return text + " no quote\n";
  return text + fmt::format(
                    " mid {:.2f} spread {:.2f}, {:.1f} s old; before the news {}/{}/{} bp in "
                    "1/5/60 s\n",
                    signal.mid, signal.spread, static_cast<double>(signal.quote_age_ns) / 1e9,
                    bps_text(signal.move_1s_bps), bps_text(signal.move_5s_bps),
                    bps_text(signal.move_60s_bps));
}

std::string view(const client::Retract& retract, const Pen& pen) {
  const std::string what =
      retract.instrument.empty() ? "the event" : printable(retract.instrument.view());
  const auto price = [](double mid) {
    return mid > 0 ? fmt::format("{:.2f}", mid) : std::string("no quote");
  };
  return fmt::format("{} #{} {} {}: {} (message {}; mid then {}, now {})\n",
                     clock_text(retract.received_ns), retract.event_id,
                     pen(Ink::Yellow, "RETRACT   "), what,
                     name_of(retract.reason, kRetractReasonNames), retract.supersedes_seq,
                     price(retract.mid_then), price(retract.mid_now));
}

std::string view(const client::Status& status, const Pen& pen) {
  const std::string about =
      status.kind == StatusKind::Feed
          ? fmt::format("feed {}: {}", printable(status.feed.view()), to_text(status.state))
          : std::string(name_of(status.kind, kStatusKindNames));
  return fmt::format(
      "{} {}\n", clock_text(status.received_ns),
      pen(Ink::Dim, fmt::format("status {}: {}", about, printable(status.text.view()))));
}

std::string view(const client::Gap& gap, const Pen& pen) {
  return pen(Ink::Yellow,
             fmt::format("GAP: messages {} to {} can no longer be had", gap.from_seq, gap.to_seq)) +
         "\n";
}

std::string view(const client::Stale& stale, const Pen& pen) {
  return pen(Ink::Yellow, fmt::format("STALE: {}", printable(stale.reason))) + "\n";
}

std::string view(const client::Failed& failed, const Pen& pen) {
  return pen(Ink::Red, fmt::format("FAILED: {}", printable(failed.reason))) + "\n";
}

std::string view(const client::Heartbeat&, const Pen&) {
  return "";
}

}  // namespace

std::string view_message(const client::Message& message, bool colour) {
  const Pen pen(colour);
  return std::visit([&](const auto& m) { return view(m, pen); }, message);
}

}  // namespace tariff
