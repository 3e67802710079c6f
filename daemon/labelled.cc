#include "daemon/labelled.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <span>
#include <unordered_map>

#include <fmt/format.h>
#include <simdjson.h>

namespace tariff {
namespace {

namespace json = simdjson::dom;
using Problem = std::optional<std::string>;

Problem not_one_of(std::string_view key, std::string_view value,
                   std::span<const std::string_view> names) {
  return fmt::format("\"{}\" is '{}', which is not one of {}", key, printable(value, 40),
                     fmt::join(names, ", "));
}

/// True if `key` is there and not null.
bool has(json::element object, std::string_view key, json::element& value) {
  return object[key].get(value) == simdjson::SUCCESS && !value.is_null();
}

template <class Enum, std::size_t N>
Problem read_name(json::element object, std::string_view key,
                  const std::array<std::string_view, N>& names, Enum& out) {
  std::string_view text;
  if (object[key].get(text)) return fmt::format("has no string \"{}\"", key);
  const auto value = parse_name<Enum>(text, names);
  if (!value) return not_one_of(key, text, names);
  out = *value;
  return std::nullopt;
}

Problem read_bool(json::element object, std::string_view key, bool& out) {
  json::element value;
  if (!has(object, key, value)) return std::nullopt;
  if (value.get(out)) return fmt::format("\"{}\" is not true or false", key);
  return std::nullopt;
}

Problem read_number(json::element object, std::string_view key, std::optional<double>& out) {
  json::element value;
  if (!has(object, key, value)) return std::nullopt;
  double number = 0;
  if (value.get(number)) return fmt::format("\"{}\" is not a number", key);
  out = number;
  return std::nullopt;
}

Problem read_text(json::element object, std::string_view key, std::string& out) {
  json::element value;
  if (!has(object, key, value)) return std::nullopt;
  std::string_view text;
  if (value.get(text)) return fmt::format("\"{}\" is not a string", key);
  out = text;
  return std::nullopt;
}

Problem read_list(json::element object, std::string_view key, std::vector<std::string>& out) {
  json::element value;
  if (!has(object, key, value)) return std::nullopt;
  json::array list;
  if (value.get(list)) return fmt::format("\"{}\" is not a list", key);
  for (const json::element entry : list) {
    std::string_view text;
    if (entry.get(text)) return fmt::format("\"{}\" is not a list of strings", key);
    out.emplace_back(text);
  }
  std::sort(out.begin(), out.end());
  return std::nullopt;
}

Problem read_event(json::element object, LabelledEvent& out) {
  if (!object.is_object()) return "is not an object";
  Problem problem = read_name(object, "action", kActionNames, out.action);
  if (!problem) problem = read_name(object, "measure", kMeasureNames, out.measure);
  if (!problem) problem = read_bool(object, "denied", out.denied);
  if (!problem) problem = read_bool(object, "retaliation", out.retaliation);
  if (!problem) problem = read_list(object, "actor", out.actor);
  if (!problem) problem = read_list(object, "targets", out.targets);
  if (!problem) problem = read_list(object, "products", out.products);
  if (!problem) problem = read_number(object, "rate_pct", out.rate_pct);
  if (!problem) problem = read_text(object, "effective", out.effective);
  if (!problem) problem = read_number(object, "confidence", out.confidence);
  if (!problem) problem = read_text(object, "rule", out.rule);
  if (problem) return problem;
  for (const std::string& product : out.products) {
    const bool known =
        std::find(kProductNames.begin(), kProductNames.end(), product) != kProductNames.end();
    if (!known) return not_one_of("products", product, kProductNames);
  }
  if (out.confidence && !(*out.confidence >= 0 && *out.confidence <= 1)) {
    return "\"confidence\" is outside 0..1";
  }
  return std::nullopt;
}

Net net_of(const std::vector<LabelledEvent>& events) {
  bool up = false;
  bool down = false;
  for (const LabelledEvent& event : events) {
    (direction(event.action, event.denied) > 0 ? up : down) = true;
  }
  if (up && down) return Net::Mixed;
  return up ? Net::Escalate : down ? Net::Deescalate : Net::None;
}

}  // namespace

std::optional<std::string> parse_labelled(std::string_view line, Labelled& out) {
  out = {};
  json::parser parser;
  json::element root;
  if (const auto problem = parser.parse(line.data(), line.size()).get(root)) {
    return fmt::format("is not JSON: {}", simdjson::error_message(problem));
  }
  json::element id;
  if (root["id"].get(id)) return "has no \"id\"";
  std::string_view text;
  out.id = id.get(text) ? simdjson::minify(id) : std::string(text);
  if (auto problem = read_text(root, "text", out.text)) return problem;
  if (auto problem = read_text(root, "published_at", out.published_at)) return problem;
  json::array events;
  if (root["events"].get(events)) return "has no list \"events\"";
  for (const json::element event : events) {
    out.events.emplace_back();
    if (const auto problem = read_event(event, out.events.back())) {
      return fmt::format("event {}: {}", out.events.size(), *problem);
    }
  }
  out.net = net_of(out.events);
  json::element net;
  return has(root, "net", net) ? read_name(root, "net", kNetNames, out.net) : std::nullopt;
}

std::vector<Labelled> load_labelled(const std::string& path, ConfigErrors& errors) {
  std::vector<Labelled> rows;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    errors.add(path, 0, fmt::format("cannot be read: {}", std::strerror(errno)));
    return rows;
  }
  std::unordered_map<std::string, std::size_t> first_line_of;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    Labelled row;
    auto problem = parse_labelled(line, row);
    row.line = number;
    if (!problem) {
      const auto [known, added] = first_line_of.emplace(row.id, number);
      if (!added) {
        problem =
            fmt::format("id '{}' is that of line {} already", printable(row.id, 60), known->second);
      }
    }
    if (problem) {
      errors.add(path, static_cast<int>(number), std::move(*problem));
    } else {
      rows.push_back(std::move(row));
    }
  }
  if (number == 0 || (rows.empty() && errors.empty())) errors.add(path, 0, "holds no headline");
  return rows;
}

}  // namespace tariff
