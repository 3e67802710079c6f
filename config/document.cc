// config/document.cc - TOML underneath config/section.h; the only file that knows toml++.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "config/section.h"

namespace tariff {

struct Section::Node {
  std::shared_ptr<const toml::table> root;  // keeps `table` alive
  const toml::table* table;
};

namespace {

std::string value_text(const toml::node& node) {
  std::ostringstream out;
  if (const auto* text = node.as_string()) {
    out << '\'' << printable(text->get(), 60) << '\'';
  } else if (node.is_table()) {
    out << "{...}";
  } else if (node.is_array()) {
    out << "[...]";
  } else {
    out << toml::node_view<const toml::node>(&node);
  }
  return out.str();
}

int line_of_node(const toml::node& node) {
  return static_cast<int>(node.source().begin.line);
}

}  // namespace

Section::Section(std::shared_ptr<const Node> node, std::string file, std::string name,
                 ConfigErrors& errors)
    : node_(std::move(node)), file_(std::move(file)), name_(std::move(name)), errors_(&errors) {}

int Section::line() const noexcept {
  return line_of_node(*node_->table);
}

int Section::line_of(std::string_view key) const {
  const toml::node* found = node_->table->get(key);
  return found == nullptr ? line() : line_of_node(*found);
}

bool Section::has(std::string_view key) const {
  return node_->table->get(key) != nullptr;
}

std::vector<std::string> Section::keys() const {
  std::vector<std::pair<toml::source_position, std::string>> found;
  for (const auto& [key, value] : *node_->table) {
    found.emplace_back(key.source().begin, std::string(key.str()));
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> keys;
  for (auto& [position, key] : found)
    keys.push_back(std::move(key));
  return keys;
}

void Section::error(std::string_view key, std::string_view problem) const {
  const std::string where = name_.empty() ? "" : fmt::format("[{}] ", name_);
  if (key.empty()) {
    errors_->add(file_, line(), fmt::format("{}{}", where, problem));
    return;
  }
  const toml::node* found = node_->table->get(key);
  const std::string value = found == nullptr ? "" : fmt::format(" = {}", value_text(*found));
  errors_->add(file_, line_of(key), fmt::format("{}{}{}: {}", where, key, value, problem));
}

std::string Section::get_string(std::string_view key, std::string_view fallback) {
  used_.emplace(key);
  const toml::node* found = node_->table->get(key);
  if (found == nullptr) return std::string(fallback);
  if (const auto* text = found->as_string()) return text->get();
  error(key, "is not a string");
  return std::string(fallback);
}

std::string Section::get_path(std::string_view key, std::string_view fallback) {
  namespace fs = std::filesystem;
  const fs::path path = get_string(key, fallback);
  if (path.empty() || path.is_absolute()) return path;
  fs::path joined = (fs::path(file_).parent_path() / path).lexically_normal();
  // "config/." becomes "config/", and that "config".
  if (!joined.has_filename() && joined.has_parent_path()) joined = joined.parent_path();
  return joined;
}

std::string Section::require_string(std::string_view key) {
  if (!has(key)) error("", fmt::format("needs the key '{}'", key));
  return get_string(key, "");
}

std::int64_t Section::get_int(std::string_view key, std::int64_t fallback, std::int64_t min,
                              std::int64_t max) {
  used_.emplace(key);
  const toml::node* found = node_->table->get(key);
  if (found == nullptr) return fallback;
  const auto* number = found->as_integer();
  if (number == nullptr) {
    error(key, "is not a whole number");
    return fallback;
  }
  if (number->get() < min || number->get() > max) {
    error(key, fmt::format("is outside {}..{}", min, max));
    return fallback;
  }
  return number->get();
}

double Section::get_number(std::string_view key, double fallback, double min, double max) {
  used_.emplace(key);
  const toml::node* found = node_->table->get(key);
  if (found == nullptr) return fallback;
  const auto number = found->value<double>();
  if (!number) {
    error(key, "is not a number");
    return fallback;
  }
  if (!(*number >= min && *number <= max)) {
    error(key, fmt::format("is outside {}..{}", min, max));
    return fallback;
  }
  return *number;
}

bool Section::get_bool(std::string_view key, bool fallback) {
  used_.emplace(key);
  const toml::node* found = node_->table->get(key);
  if (found == nullptr) return fallback;
  if (const auto* flag = found->as_boolean()) return flag->get();
  error(key, "is not true or false");
  return fallback;
}

std::chrono::milliseconds Section::get_ms(std::string_view key, std::chrono::milliseconds fallback,
                                          std::chrono::milliseconds min,
                                          std::chrono::milliseconds max) {
  return std::chrono::milliseconds{get_int(key, fallback.count(), min.count(), max.count())};
}

std::vector<std::string> Section::get_strings(std::string_view key) {
  used_.emplace(key);
  const toml::node* found = node_->table->get(key);
  if (found == nullptr) return {};
  if (const auto* text = found->as_string()) return {text->get()};
  std::vector<std::string> texts;
  const auto* list = found->as_array();
  if (list == nullptr) {
    error(key, "is not a list of strings");
    return texts;
  }
  for (const toml::node& item : *list) {
    if (const auto* text = item.as_string()) {
      texts.push_back(text->get());
    } else {
      error(key, fmt::format("holds {}, which is not a string", value_text(item)));
    }
  }
  return texts;
}

std::vector<std::pair<double, double>> Section::get_pairs(std::string_view key, double min,
                                                          double max) {
  used_.emplace(key);
  const toml::node* found = node_->table->get(key);
  if (found == nullptr) return {};
  std::vector<std::pair<double, double>> pairs;
  const auto* list = found->as_array();
  if (list == nullptr) {
    error(key, "is not a list of pairs of numbers");
    return pairs;
  }
  std::size_t entry = 0;
  for (const toml::node& item : *list) {
    ++entry;
    const auto* pair = item.as_array();
    std::optional<double> first;
    std::optional<double> second;
    if (pair != nullptr && pair->size() == 2) {
      first = pair->get(0)->value<double>();
      second = pair->get(1)->value<double>();
    }
    const auto within = [&](double number) { return number >= min && number <= max; };
    if (first && second && within(*first) && within(*second)) {
      pairs.emplace_back(*first, *second);
    } else {
      // Not by error(): a long table needs the line of the pair.
      errors_->add(file_, line_of_node(item),
                   fmt::format("[{}] {}: entry {} is not two numbers in {}..{}", name_, key, entry,
                               min, max));
    }
  }
  return pairs;
}

std::size_t Section::get_choice(std::string_view key, std::size_t fallback,
                                const std::vector<std::string_view>& names) {
  if (!has(key)) return fallback;
  const std::string text = get_string(key, "");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return i;
  }
  error(key, fmt::format("is not one of {}", fmt::join(names, ", ")));
  return fallback;
}

std::optional<Section> Section::get_section(std::string_view key) {
  used_.emplace(key);
  const toml::node* found = node_->table->get(key);
  if (found == nullptr) return std::nullopt;
  const auto* table = found->as_table();
  if (table == nullptr) {
    error(key, "is not a table");
    return std::nullopt;
  }
  const std::string name = name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
  return Section(std::make_shared<Node>(Node{node_->root, table}), file_, name, *errors_);
}

std::vector<Section> Section::get_sections(std::string_view key) {
  used_.emplace(key);
  const toml::node* found = node_->table->get(key);
  if (found == nullptr) return {};
  std::vector<Section> sections;
  const auto* list = found->as_array();
  if (list == nullptr) {
    error(key, "is not a list of tables");
    return sections;
  }
  const std::string name = name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
  for (const toml::node& item : *list) {
    if (const auto* table = item.as_table()) {
      sections.emplace_back(std::make_shared<Node>(Node{node_->root, table}), file_, name,
                            *errors_);
    } else {
      error(key, fmt::format("holds {}, which is not a table", value_text(item)));
    }
  }
  return sections;
}

void Section::finish() const {
  for (const std::string& key : keys()) {
    if (!used_.contains(key)) error(key, "is not a key of this section");
  }
}

std::optional<Section> parse_document(std::string_view text, const std::string& name,
                                      ConfigErrors& errors) {
  try {
    auto root = std::make_shared<const toml::table>(toml::parse(text, name));
    auto node = std::make_shared<Section::Node>(Section::Node{root, root.get()});
    return Section(std::move(node), name, "", errors);
  } catch (const toml::parse_error& e) {
    errors.add(name, static_cast<int>(e.source().begin.line),
               fmt::format("is not valid TOML: {}", e.description()));
    return std::nullopt;
  }
}

std::optional<Section> load_document(const std::string& path, ConfigErrors& errors) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    errors.add(path, 0, fmt::format("cannot be read: {}", std::strerror(errno)));
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) {
    errors.add(path, 0, "cannot be read, or is empty");
    return std::nullopt;
  }
  return parse_document(text.str(), path, errors);
}

}  // namespace tariff
