#include "feeds/alpaca/alpaca_element.h"

#include <charconv>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "feeds/json_text.h"
#include "feeds/symbol_list.h"
#include "feeds/time_text.h"

namespace tariff::alpaca {
namespace {

namespace ondemand = simdjson::ondemand;

/// Keys of lists; the others are Fields.
enum class ListKey : std::uint8_t { None, Symbols, News, Quotes };

/// True if the raw key, which ends at a quote, is `name`. Reads at most one byte more than `name`
/// has, and padding follows the frame.
bool is(const char* key, std::string_view name) noexcept {
  return std::memcmp(key, name.data(), name.size()) == 0 && key[name.size()] == '"';
}

Field field_of(const char* key) noexcept {
  switch (key[0]) {
    case 'T':
      return is(key, "T") ? Field::Type : Field::Count;
    case 'S':
      return is(key, "S") ? Field::Symbol : Field::Count;
    case 't':
      return is(key, "t") ? Field::Time : Field::Count;
    case 'b':
      if (is(key, "bp")) return Field::BidPrice;
      return is(key, "bs") ? Field::BidSize : Field::Count;
    case 'a':
      if (is(key, "ap")) return Field::AskPrice;
      return is(key, "as") ? Field::AskSize : Field::Count;
    case 'i':
      return is(key, "id") ? Field::Id : Field::Count;
    case 'h':
      return is(key, "headline") ? Field::Headline : Field::Count;
    case 'c':
      if (is(key, "created_at")) return Field::CreatedAt;
      return is(key, "code") ? Field::Code : Field::Count;
    case 'u':
      return is(key, "updated_at") ? Field::UpdatedAt : Field::Count;
    case 's':
      return is(key, "source") ? Field::Source : Field::Count;
    case 'm':
      return is(key, "msg") ? Field::Message : Field::Count;
    default:
      return Field::Count;
  }
}

ListKey list_key_of(const char* key) noexcept {
  if (is(key, "symbols")) return ListKey::Symbols;
  if (is(key, "news")) return ListKey::News;
  if (is(key, "quotes")) return ListKey::Quotes;
  return ListKey::None;
}

bool read_symbols(ondemand::value value, Element& out) noexcept {
  ondemand::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) {
    out.symbols_bad = true;
    return true;
  }
  std::array<char, 64> scratch;
  SymbolList symbols;
  for (auto item : list) {
    ondemand::value symbol;
    if (std::move(item).get(symbol) != simdjson::SUCCESS) return false;
    const auto text = json_string(symbol.raw_json_token(), scratch);
    if (text) {
      symbols.add(*text);
    } else {
      out.symbols_bad = true;
    }
  }
  out.symbols = symbols.list();
  return true;
}

/// Number of elements; -1 if `value` is no list. False if the JSON is broken.
bool count_list(ondemand::value value, int& count) noexcept {
  ondemand::array list;
  count = -1;
  if (value.get_array().get(list) != simdjson::SUCCESS) return true;
  count = 0;
  for (auto item : list) {
    if (item.error() != simdjson::SUCCESS) return false;
    ++count;
  }
  return true;
}

bool read_list(ListKey key, ondemand::value value, Element& out) noexcept {
  switch (key) {
    case ListKey::Symbols:
      return read_symbols(value, out);
    case ListKey::News:
      return count_list(value, out.news_channels);
    case ListKey::Quotes:
      return count_list(value, out.quote_channels);
    case ListKey::None:
      return true;
  }
  return true;
}

/// A price or a size: 0 if absent, nothing if it is not a number that can be one.
std::optional<double> read_amount(std::string_view token) noexcept {
  constexpr double kAmountMax = 1e15;
  if (token.empty()) return 0.0;
  const auto value = json_number(token);
  if (!value || *value < 0 || *value > kAmountMax) return std::nullopt;
  return value;
}

/// Reads a time that may be absent or empty; false if it is there and is not one.
bool read_stamp(std::string_view token, WallNs& out) noexcept {
  std::array<char, 64> scratch;
  out = {};
  if (token.empty()) return true;
  const auto text = json_string(token, scratch);
  if (!text) return false;
  out = parse_rfc3339(*text);
  return text->empty() || out.ns != 0;
}

}  // namespace

bool read_element(ondemand::object object, Element& out) noexcept {
  for (auto item : object) {
    ondemand::field field;
    if (std::move(item).get(field) != simdjson::SUCCESS) return false;
    const char* key = field.key().raw();
    ondemand::value value = field.value();
    const Field name = field_of(key);
    if (name != Field::Count) {
      out.raw[static_cast<std::size_t>(name)] = value.raw_json_token();
    } else if (!read_list(list_key_of(key), value, out)) {
      return false;
    }
  }
  return true;
}

Reading read_news(const Element& element, Headline& out, std::uint64_t& id) noexcept {
  const auto number = json_integer(element.at(Field::Id));
  std::array<char, 2 * Headline::kTextBytesMax> scratch;
  const auto text = json_string(element.at(Field::Headline), scratch);
  if (!number || *number < 0 || !text || text->empty()) return Reading::Bad;

  id = static_cast<std::uint64_t>(*number);
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), id);
  out.item_id.assign({digits.data(), static_cast<std::size_t>(end - digits.data())});
  out.set_text(*text);
  out.symbols = element.symbols;

  bool all_good = !element.symbols_bad;
  all_good &= read_stamp(element.at(Field::CreatedAt), out.published);
  all_good &= read_stamp(element.at(Field::UpdatedAt), out.updated);
  const std::string_view source = element.at(Field::Source);
  const auto source_text = json_string(source, scratch);
  out.source.assign(source_text.value_or(""));
  all_good &= source.empty() || source_text.has_value();
  return all_good ? Reading::Good : Reading::Partly;
}

Reading read_quote(const Element& element, Quote& out) noexcept {
  std::array<char, 64> scratch;
  const auto symbol = json_string(element.at(Field::Symbol), scratch);
  // A symbol that was cut would be another instrument.
  if (!symbol || symbol->empty() || symbol->size() > out.symbol.bytes.size()) return Reading::Bad;
  const auto bid = read_amount(element.at(Field::BidPrice));
  const auto ask = read_amount(element.at(Field::AskPrice));
  const bool has_price =
      !element.at(Field::BidPrice).empty() || !element.at(Field::AskPrice).empty();
  if (!has_price || !bid || !ask) return Reading::Bad;

  out.symbol.assign(*symbol);
  out.bid = *bid;
  out.ask = *ask;
  const auto bid_size = read_amount(element.at(Field::BidSize));
  const auto ask_size = read_amount(element.at(Field::AskSize));
  out.bid_size = bid_size.value_or(0);
  out.ask_size = ask_size.value_or(0);
  const bool stamp_good = read_stamp(element.at(Field::Time), out.published);
  return stamp_good && bid_size && ask_size ? Reading::Good : Reading::Partly;
}

}  // namespace tariff::alpaca
