#include "signals/sources.h"

#include <algorithm>

#include <fmt/format.h>

namespace tariff {
namespace {

FixedText<32> lower_case(std::string_view name) noexcept {
  FixedText<32> lower(name);
  for (char& c : lower.bytes) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

Sources Sources::read(Section& document) {
  Sources sources;
  if (auto fallback = document.get_section("default")) {
    sources.fallback_.trust = static_cast<float>(fallback->get_number("trust", 0.5, 0, 1));
    fallback->finish();
  }
  for (Section& section : document.get_sections("source")) {
    Source source;
    const std::string name = section.require_string("name");
    if (name.size() > source.name.bytes.size()) section.error("name", "is longer than 32 bytes");
    source.name = lower_case(name);
    source.trust = static_cast<float>(section.get_number("trust", 0.5, 0, 1));
    source.decides = section.get_bool("decides", false);
    (void)section.get_string("why", "");
    section.finish();
    const bool doubled = std::any_of(sources.sources_.begin(), sources.sources_.end(),
                                     [&](const Source& s) { return s.name == source.name; });
    if (doubled) section.error("name", "stands twice in this file");
    sources.sources_.push_back(source);
  }
  document.finish();
  std::sort(sources.sources_.begin(), sources.sources_.end(),
            [](const Source& a, const Source& b) { return a.name.bytes < b.name.bytes; });
  return sources;
}

const Source& Sources::find(std::string_view name) const noexcept {
  const FixedText<32> wanted = lower_case(name);
  const auto found = std::lower_bound(
      sources_.begin(), sources_.end(), wanted,
      [](const Source& a, const FixedText<32>& b) { return a.name.bytes < b.bytes; });
  return found != sources_.end() && found->name == wanted ? *found : fallback_;
}

}  // namespace tariff
