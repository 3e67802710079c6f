#pragma once
// config/section.h - One table of a TOML file, read key by key with bounds. Reading never fails:
// what is wrong goes to ConfigErrors with file and line, and the default is returned, so that one
// load reports every error of every file. Thread: the one that loads. Cold.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/errors.h"

namespace tariff {

class Section {
 public:
  struct Node;  // the parsed table underneath; known to document.cc only

  Section(std::shared_ptr<const Node> node, std::string file, std::string name,
          ConfigErrors& errors);

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  /// Dotted, as in the file: "feed.alpaca".
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] int line() const noexcept;
  /// Line of `key`, or of the section if the key is absent.
  [[nodiscard]] int line_of(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
  /// Keys in the order of the file; does not count as reading them.
  [[nodiscard]] std::vector<std::string> keys() const;

  [[nodiscard]] std::string get_string(std::string_view key, std::string_view fallback);
  /// A path; a relative one counts from the folder of the file. An absent key or an empty string
  /// gives an empty path.
  [[nodiscard]] std::string get_path(std::string_view key, std::string_view fallback = "");
  /// An absent key is an error.
  [[nodiscard]] std::string require_string(std::string_view key);
  [[nodiscard]] std::int64_t get_int(std::string_view key, std::int64_t fallback, std::int64_t min,
                                     std::int64_t max);
  [[nodiscard]] double get_number(std::string_view key, double fallback, double min, double max);
  [[nodiscard]] bool get_bool(std::string_view key, bool fallback);
  /// A whole number of milliseconds; the key's name ends in _ms.
  [[nodiscard]] std::chrono::milliseconds get_ms(std::string_view key,
                                                 std::chrono::milliseconds fallback,
                                                 std::chrono::milliseconds min,
                                                 std::chrono::milliseconds max);
  /// A single string counts as a list of one.
  [[nodiscard]] std::vector<std::string> get_strings(std::string_view key);
  /// A list of lists of two numbers, each within the bounds: `[[0, 1], [2, 3]]`. What is wrong is
  /// told at the line of the pair; a wrong pair is left out.
  [[nodiscard]] std::vector<std::pair<double, double>> get_pairs(std::string_view key, double min,
                                                                 double max);
  /// Index into `names` of the string at `key`; `fallback` if absent or not one of them.
  [[nodiscard]] std::size_t get_choice(std::string_view key, std::size_t fallback,
                                       const std::vector<std::string_view>& names);
  /// A sub-table; nullopt if absent.
  [[nodiscard]] std::optional<Section> get_section(std::string_view key);
  /// The tables of `[[name.key]]`, or of an array of inline tables.
  [[nodiscard]] std::vector<Section> get_sections(std::string_view key);

  /// Adds an error about `key` (about the section if empty): `[name] key = value: problem`.
  void error(std::string_view key, std::string_view problem) const;

  /// Every key that nobody asked for is an error: a typo must not become a silent default.
  void finish() const;

 private:
  std::shared_ptr<const Node> node_;
  std::string file_;
  std::string name_;
  ConfigErrors* errors_;
  std::set<std::string, std::less<>> used_;
};

/// Parses the TOML file at `path`. A file that cannot be read or parsed is one error, and nullopt.
[[nodiscard]] std::optional<Section> load_document(const std::string& path, ConfigErrors& errors);
/// As load_document, from memory; `name` stands for the file in messages.
[[nodiscard]] std::optional<Section> parse_document(std::string_view text, const std::string& name,
                                                    ConfigErrors& errors);

}  // namespace tariff
