// daemon/classify_command.cc - `tariffd classify`: no feed, no story, no quote; text to facts.
#include <iostream>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <simdjson.h>
#include <sysexits.h>

#include "daemon/commands.h"
#include "daemon/date_text.h"
#include "signals/reading/explain.h"
#include "signals/reading/reader.h"
#include "signals/reading/tables.h"

namespace tariff {
namespace {

struct Item {
  std::string id;
  std::string text;
  WallNs published;
};

/// What is wrong with the line, or nullopt and `item` is filled.
std::optional<std::string> parse_line(simdjson::dom::parser& parser, const std::string& line,
                                      Item& item) {
  simdjson::dom::element root;
  if (const auto problem = parser.parse(line).get(root)) {
    return fmt::format("is not JSON: {}", simdjson::error_message(problem));
  }
  simdjson::dom::element id;
  if (root["id"].get(id)) return "has no \"id\"";
  std::string_view text;
  item.id = id.get(text) ? simdjson::minify(id) : std::string(text);
  if (root["text"].get(text)) return "has no string \"text\"";
  item.text = text;
  item.published = {};
  simdjson::dom::element published;
  if (root["published_at"].get(published) || published.is_null()) return std::nullopt;
  if (!published.get(text)) item.published = parse_date_or_time(text);
  if (item.published.ns == 0) {
    return "has a \"published_at\" that is neither RFC 3339 nor a date such as 2025-10-10";
  }
  return std::nullopt;
}

}  // namespace

int classify_command(const ClassifyOptions& options) {
  ConfigErrors errors;
  const auto tables = load_tables(options.rules, errors);
  if (!tables) {
    fmt::print(stderr, "{}", errors.to_text());
    return EX_CONFIG;
  }
  std::ios::sync_with_stdio(false);
  Reader reader;
  Reading reading;
  simdjson::dom::parser parser;
  int exit_code = EX_OK;
  std::size_t number = 0;
  Item item;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (const auto problem = parse_line(parser, line, item)) {
      fmt::print(stderr, "standard input:{}: {}\n", number, *problem);
      exit_code = EX_DATAERR;
      continue;
    }
    reader.read(*tables, item.text, item.published, reading);
    std::cout << classify_json(item.id, reading) << '\n';
  }
  std::cout.flush();
  return std::cout ? exit_code : EX_IOERR;
}

}  // namespace tariff
