#include "feeds/ndjson/ndjson_protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "core/hash.h"
#include "feeds/json_text.h"
#include "feeds/symbol_list.h"
#include "feeds/time_text.h"

namespace tariff::ndjson {
namespace {

namespace ondemand = simdjson::ondemand;

enum class Target : std::uint8_t {
  Text,
  Id,
  Published,
  Updated,
  Symbols,
  Source,
  Deleted,
  Symbol,
  Bid,
  Ask,
  BidSize,
  AskSize,
  Time,
  Count,
};
static_assert(static_cast<std::size_t>(Target::Count) <= PointerMap::kTargetsMax);

/// In the order of Target.
std::vector<std::string> pointers_of(const Options& options) {
  const HeadlineMapping& h = options.headline;
  const QuoteMapping& q = options.quote;
  std::vector<std::string> pointers(static_cast<std::size_t>(Target::Count));
  const auto put = [&pointers](Target target, const std::string& pointer) {
    pointers[static_cast<std::size_t>(target)] = pointer;
  };
  if (options.headlines) {
    put(Target::Text, h.text);
    put(Target::Id, h.id);
    put(Target::Published, h.published);
    put(Target::Updated, h.updated);
    put(Target::Symbols, h.symbols);
    put(Target::Source, h.source);
    put(Target::Deleted, h.deleted);
  }
  if (options.quotes) {
    put(Target::Symbol, q.symbol);
    put(Target::Bid, q.bid);
    put(Target::Ask, q.ask);
    put(Target::BidSize, q.bid_size);
    put(Target::AskSize, q.ask_size);
    put(Target::Time, q.published);
  }
  return pointers;
}

/// A number, also in quotes as some providers send it.
std::optional<double> read_number(std::string_view token) noexcept {
  std::array<char, 64> scratch;
  if (!token.starts_with('"')) return json_number(token);
  return json_number(json_string(token, scratch).value_or(""));
}

/// A price or a size; 0 if absent or null, nothing if it cannot be one.
std::optional<double> read_amount(std::string_view token) noexcept {
  constexpr double kAmountMax = 1e15;
  if (token.empty() || token.starts_with("null")) return 0.0;
  const auto value = read_number(token);
  if (!value || *value < 0 || *value > kAmountMax) return std::nullopt;
  return value;
}

/// A string, or the digits of a whole number; empty if it is neither.
std::string_view read_id(std::string_view token, std::span<char> scratch) noexcept {
  if (const auto text = json_string(token, scratch)) return *text;
  const auto number = json_integer(token);
  if (!number) return {};
  const auto [end, error] = std::to_chars(scratch.data(), scratch.data() + scratch.size(), *number);
  return {scratch.data(), static_cast<std::size_t>(end - scratch.data())};
}

/// Ids that differ only past the end of the field must stay apart: the tail becomes its hash.
void set_id(std::string_view id, decltype(Headline::item_id)& out) noexcept {
  constexpr std::size_t kHashBytes = 16;
  const std::size_t size = out.bytes.size();
  out.assign(id);
  if (id.size() <= size) return;
  const std::string_view head = utf8_floor(id, size - kHashBytes);
  out.assign(head);
  std::to_chars(out.bytes.data() + head.size(), out.bytes.data() + out.bytes.size(), hash_text(id),
                16);
}

/// 0 if absent, null or not in this format.
WallNs read_time(std::string_view token, TimeFormat format) noexcept {
  std::array<char, 64> scratch;
  if (const auto text = json_string(token, scratch)) return parse_time(*text, format);
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
    token.remove_suffix(1);
  return format == TimeFormat::Rfc3339 ? WallNs{} : parse_time(token, format);
}

}  // namespace

/// What one line holds, still raw.
struct Line final : PointerMap::Visitor {
  std::array<std::string_view, static_cast<std::size_t>(Target::Count)> raw;
  SymbolList symbols;

  [[nodiscard]] std::string_view at(Target target) const noexcept {
    return raw[static_cast<std::size_t>(target)];
  }

  [[nodiscard]] bool on_value(std::uint32_t targets, ondemand::value value) noexcept override {
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if ((targets >> i & 1U) != 0) raw[i] = value.raw_json_token();
    }
    const bool is_symbols = (targets >> static_cast<std::size_t>(Target::Symbols) & 1U) != 0;
    return !is_symbols || add_symbols(value);
  }

 private:
  [[nodiscard]] bool add_symbols(ondemand::value value) noexcept {
    std::array<char, 64> scratch;
    if (const auto one = json_string(at(Target::Symbols), scratch)) {
      symbols.add(*one);
      return true;
    }
    ondemand::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS) return true;
    for (auto item : list) {
      ondemand::value symbol;
      if (std::move(item).get(symbol) != simdjson::SUCCESS) return false;
      symbols.add(json_string(symbol.raw_json_token(), scratch).value_or(""));
    }
    return true;
  }
};

NdjsonProtocol::NdjsonProtocol(FeedId feed, const Options& options)
    : options_(options), pointers_(pointers_of(options)) {
  headline_.feed = feed;
  quote_.feed = feed;
}

Verdict NdjsonProtocol::on_connected(MonoNs /*now*/, Outbox& /*outbox*/) {
  return {.next = Next::Ready, .reason = {}};
}

Verdict NdjsonProtocol::on_tick(MonoNs /*now*/, Outbox& /*outbox*/) {
  return {};
}

Verdict NdjsonProtocol::on_frame(const Frame& frame, EventSink& sink, Outbox& /*outbox*/) noexcept {
  constexpr std::string_view kWhiteSpace = " \t\r\n";
  if (frame.view().find_first_not_of(kWhiteSpace) == std::string_view::npos) return {};

  ondemand::document document;
  ondemand::object object;
  Line line;
  if (!json_.open(frame, document) || document.get_object().get(object) != simdjson::SUCCESS ||
      !pointers_.find(object, line) || !JsonFrame::at_end(document)) {
    return {.next = Next::BadFrame, .reason = "a line is not one JSON object"};
  }
  const bool deleted = line.at(Target::Deleted).starts_with("true");
  if (!line.at(Target::Text).empty() || deleted) return on_headline(line, frame.received, sink);
  if (!line.at(Target::Symbol).empty()) return on_quote(line, frame.received, sink);
  return {.next = Next::BadFrame, .reason = "a line has none of the fields of this feed"};
}

Verdict NdjsonProtocol::on_headline(const Line& line, Stamp received, EventSink& sink) noexcept {
  std::array<char, 2 * Headline::kTextBytesMax> scratch;
  const std::string_view text = json_string(line.at(Target::Text), scratch).value_or("");
  headline_.set_text(text);
  std::array<char, 512> id_scratch;
  const std::string_view id = read_id(line.at(Target::Id), id_scratch);
  const bool deleted = line.at(Target::Deleted).starts_with("true");
  if (text.empty() && !(deleted && !id.empty())) {
    return {.next = Next::BadFrame, .reason = "a line has no text, or one that is not a string"};
  }
  set_id(id, headline_.item_id);
  headline_.published = read_time(line.at(Target::Published), options_.headline.time_format);
  headline_.updated = read_time(line.at(Target::Updated), options_.headline.time_format);
  headline_.symbols = line.symbols.list();
  std::array<char, 128> source_scratch;
  headline_.source.assign(json_string(line.at(Target::Source), source_scratch)
                              .value_or(options_.headline.default_source));
  headline_.received = received;
  headline_.change = deleted ? ItemChange::Delete : ItemChange::New;
  if (!id.empty()) {
    // A deletion is a revision of its own, whatever text it repeats.
    const std::string_view revision = deleted ? std::string_view("\0deleted", 8) : text;
    const auto seen = recent_.note(hash_text(id), headline_.updated, revision);
    if (seen == RecentItems::Seen::Again)
      return {.next = Next::Continue, .reason = {}, .redelivered = 1};
    if (seen == RecentItems::Seen::Update && !deleted) headline_.change = ItemChange::Update;
  }
  sink.push(headline_);
  return {};
}

Verdict NdjsonProtocol::on_quote(const Line& line, Stamp received, EventSink& sink) noexcept {
  std::array<char, 64> scratch;
  const std::string_view symbol = json_string(line.at(Target::Symbol), scratch).value_or("");
  const bool has_price = !line.at(Target::Bid).empty() || !line.at(Target::Ask).empty();
  const auto bid = read_amount(line.at(Target::Bid));
  const auto ask = read_amount(line.at(Target::Ask));
  const auto bid_size = read_amount(line.at(Target::BidSize));
  const auto ask_size = read_amount(line.at(Target::AskSize));
  // A symbol that was cut would be another instrument.
  if (symbol.empty() || symbol.size() > quote_.symbol.bytes.size()) {
    return {.next = Next::BadFrame, .reason = "a line has no symbol of 1 to 16 bytes"};
  }
  if (!has_price || !bid || !ask || !bid_size || !ask_size) {
    return {.next = Next::BadFrame, .reason = "a line has no usable prices or sizes"};
  }
  quote_.symbol.assign(symbol);
  quote_.bid = *bid;
  quote_.ask = *ask;
  quote_.bid_size = *bid_size;
  quote_.ask_size = *ask_size;
  quote_.published = read_time(line.at(Target::Time), options_.quote.time_format);
  quote_.received = received;
  sink.push(quote_);
  return {};
}

}  // namespace tariff::ndjson
