#include "feeds/ndjson/pointer_map.h"

#include <charconv>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "core/check.h"

namespace tariff::ndjson {
namespace {

namespace ondemand = simdjson::ondemand;

/// The segments of a pointer, with "~1" and "~0" read as "/" and "~".
std::vector<std::string> split(std::string_view pointer) {
  std::vector<std::string> segments;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char c = pointer[i];
    if (c == '/') {
      segments.emplace_back();
    } else if (c == '~' && i + 1 < pointer.size()) {
      segments.back() += pointer[++i] == '1' ? '/' : '~';
    } else {
      segments.back() += c;
    }
  }
  return segments;
}

bool is(const char* key, std::string_view name) noexcept {
  // Compares no byte after the key's end: strncmp would stop at a zero, not at the quote.
  for (const char c : name) {
    if (*key++ != c) return false;
  }
  return *key == '"';
}

}  // namespace

std::string pointer_problem(std::string_view pointer) {
  if (pointer.empty()) return "";
  if (pointer.front() != '/') return "is not a JSON pointer: it does not begin with '/'";
  if (pointer.find_first_of("\"\\") != std::string_view::npos) {
    return "holds a quote or a backslash; keys with escapes cannot be found";
  }
  const std::size_t segments = split(pointer).size();
  if (segments > PointerMap::kSegmentsMax) {
    return fmt::format("has {} segments, more than {}", segments, PointerMap::kSegmentsMax);
  }
  return "";
}

PointerMap::PointerMap(const std::vector<std::string>& pointers) {
  TARIFF_CHECK(pointers.size() <= kTargetsMax);
  for (const std::string& pointer : pointers)
    targets_.push_back({split(pointer)});
}

bool PointerMap::find(ondemand::object object, Visitor& visitor) const noexcept {
  std::uint32_t active = 0;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (!targets_[i].segments.empty()) active |= 1U << i;
  }
  return walk(object, 0, active, visitor);
}

bool PointerMap::walk(ondemand::object object, std::size_t depth, std::uint32_t active,
                      Visitor& visitor) const noexcept {
  for (auto item : object) {
    ondemand::field field;
    if (std::move(item).get(field) != simdjson::SUCCESS) return false;
    const char* key = field.key().raw();
    std::uint32_t matched = 0;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if ((active >> i & 1U) != 0 && is(key, targets_[i].segments[depth])) matched |= 1U << i;
    }
    if (matched != 0 && !enter(field.value(), depth + 1, matched, visitor)) return false;
  }
  return true;
}

bool PointerMap::walk(ondemand::array array, std::size_t depth, std::uint32_t active,
                      Visitor& visitor) const noexcept {
  std::size_t index = 0;
  for (auto item : array) {
    ondemand::value value;
    if (std::move(item).get(value) != simdjson::SUCCESS) return false;
    std::array<char, 20> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), index++);
    const std::string_view name(digits.data(), static_cast<std::size_t>(end - digits.data()));
    std::uint32_t matched = 0;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if ((active >> i & 1U) != 0 && name == targets_[i].segments[depth]) matched |= 1U << i;
    }
    if (matched != 0 && !enter(value, depth + 1, matched, visitor)) return false;
  }
  return true;
}

/// `value` lies at `depth` segments: hands it to the targets that end here, and goes on with those
/// that do not. Both at once cannot be: read_options refuses a pointer into another one's value.
bool PointerMap::enter(ondemand::value value, std::size_t depth, std::uint32_t matched,
                       Visitor& visitor) const noexcept {
  std::uint32_t ending = 0;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if ((matched >> i & 1U) != 0 && targets_[i].segments.size() == depth) ending |= 1U << i;
  }
  if (ending != 0) return visitor.on_value(ending, value);
  ondemand::object object;
  if (value.get_object().get(object) == simdjson::SUCCESS) {
    return walk(object, depth, matched, visitor);
  }
  ondemand::array array;
  if (value.get_array().get(array) == simdjson::SUCCESS) {
    return walk(array, depth, matched, visitor);
  }
  return true;
}

}  // namespace tariff::ndjson
