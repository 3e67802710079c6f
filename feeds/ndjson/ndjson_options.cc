#include "feeds/ndjson/ndjson_options.h"

#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "feeds/ndjson/pointer_map.h"

namespace tariff::ndjson {
namespace {

/// Reads pointers, and refuses one that leads into the value of another.
class PointerReader {
 public:
  void read(Section& section, std::string_view key, std::string& pointer) {
    const std::string given = section.get_string(key, pointer);
    const std::string problem = pointer_problem(given);
    if (!problem.empty()) {
      section.error(key, problem);
      return;
    }
    pointer = given;
    if (pointer.empty()) return;
    for (const std::string& other : seen_) {
      if (is_inside(pointer, other) || is_inside(other, pointer)) {
        section.error(key, fmt::format("this and '{}' lead into one another", other));
      }
    }
    seen_.push_back(pointer);
  }

 private:
  static bool is_inside(std::string_view inner, std::string_view outer) {
    return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
  }

  std::vector<std::string> seen_;
};

TimeFormat read_time_format(Section& section) {
  return static_cast<TimeFormat>(
      section.get_choice("time_format", 0, {kTimeFormatNames.begin(), kTimeFormatNames.end()}));
}

void read_headline(Section& section, PointerReader& pointers, HeadlineMapping& out) {
  pointers.read(section, "text", out.text);
  pointers.read(section, "id", out.id);
  pointers.read(section, "published", out.published);
  pointers.read(section, "updated", out.updated);
  pointers.read(section, "symbols", out.symbols);
  pointers.read(section, "source", out.source);
  pointers.read(section, "deleted", out.deleted);
  out.time_format = read_time_format(section);
  out.default_source = section.get_string("default_source", "");
  if (out.text.empty()) section.error("text", "is needed to find headlines");
  section.finish();
}

void read_quote(Section& section, PointerReader& pointers, QuoteMapping& out) {
  pointers.read(section, "symbol", out.symbol);
  pointers.read(section, "bid", out.bid);
  pointers.read(section, "ask", out.ask);
  pointers.read(section, "bid_size", out.bid_size);
  pointers.read(section, "ask_size", out.ask_size);
  pointers.read(section, "published", out.published);
  out.time_format = read_time_format(section);
  if (out.symbol.empty()) section.error("symbol", "is needed to find quotes");
  section.finish();
}

}  // namespace

Options read_options(Section& section) {
  Options options;
  std::optional<Section> headline = section.get_section("headline");
  std::optional<Section> quote = section.get_section("quote");
  const bool both = !headline && !quote;
  options.headlines = both || headline.has_value();
  options.quotes = both || quote.has_value();
  PointerReader pointers;
  if (headline) read_headline(*headline, pointers, options.headline);
  if (quote) read_quote(*quote, pointers, options.quote);
  return options;
}

}  // namespace tariff::ndjson
