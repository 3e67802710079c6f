#include "signals/sources.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/hash.h"

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
  if (auto policy = document.get_section("policy")) {
    sources.act_alone_trust_ = static_cast<float>(policy->get_number("act_alone_trust", 0, 0, 1));
    sources.doubt_left_ = static_cast<float>(policy->get_number("doubt_left", 1, 0, 1));
    policy->finish();
  }
  if (auto marks = document.get_section("marks")) sources.provenance_.read_marks(*marks);
  if (auto citations = document.get_section("citations")) {
    sources.provenance_.read_citations(*citations);
  }
  std::vector<std::pair<FixedText<32>, std::string>> aliases;
  for (Section& section : document.get_sections("source")) {
    Source source;
    const std::string name = section.require_string("name");
    if (name.size() > source.name.bytes.size()) section.error("name", "is longer than 32 bytes");
    source.name = lower_case(name);
    source.trust = static_cast<float>(section.get_number("trust", 0.5, 0, 1));
    source.decides = section.get_bool("decides", false);
    source.reports = section.get_bool("reports", source.decides);
    for (const std::string& alias : section.get_strings("aliases"))
      aliases.emplace_back(source.name, alias);
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
  for (std::size_t i = 0; i < sources.sources_.size(); ++i) {
    const auto index = static_cast<Provenance::NameIndex>(i);
    sources.provenance_.add_name(sources.sources_[i].name.view(), index);
    for (const auto& [name, alias] : aliases) {
      if (name == sources.sources_[i].name) sources.provenance_.add_name(alias, index);
    }
  }
  return sources;
}

const Source& Sources::find(std::string_view name) const noexcept {
  const FixedText<32> wanted = lower_case(name);
  const auto found = std::lower_bound(
      sources_.begin(), sources_.end(), wanted,
      [](const Source& a, const FixedText<32>& b) { return a.name.bytes < b.bytes; });
  return found != sources_.end() && found->name == wanted ? *found : fallback_;
}

Origin Sources::origin_of(std::string_view name, const WordList& words) const noexcept {
  const Source* source = &find(name);
  Origin origin{.key = 0, .trust = source->trust, .decides = source->decides};
  if (const auto cited = provenance_.cited_by(words); cited && !source->decides) {
    source = *cited == Provenance::kUnknownName ? &fallback_ : &sources_[*cited];
    origin.trust = std::min(origin.trust, source->trust);
    origin.cited = true;
  }
  if (source->reports) origin.key = hash_text(source->name.view()) | 1U;
  return origin;
}

float Sources::corroborated(float confidence, unsigned origins) const noexcept {
  constexpr unsigned kCountMax = 4;  // beyond these nothing is learnt
  float doubt = 1 - confidence;
  for (unsigned i = 1; i < std::min(origins, kCountMax); ++i)
    doubt *= doubt_left_;
  return 1 - doubt;
}

}  // namespace tariff
