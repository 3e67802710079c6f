#pragma once
// feeds/alpaca/alpaca_element.h - One element of an Alpaca message: the fields that we use, still
// as raw JSON, because which of them count and what they must be depends on "T", which may come
// last. Wire: docs/formats/alpaca.md. Thread: any. Hot, pure.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <simdjson.h>

#include "core/headline.h"
#include "core/quote.h"

namespace tariff::alpaca {

enum class Field : std::uint8_t {
  Type,       // T
  Id,         // id
  Headline,   // headline
  CreatedAt,  // created_at
  UpdatedAt,  // updated_at
  Source,     // source
  Symbol,     // S
  BidPrice,   // bp
  BidSize,    // bs
  AskPrice,   // ap
  AskSize,    // as
  Time,       // t
  Message,    // msg
  Code,       // code
  Count,
};

struct Element {
  /// Raw tokens, with the quotes of strings; empty where the element has no such key.
  std::array<std::string_view, static_cast<std::size_t>(Field::Count)> raw;
  FixedText<64> symbols;     ///< "symbols" of news: comma-separated, whole symbols only.
  bool symbols_bad = false;  ///< "symbols" is not a list of strings.
  int news_channels = -1;    ///< Length of the list "news" in an acknowledgement; -1 without it.
  int quote_channels = -1;   ///< As news_channels, of "quotes".

  [[nodiscard]] std::string_view at(Field field) const noexcept {
    return raw[static_cast<std::size_t>(field)];
  }
};

/// Reads one element; the views live as long as the frame. False if the JSON is broken from here
/// on, so that nothing after it can be read either.
[[nodiscard]] bool read_element(simdjson::ondemand::object object, Element& out) noexcept;

/// How a data element came out.
enum class Reading : std::uint8_t {
  Good,
  Partly,  ///< A field that can be done without has the wrong type, and is taken as absent.
  Bad,     ///< A field that is needed is absent or has the wrong type: there is no event.
};

/// Fills in everything but `received`, `feed` and `change`. `id` is the article's number.
[[nodiscard]] Reading read_news(const Element& element, Headline& out, std::uint64_t& id) noexcept;

/// Fills in everything but `received` and `feed`.
[[nodiscard]] Reading read_quote(const Element& element, Quote& out) noexcept;

}  // namespace tariff::alpaca
