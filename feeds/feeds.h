#pragma once
// feeds/feeds.h - THE LIST of protocols, and the `[[feed]]` tables of the configuration. A new
// provider is a folder beside this file and a line in feeds.cc (docs/howto/add-a-feed.md).
// Thread: the one that loads. Cold.

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "config/section.h"
#include "core/headline.h"
#include "core/result.h"
#include "feeds/alpaca/alpaca_options.h"
#include "feeds/ndjson/ndjson_options.h"
#include "feeds/protocol.h"
#include "feeds/secrets.h"
#include "feeds/transport/transport_options.h"

namespace tariff {

using ProtocolOptions = std::variant<ndjson::Options, alpaca::Options>;

/// One `[[feed]]`.
struct FeedSpec {
  FeedId id{};       ///< Its place in the file, 0-based.
  std::string name;  ///< Unique, at most 16 bytes.
  int thread = 0;    ///< Feeds with the same number share a thread and an io_context.
  ProtocolOptions protocol;
  TransportOptions transport;
  /// For the log at start: a secret that everybody may read.
  std::vector<std::string> warnings;

  /// What it is configured to carry; the daemon is blind when no feed with headlines is up.
  [[nodiscard]] bool carries_headlines() const noexcept;
  [[nodiscard]] bool carries_quotes() const noexcept;
};

constexpr int kFeedThreadsMax = 8;

/// Reads every `[[feed]]` of `root`. What is wrong goes to the errors of `root`, with file, line
/// and key; the specs returned are usable only if there were none.
[[nodiscard]] std::vector<FeedSpec> read_feeds(Section& root, Secrets secrets = Secrets::Read);

/// The protocol that reads this feed. It keeps state from one connection to the next (which items
/// it has seen), so that one protocol serves a feed as long as the process runs.
[[nodiscard]] std::unique_ptr<Protocol> make_protocol(const FeedSpec& spec);

}  // namespace tariff
