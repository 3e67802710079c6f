#pragma once
// config/errors.h - Collects everything that is wrong with the configuration, so that all of it is
// told at once. Thread: the one that loads. Cold.

#include <string>
#include <string_view>
#include <vector>

namespace tariff {

/// One line for a person: `file:line: [section] key = value: what is wrong`.
struct ConfigError {
  std::string file;
  int line = 0;  ///< 1-based; 0 if the problem is the file as a whole.
  std::string text;

  [[nodiscard]] std::string to_text() const;
};

class ConfigErrors {
 public:
  void add(std::string_view file, int line, std::string text);

  [[nodiscard]] bool empty() const noexcept { return errors_.empty(); }
  /// Sorted by file and line.
  [[nodiscard]] std::vector<ConfigError> sorted() const;
  /// One line per error, sorted, each ended by a newline.
  [[nodiscard]] std::string to_text() const;

 private:
  std::vector<ConfigError> errors_;
};

/// Quotes `text` for a terminal or a log: control characters and bytes that are not UTF-8 become
/// \xNN, and anything past `bytes_max` becomes "...".
[[nodiscard]] std::string printable(std::string_view text, std::size_t bytes_max = 200);

}  // namespace tariff
