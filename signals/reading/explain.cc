#include "signals/reading/explain.h"

#include <fmt/format.h>

#include "core/facts.h"
#include "signals/reading/unicode.h"

namespace tariff {
namespace {

/// JSON string with quotes. Bytes that are not UTF-8 become U+FFFD, so that the line stays JSON.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      switch (c) {
        case '"':
          out += "\\\"";
          break;
        case '\\':
          out += "\\\\";
          break;
        case '\n':
          out += "\\n";
          break;
        case '\t':
          out += "\\t";
          break;
        default:
          if (c < 0x20 || c == 0x7F) {
            out += fmt::format("\\u{:04x}", c);
          } else {
            out += static_cast<char>(c);
          }
      }
      ++i;
      continue;
    }
    const unicode::Decoded decoded = unicode::decode(text, i);
    if (decoded.valid) {
      out += text.substr(i, decoded.bytes);
    } else {
      out += "\\ufffd";
    }
    i += decoded.bytes;
  }
  return out + '"';
}

template <std::size_t N>
std::string places_json(const PlaceList<N>& places) {
  std::string out = "[";
  for (const Place place : places)
    out += fmt::format("{}{}", out.size() > 1 ? "," : "", quoted(place.view()));
  return out + "]";
}

std::string products_json(const Facts& facts) {
  std::string out = "[";
  for (std::size_t i = 0; i < kProductNames.size(); ++i) {
    if (!facts.has(static_cast<Product>(i))) continue;
    out += fmt::format("{}\"{}\"", out.size() > 1 ? "," : "", kProductNames[i]);
  }
  return out + "]";
}

std::string date_text(std::int32_t date) {
  return fmt::format("{:04}-{:02}-{:02}", date / 10'000, date / 100 % 100, date % 100);
}

std::string event_json(const Facts& facts) {
  return fmt::format(
      R"({{"action":"{}","measure":"{}","denied":{},"retaliation":{},"actor":{},"targets":{},)"
      R"("products":{},"rate_pct":{},"effective":{},"confidence":{:.3f},"attribution":"{}",)"
      R"("rule":{}}})",
      to_text(facts.action), to_text(facts.measure), facts.denied(), facts.retaliation(),
      places_json(facts.actors), places_json(facts.targets), products_json(facts),
      facts.has_rate() ? fmt::format("{}", facts.rate_pct) : "null",
      facts.effective_yyyymmdd == 0 ? "null"
                                    : fmt::format("\"{}\"", date_text(facts.effective_yyyymmdd)),
      facts.confidence, to_text(facts.attribution), quoted(facts.rule.view()));
}

/// The members `net`, `events` and `confidence`, without braces.
std::string reading_members(const Reading& reading) {
  std::string events;
  for (const Facts& facts : reading.events()) {
    if (!events.empty()) events += ',';
    events += event_json(facts);
  }
  return fmt::format(R"("net":"{}","events":[{}],"confidence":{:.3f},"unscored":{})",
                     to_text(reading.net), events, reading.confidence, reading.unscored);
}

template <class List, class ToJson>
std::string list_json(const List& list, ToJson to_json) {
  std::string out = "[";
  for (const auto& entry : list) {
    if (out.size() > 1) out += ',';
    out += to_json(entry);
  }
  return out + "]";
}

template <std::size_t N>
std::string places_text(const PlaceList<N>& places) {
  std::string out;
  for (const Place place : places)
    out += fmt::format("{}{}", out.empty() ? "" : " ", place.view());
  return out.empty() ? "-" : out;
}

std::string event_text(const Facts& facts, float raw_confidence) {
  std::string out =
      fmt::format("  {}{} {}{}: {} -> {}", facts.denied() ? "DENIED " : "", to_text(facts.action),
                  to_text(facts.measure), facts.retaliation() ? " (retaliation)" : "",
                  places_text(facts.actors), places_text(facts.targets));
  if (facts.products != 0) out += fmt::format("  on {}", products_json(facts));
  if (facts.has_rate()) out += fmt::format("  {}%", facts.rate_pct);
  if (facts.effective_yyyymmdd != 0) {
    out += fmt::format("  from {}", date_text(facts.effective_yyyymmdd));
  }
  return out + fmt::format("  [{}; {}; confidence {:.2f}, {:.2f} before calibration]\n",
                           facts.rule.view(), to_text(facts.attribution), facts.confidence,
                           raw_confidence);
}

std::string words_of(const Trace& trace, std::uint32_t first, std::uint32_t last) {
  std::string out;
  for (std::uint32_t i = first; i <= last && i < trace.spans.size(); ++i) {
    if (!out.empty()) out += ' ';
    out += trace.spans[i].text;
  }
  return out;
}

}  // namespace

std::string classify_json(std::string_view id, const Reading& reading) {
  return fmt::format(R"({{"id":{},{}}})", quoted(id), reading_members(reading));
}

std::string explain_text(const Trace& trace, const Reading& reading) {
  std::string out = fmt::format("text     {}\nspans\n", trace.folded);
  for (const Trace::Span& span : trace.spans) {
    if (span.concepts.empty()) continue;
    out += fmt::format("  {:24} {}\n", span.text, fmt::join(span.concepts, " "));
  }
  out += "clauses\n";
  for (const Trace::Clause& clause : trace.clauses) {
    out += fmt::format("  {:11}{}{}\n", clause.kind,
                       clause.opened_by.empty() ? "" : fmt::format("[{}] ", clause.opened_by),
                       words_of(trace, clause.first_span, clause.last_span));
  }
  if (!trace.speaker.empty()) out += fmt::format("speaker  {}\n", trace.speaker);
  out += "rules\n";
  for (const Trace::Step& step : trace.steps) {
    out += fmt::format("  {:28} {:18} \"{}\"{}\n", step.rule, step.outcome,
                       words_of(trace, step.first_span, step.last_span),
                       step.stopped_by.empty() ? "" : "  stopped by " + step.stopped_by);
  }
  if (!trace.near_misses.empty()) out += "nearly\n";
  for (const Trace::NearMiss& miss : trace.near_misses) {
    out += fmt::format("  {:28} {:18} \"{}\"  but {}\n", miss.rule, miss.outcome,
                       words_of(trace, miss.first_span, miss.last_span), miss.stopped_by);
  }
  for (const std::string& date : trace.unresolved_dates)
    out += fmt::format("date     \"{}\" is relative: not resolved\n", date);
  out += fmt::format("events   net {}{}\n", to_text(reading.net),
                     reading.unscored ? "  UNSCORED: a person should look" : "");
  for (std::size_t i = 0; i < reading.facts_count; ++i)
    out += event_text(reading.facts[i], trace.raw_confidences[i]);
  return out;
}

std::string explain_json(const Trace& trace, const Reading& reading) {
  const auto strings = [](const std::vector<std::string>& list) {
    return list_json(list, [](const std::string& text) { return quoted(text); });
  };
  const auto span = [&](const Trace::Span& s) {
    return fmt::format(R"({{"text":{},"begin":{},"end":{},"concepts":{}}})", quoted(s.text),
                       s.begin_bytes, s.end_bytes, strings(s.concepts));
  };
  const auto clause = [](const Trace::Clause& c) {
    return fmt::format(R"({{"kind":{},"first":{},"last":{},"opened_by":{}}})", quoted(c.kind),
                       c.first_span, c.last_span, quoted(c.opened_by));
  };
  const auto step = [](const Trace::Step& s) {
    return fmt::format(R"({{"rule":{},"first":{},"last":{},"outcome":{},"stopped_by":{}}})",
                       quoted(s.rule), s.first_span, s.last_span, quoted(s.outcome),
                       quoted(s.stopped_by));
  };
  const auto miss = [](const Trace::NearMiss& m) {
    return fmt::format(R"({{"rule":{},"first":{},"last":{},"outcome":{},"stopped_by":{}}})",
                       quoted(m.rule), m.first_span, m.last_span, quoted(m.outcome),
                       quoted(m.stopped_by));
  };
  return fmt::format(
      R"({{"text":{},"spans":{},"clauses":{},"steps":{},"near_misses":{},"raw_confidences":{},)"
      R"("speaker":{},"unresolved_dates":{},{}}})",
      quoted(trace.folded), list_json(trace.spans, span), list_json(trace.clauses, clause),
      list_json(trace.steps, step), list_json(trace.near_misses, miss),
      list_json(trace.raw_confidences, [](float raw) { return fmt::format("{:.3f}", raw); }),
      quoted(trace.speaker), strings(trace.unresolved_dates), reading_members(reading));
}

}  // namespace tariff
