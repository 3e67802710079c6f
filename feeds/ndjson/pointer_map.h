#pragma once
// feeds/ndjson/pointer_map.h - Finds several JSON pointers (RFC 6901) in one pass over an object,
// whatever the order of its keys. Thread: any. `find` is hot.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace tariff::ndjson {

/// What is wrong with `pointer`, for a person; empty if it is one. An empty pointer is none.
[[nodiscard]] std::string pointer_problem(std::string_view pointer);

class PointerMap {
 public:
  static constexpr std::size_t kTargetsMax = 16;
  static constexpr std::size_t kSegmentsMax = 8;

  /// At most kTargetsMax pointers without a problem; an empty one is never found.
  explicit PointerMap(const std::vector<std::string>& pointers);

  /// Told of each value that a pointer leads to.
  class Visitor {
   public:
    virtual ~Visitor() = default;
    /// `targets` has bit i set if the pointer i leads to `value`. False: the JSON is broken.
    [[nodiscard]] virtual bool on_value(std::uint32_t targets,
                                        simdjson::ondemand::value value) noexcept = 0;
  };

  /// Keys are compared as they are written; one with an escape in it matches nothing. False if the
  /// JSON is broken, or the visitor says so.
  [[nodiscard]] bool find(simdjson::ondemand::object object, Visitor& visitor) const noexcept;

 private:
  struct Target {
    std::vector<std::string> segments;
  };

  [[nodiscard]] bool walk(simdjson::ondemand::object object, std::size_t depth,
                          std::uint32_t active, Visitor& visitor) const noexcept;
  [[nodiscard]] bool walk(simdjson::ondemand::array array, std::size_t depth, std::uint32_t active,
                          Visitor& visitor) const noexcept;
  [[nodiscard]] bool enter(simdjson::ondemand::value value, std::size_t depth,
                           std::uint32_t matched, Visitor& visitor) const noexcept;

  std::vector<Target> targets_;
};

}  // namespace tariff::ndjson
