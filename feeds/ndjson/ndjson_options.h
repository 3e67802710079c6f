#pragma once
// feeds/ndjson/ndjson_options.h - The keys of a `[[feed]]` with protocol = "ndjson": which JSON
// pointer holds what. Cold.

#include <cstdint>
#include <string>

#include "config/section.h"
#include "feeds/time_text.h"

namespace tariff::ndjson {

/// JSON pointers (RFC 6901) into one line; an empty one is not looked for.
struct HeadlineMapping {
  std::string text = "/text";
  std::string id = "/id";
  std::string published = "/published_at";
  std::string updated = "/updated_at";
  std::string symbols = "/symbols";  ///< A list of strings, or one string.
  std::string source = "/source";
  std::string deleted = "/deleted";  ///< `true` takes the item back.
  TimeFormat time_format = TimeFormat::Rfc3339;
  std::string default_source;  ///< If the line names none.
};

struct QuoteMapping {
  std::string symbol = "/symbol";
  std::string bid = "/bid";
  std::string ask = "/ask";
  std::string bid_size = "/bid_size";
  std::string ask_size = "/ask_size";
  std::string published = "/time";
  TimeFormat time_format = TimeFormat::Rfc3339;
};

/// A feed may carry both: a line with a text is a headline, one with a symbol is a quote.
struct Options {
  bool headlines = true;
  bool quotes = true;
  HeadlineMapping headline;
  QuoteMapping quote;
};

/// Reads `[feed.headline]` and `[feed.quote]`. Without either, both kinds are read with the
/// mappings above; with one of them, only that kind.
[[nodiscard]] Options read_options(Section& section);

}  // namespace tariff::ndjson
