#include "signals/reading/rules_load.h"

#include <set>

#include <fmt/format.h>

namespace tariff {
namespace {

std::vector<std::string_view> names_of(const auto& names) {
  return {names.begin(), names.end()};
}

class Loader {
 public:
  Loader(const LoadedLexicon& lexicon, RuleSet& out) : lexicon_(lexicon), out_(out) {}

  void load(Section& document) {
    static const std::vector<std::string_view> kScripts{"latin", "chinese"};
    const bool chinese = document.get_choice("script", 0, kScripts) == 1;
    in_texts_with_ = chinese ? std::optional(id_of(Cue::Ideograph)) : std::nullopt;
    if (auto defaults = document.get_section("defaults")) {
      (chinese ? out_.chinese_default_actor : out_.default_actor) =
          Place(defaults->get_string("actor", ""));
      defaults->finish();
    }
    if (auto confidence = document.get_section("confidence")) load_confidence(*confidence);
    for (Section& section : document.get_sections("context"))
      load_context(section);
    for (Section& section : document.get_sections("guard"))
      load_guard(section);
    if (auto moods = document.get_section("mood")) load_moods(*moods);
    for (Section& section : document.get_sections("modifier"))
      load_modifier(section);
    for (Section& section : document.get_sections("frame"))
      load_frame(section);
    for (Section& section : document.get_sections("rule"))
      load_rule(section);
    document.finish();
  }

 private:
  ConceptSet read_concepts(Section& section, std::string_view key) {
    ConceptSet concepts;
    for (const std::string& name : section.get_strings(key)) {
      const auto at = lexicon_.concept_ids.find(name);
      if (at == lexicon_.concept_ids.end()) {
        section.error(key, fmt::format("'{}' is not a concept of lexicon.toml", name));
      } else {
        concepts.add(at->second);
      }
    }
    return concepts;
  }

  void load_guard(Section& section) {
    Guard guard;
    guard.object = read_concepts(section, "object");
    guard.needs = read_concepts(section, "needs");
    section.finish();
    out_.guards.push_back(guard);
  }

  void load_context(Section& section) {
    Context context;
    context.present = read_concepts(section, "present");
    if (!section.has("measure")) section.error("", "needs the key 'measure'");
    context.measure =
        static_cast<Measure>(section.get_choice("measure", 0, names_of(kMeasureNames)));
    section.finish();
    out_.contexts.push_back(context);
  }

  void load_confidence(Section& section) {
    std::vector<Calibration::Point> points;
    for (const auto& [raw, right] : section.get_pairs("calibration", 0, 1)) {
      const Calibration::Point point{static_cast<float>(raw), static_cast<float>(right)};
      if (!points.empty() &&
          (point.raw <= points.back().raw || point.right < points.back().right)) {
        section.error("calibration",
                      fmt::format("[{}, {}] after [{}, {}]: the first must rise, the second must "
                                  "not fall",
                                  raw, right, points.back().raw, points.back().right));
        return section.finish();
      }
      points.push_back(point);
    }
    if (points.size() > Calibration::kPointsMax) {
      section.error("calibration", fmt::format("has {} points; {} is the most", points.size(),
                                               Calibration::kPointsMax));
    } else if (!points.empty()) {
      out_.calibration = Calibration(points);
    }
    section.finish();
  }

  void load_moods(Section& moods) {
    for (const std::string& key : moods.keys()) {
      auto section = moods.get_section(key);
      if (!section) continue;
      Mood mood;
      mood.name = key;
      mood.deny = section->get_bool("deny", false);
      mood.stop = section->get_bool("stop", false);
      mood.confidence = static_cast<float>(section->get_number("confidence", 1, 0.1, 1));
      if (section->get_bool("conditions", false)) out_.condition_mood = out_.moods.size();
      if (auto map = section->get_section("becomes")) {
        for (const std::string& from : map->keys()) {
          const auto action = parse_name<Action>(from, kActionNames);
          if (!action) {
            map->error(from, "is not an action of the event model");
            continue;
          }
          const std::size_t to = map->get_choice(from, 0, names_of(kActionNames));
          mood.map[static_cast<std::size_t>(*action)] = static_cast<Action>(to);
        }
      }
      section->finish();
      out_.moods.push_back(std::move(mood));
    }
  }

  std::string read_id(Section& section) {
    std::string id = section.require_string("id");
    if (id.size() > 36) section.error("id", "is longer than 36 bytes");
    if (!id.empty() && !ids_.insert(id).second) section.error("id", "is the id of another entry");
    return id;
  }

  /// Compiles every pattern of "match" into `index`.
  void read_patterns(Section& section, PatternIndex& index, std::size_t owner, bool needs_trigger) {
    const auto lookup = [&](std::string_view name) -> std::optional<std::size_t> {
      const auto at = lexicon_.concept_ids.find(name);
      return at == lexicon_.concept_ids.end() ? std::nullopt : std::optional(at->second);
    };
    const std::vector<std::string> texts = section.get_strings("match");
    if (texts.empty()) section.error("", "needs the key 'match'");
    for (const std::string& text : texts) {
      std::string problem;
      Pattern pattern = compile_pattern(text, lookup, problem);
      if (problem.empty()) problem = never_fires(pattern, needs_trigger);
      if (!problem.empty()) {
        section.error("match", fmt::format("'{}' {}", text, problem));
      } else {
        index.add(std::move(pattern), static_cast<std::uint16_t>(owner), in_texts_with_);
      }
    }
  }

  /// Why `pattern` can never match; empty if it can.
  std::string never_fires(const Pattern& pattern, bool needs_trigger) const {
    bool trigger = false;
    for (std::size_t i = 0; i < pattern.elements.size(); ++i) {
      const PatternElement& element = pattern.elements[i];
      using Kind = PatternElement::Kind;
      if (element.kind == Kind::Start && i > 0) return "can never match: '^' is not at its start";
      if (element.kind == Kind::End && i + 1 < pattern.elements.size()) {
        return "can never match: '$' is not at its end";
      }
      if (element.kind != Kind::Item || element.optional) continue;
      trigger = trigger || element.trigger;
      bool possible = false;
      std::string missing;
      for (const PatternElement::Choice& choice : element.choices) {
        possible = possible || lexicon_.used.covers(choice.all);
        choice.all.for_each([&](std::size_t id) {
          if (!lexicon_.used.has(id)) missing = lexicon_.concept_names[id];
        });
      }
      if (!possible) {
        return fmt::format("can never match: no phrase of lexicon.toml has the concept '{}'",
                           missing);
      }
    }
    return needs_trigger && !trigger ? "marks no word with 'T:'" : "";
  }

  std::uint8_t read_kinds(Section& section) {
    std::uint8_t kinds = 0;
    for (const std::string& name : section.get_strings("in")) {
      const auto kind = parse_name<ClauseKind>(name, kClauseKindNames);
      if (!kind) {
        section.error("in", fmt::format("'{}' is not one of {}", name,
                                        fmt::join(names_of(kClauseKindNames), ", ")));
        continue;
      }
      kinds = static_cast<std::uint8_t>(kinds | 1U << static_cast<unsigned>(*kind));
    }
    constexpr std::uint8_t kMainAndCause = 0b0011;
    return kinds == 0 ? kMainAndCause : kinds;
  }

  void load_rule(Section& section) {
    Rule rule;
    rule.id = read_id(section);
    if (!section.has("action")) section.error("", "needs the key 'action'");
    rule.action = static_cast<Action>(section.get_choice("action", 0, names_of(kActionNames)));
    if (section.has("measure")) {
      rule.measure =
          static_cast<Measure>(section.get_choice("measure", 0, names_of(kMeasureNames)));
    }
    rule.denied = section.get_bool("denied", false);
    rule.retaliation = section.get_bool("retaliation", false);
    rule.no_mood = section.get_bool("no_mood", false);
    rule.removes = section.get_bool("removes", false);
    rule.weak = section.get_bool("weak", false);
    rule.needs = read_concepts(section, "needs");
    rule.unless = read_concepts(section, "unless");
    rule.continues = section.get_bool("continues", false);
    rule.subject_is_target = section.get_bool("subject_is_target", false);
    rule.prior = static_cast<float>(section.get_number("prior", 0.8, 0.05, 1));
    rule.kinds = read_kinds(section);
    read_patterns(section, out_.rule_patterns, out_.rules.size(), true);
    section.finish();
    out_.rules.push_back(std::move(rule));
  }

  void load_modifier(Section& section) {
    Modifier modifier;
    modifier.id = read_id(section);
    std::vector<std::string_view> moods;
    for (const Mood& mood : out_.moods)
      moods.push_back(mood.name);
    if (!section.has("mood")) section.error("", "needs the key 'mood'");
    modifier.mood = section.get_choice("mood", 0, moods);
    modifier.after = section.get_bool("after", false);
    modifier.reported = section.get_bool("reported", false);
    modifier.reach = static_cast<std::uint8_t>(section.get_int("reach", 3, 0, 20));
    read_patterns(section, out_.modifier_patterns, out_.modifiers.size(), false);
    section.finish();
    out_.modifiers.push_back(std::move(modifier));
  }

  void load_frame(Section& section) {
    static constexpr std::array<std::string_view, 4> kStops{"clause", "rest", "sentence",
                                                            "headline"};
    Frame frame;
    frame.id = read_id(section);
    frame.stops = static_cast<Frame::Stops>(section.get_choice("stops", 2, names_of(kStops)));
    for (const std::string& name : section.get_strings("spares")) {
      const auto action = parse_name<Action>(name, kActionNames);
      if (!action) {
        section.error("spares", fmt::format("'{}' is not one of {}", name,
                                            fmt::join(names_of(kActionNames), ", ")));
        continue;
      }
      frame.spared =
          static_cast<std::uint16_t>(frame.spared | 1U << static_cast<unsigned>(*action));
    }
    read_patterns(section, out_.frame_patterns, out_.frames.size(), false);
    section.finish();
    out_.frames.push_back(std::move(frame));
  }

  const LoadedLexicon& lexicon_;
  RuleSet& out_;
  std::set<std::string, std::less<>> ids_;
  std::optional<std::size_t> in_texts_with_;  ///< Of the file that is being read.
};

}  // namespace

RuleSet load_rules(std::span<Section> documents, const LoadedLexicon& lexicon) {
  RuleSet rules;
  Loader loader(lexicon, rules);
  for (Section& document : documents)
    loader.load(document);
  for (PatternIndex* index :
       {&rules.rule_patterns, &rules.modifier_patterns, &rules.frame_patterns})
    index->build();
  return rules;
}

}  // namespace tariff
