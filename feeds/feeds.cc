#include "feeds/feeds.h"

#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "feeds/alpaca/alpaca_protocol.h"
#include "feeds/ndjson/ndjson_protocol.h"

namespace tariff {
namespace {

constexpr std::size_t kNameBytesMax = 16;  // EventBody::feed

using Warnings = std::vector<std::string>;

/// THE LIST. What a feed's options are read by, and whether it can be read over such a url.
struct ProtocolRow {
  std::string_view name;
  ProtocolOptions (*read_options)(Section& section, Secrets secrets, Warnings& warnings);
  bool (*runs_over)(TransportKind kind);
  std::string_view urls;
};
constexpr std::array<ProtocolRow, 2> kProtocols{{
    {"alpaca",
     [](Section& section, Secrets secrets, Warnings& warnings) -> ProtocolOptions {
       return alpaca::read_options(section, secrets, warnings);
     },
     [](TransportKind kind) { return kind == TransportKind::WebSocket; }, "wss:// or ws://"},
    {"ndjson",
     [](Section& section, Secrets, Warnings&) -> ProtocolOptions {
       return ndjson::read_options(section);
     },
     [](TransportKind) { return true; }, "any"},
}};

std::unique_ptr<Protocol> make(FeedId feed, const alpaca::Options& options) {
  return std::make_unique<alpaca::AlpacaProtocol>(feed, options);
}
std::unique_ptr<Protocol> make(FeedId feed, const ndjson::Options& options) {
  return std::make_unique<ndjson::NdjsonProtocol>(feed, options);
}

bool has_headlines(const alpaca::Options& options) noexcept {
  return !options.news.empty();
}
bool has_headlines(const ndjson::Options& options) noexcept {
  return options.headlines;
}

bool has_quotes(const alpaca::Options& options) noexcept {
  return !options.quotes.empty();
}
bool has_quotes(const ndjson::Options& options) noexcept {
  return options.quotes;
}

std::string read_name(Section& section, std::set<std::string>& names) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
  const std::string name = section.require_string("name");
  if (name.empty()) return name;  // told already, or about to be
  if (name.size() > kNameBytesMax || name.find_first_not_of(kAllowed) != std::string::npos) {
    section.error("name", "should be at most 16 of a-z, 0-9, '-', '_' and '.'");
  } else if (!names.insert(name).second) {
    section.error("name", "is the name of another feed");
  }
  return name;
}

FeedSpec read_feed(Section& section, FeedId id, std::set<std::string>& names, Secrets secrets) {
  FeedSpec spec;
  spec.id = id;
  spec.name = read_name(section, names);
  spec.thread = static_cast<int>(section.get_int("thread", 0, 0, kFeedThreadsMax - 1));
  spec.transport = read_transport_options(section);
  std::vector<std::string_view> choices;
  for (const ProtocolRow& row : kProtocols)
    choices.push_back(row.name);
  if (section.require_string("protocol").empty()) return spec;
  const std::size_t chosen = section.get_choice("protocol", kProtocols.size(), choices);
  if (chosen == kProtocols.size()) return spec;  // its keys are unknown, so none can be wrong
  const ProtocolRow& row = kProtocols[chosen];
  spec.protocol = row.read_options(section, secrets, spec.warnings);
  if (!row.runs_over(spec.transport.endpoint.kind)) {
    section.error("url", fmt::format("{} needs a {} url", row.name, row.urls));
  }
  section.finish();
  return spec;
}

}  // namespace

bool FeedSpec::carries_headlines() const noexcept {
  return std::visit([](const auto& options) { return has_headlines(options); }, protocol);
}

bool FeedSpec::carries_quotes() const noexcept {
  return std::visit([](const auto& options) { return has_quotes(options); }, protocol);
}

std::vector<FeedSpec> read_feeds(Section& root, Secrets secrets) {
  std::vector<FeedSpec> specs;
  std::set<std::string> names;
  std::vector<Section> sections = root.get_sections("feed");
  if (sections.size() > kFeedsMax) {
    root.error("feed", fmt::format("there are more than {} feeds", kFeedsMax));
    sections.erase(sections.begin() + kFeedsMax, sections.end());
  }
  for (Section& section : sections) {
    specs.push_back(read_feed(section, static_cast<FeedId>(specs.size()), names, secrets));
  }
  return specs;
}

std::unique_ptr<Protocol> make_protocol(const FeedSpec& spec) {
  return std::visit([&spec](const auto& options) { return make(spec.id, options); }, spec.protocol);
}

}  // namespace tariff
