#include "feeds/tape/tape.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "feeds/tape/rfc3339.h"
#include "feeds/time_text.h"

namespace tariff::tape {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

/// One line of the file: reads fields and keeps the first problem, so that a reader of fields
/// needs no check after each.
class Line {
 public:
  explicit Line(const object& fields) : fields_(fields) {}

  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  void fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  [[nodiscard]] std::string_view text(std::string_view key, bool required) {
    std::string_view value;
    element field;
    if (fields_[key].get(field) != simdjson::SUCCESS) {
      if (required) fail(fmt::format("\"{}\" is missing", key));
    } else if (field.get(value) != simdjson::SUCCESS) {
      fail(fmt::format("\"{}\" is not a string", key));
    } else if (required && value.empty()) {
      fail(fmt::format("\"{}\" is empty", key));
    }
    return value;
  }

  [[nodiscard]] std::optional<WallNs> time(std::string_view key, bool required) {
    const std::string_view value = text(key, required);
    if (value.empty()) return std::nullopt;
    const WallNs parsed = parse_rfc3339(value);
    if (parsed == WallNs{})
      fail(fmt::format("\"{}\" = '{}' is not a time like 2025-10-10T20:50:03.153Z", key,
                       printable(value)));
    return parsed;
  }

  /// Absent and required, below 0, or not a number at all is a problem.
  [[nodiscard]] double amount(std::string_view key, bool required) {
    double value = 0;
    element field;
    if (fields_[key].get(field) != simdjson::SUCCESS) {
      if (required) fail(fmt::format("\"{}\" is missing", key));
    } else if (field.get(value) != simdjson::SUCCESS) {
      fail(fmt::format("\"{}\" is not a number", key));
    } else if (value < 0) {
      fail(fmt::format("\"{}\" = {} is below 0", key, value));
    }
    return value;
  }

  /// Alpaca's article ids are whole numbers, and its clients insist.
  [[nodiscard]] std::int64_t id() {
    std::int64_t value = 0;
    element field;
    if (fields_["id"].get(field) != simdjson::SUCCESS) {
      fail("\"id\" is missing");
    } else if (field.get(value) != simdjson::SUCCESS || value < 0) {
      fail("\"id\" is not a whole number from 0");
    }
    return value;
  }

  [[nodiscard]] char letter(std::string_view key, char fallback) {
    const std::string_view value = text(key, false);
    if (value.empty()) return fallback;
    if (value.size() > 1) fail(fmt::format("\"{}\" is not one letter", key));
    return value.front();
  }

  [[nodiscard]] std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> values;
    simdjson::dom::array list;
    element field;
    if (fields_[key].get(field) != simdjson::SUCCESS) return values;
    if (field.get(list) != simdjson::SUCCESS) {
      fail(fmt::format("\"{}\" is not a list of strings", key));
      return values;
    }
    for (const element entry : list) {
      std::string_view value;
      if (entry.get(value) != simdjson::SUCCESS)
        fail(fmt::format("\"{}\" is not a list of strings", key));
      values.emplace_back(value);
    }
    return values;
  }

 private:
  object fields_;
  std::string problem_;
};

class Reader {
 public:
  Reader(const std::string& name, Tape& tape, ConfigErrors& errors)
      : name_(name), tape_(tape), errors_(errors) {}

  void read(std::string_view text, int line) {
    element root;
    object fields;
    if (text.size() > kTapeLineBytesMax) {
      errors_.add(name_, line, fmt::format("longer than {} bytes", kTapeLineBytesMax));
      return;
    }
    if (const auto code = parser_.parse(text.data(), text.size()).get(root)) {
      errors_.add(name_, line, fmt::format("not JSON: {}", simdjson::error_message(code)));
      return;
    }
    if (root.get(fields) != simdjson::SUCCESS) {
      errors_.add(name_, line, "not a JSON object");
      return;
    }
    Line item(fields);
    const WallNs at = item.time("at", true).value_or(WallNs{});
    const std::string_view type = item.text("type", true);
    if (type == "news") {
      keep(at, read_news(item, at), item, line);
    } else if (type == "quote") {
      keep(at, read_quote(item), item, line);
    } else {
      item.fail(fmt::format("\"type\" = '{}' is neither \"news\" nor \"quote\"", printable(type)));
      errors_.add(name_, line, item.problem());
    }
  }

 private:
  template <class What>
  void keep(WallNs at, What what, Line& item, int line) {
    if (item.problem().empty() && at < last_)
      item.fail(
          fmt::format("\"at\" = {} is before the line above ({}); a tape is in the order of time",
                      to_rfc3339(at), to_rfc3339(last_)));
    if (!item.problem().empty()) {
      errors_.add(name_, line, item.problem());
      return;
    }
    last_ = at;
    tape_.push_back({.at = at, .what = std::move(what)});
  }

  std::unique_ptr<const TapeNews> read_news(Line& item, WallNs at) {
    auto news = std::make_unique<TapeNews>();
    news->id = item.id();
    news->headline = item.text("headline", true);
    news->source = item.text("source", true);
    news->summary = item.text("summary", false);
    news->author = item.text("author", false);
    news->content = item.text("content", false);
    news->url = item.text("url", false);
    news->symbols = item.texts("symbols");
    // An edit keeps the article's first stamp.
    const WallNs first = first_at_.try_emplace(news->id, at).first->second;
    news->created = item.time("created_at", false).value_or(first);
    news->updated = item.time("updated_at", false).value_or(at);
    return news;
  }

  static TapeQuote read_quote(Line& item) {
    TapeQuote quote;
    const std::string_view symbol = item.text("symbol", true);
    if (symbol.size() > quote.symbol.bytes.size())
      item.fail(fmt::format("\"symbol\" is longer than {} bytes", quote.symbol.bytes.size()));
    quote.symbol.assign(symbol);
    quote.bid = item.amount("bid", true);
    quote.ask = item.amount("ask", true);
    quote.bid_size = item.amount("bid_size", false);
    quote.ask_size = item.amount("ask_size", false);
    quote.bid_exchange = item.letter("bid_exchange", quote.bid_exchange);
    quote.ask_exchange = item.letter("ask_exchange", quote.ask_exchange);
    quote.tape = item.letter("tape", quote.tape);
    return quote;
  }

  const std::string& name_;
  Tape& tape_;
  ConfigErrors& errors_;
  simdjson::dom::parser parser_;
  std::unordered_map<std::int64_t, WallNs> first_at_;
  WallNs last_;
};

}  // namespace

void parse_tape(std::string_view text, const std::string& name, Tape& tape, ConfigErrors& errors) {
  Reader reader(name, tape, errors);
  for (int line = 1; !text.empty(); ++line) {
    const std::string_view one = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    if (one.find_first_not_of(" \t\r") != std::string_view::npos) reader.read(one, line);
  }
}

Result<Tape> load_tape(const std::vector<std::string>& files) {
  Tape tape;
  ConfigErrors errors;
  for (const std::string& name : files) {
    std::ifstream file(name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad())
      return Error{
          fmt::format("{}: cannot be read: {}", name, std::generic_category().message(errno)), 66};
    parse_tape(text, name, tape, errors);
  }
  if (!errors.empty()) return Error{errors.to_text(), 65};
  if (tape.empty()) return Error{"the tape holds no item", 65};
  std::stable_sort(tape.begin(), tape.end(),
                   [](const TapeItem& a, const TapeItem& b) { return a.at < b.at; });
  return tape;
}

}  // namespace tariff::tape
