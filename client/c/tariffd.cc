// client/c/tariffd.cc - The C ABI around the C++ client. No exception leaves it; what it hands out
// is kept in the client, so that after the first messages nothing is allocated.
#include "client/c/tariffd.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tariffd/client.h"
#include "tariffd/shared_memory.h"

namespace {

using namespace tariff;
using namespace tariff::client;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// Copies of texts with their zeros, all of one message.
class Texts {
 public:
  void clear() noexcept { used_ = 0; }
  const char* keep(std::string_view text) {
    if (used_ == texts_.size()) texts_.push_back(std::make_unique<std::string>());
    std::string& kept = *texts_[used_++];
    kept.assign(text);
    return kept.c_str();
  }
  const char* keep_or_null(std::string_view text) { return text.empty() ? nullptr : keep(text); }

 private:
  std::vector<std::unique_ptr<std::string>> texts_;
  std::size_t used_ = 0;
};

/// A fact and the lists that it points to.
struct Fact {
  tariffd_fact out{};
  std::array<const char*, 8> actors{};
  std::array<const char*, 16> targets{};
  std::array<const char*, 64> products{};
};

double price(double value) {
  return value == 0 ? kUnknown : value;
}

}  // namespace

struct tariffd_client {
  std::variant<std::monostate, Client, SharedMemoryClient> source;
  tariffd_message message{};
  tariffd_event event{};
  tariffd_signal signal{};
  tariffd_retract retract{};
  tariffd_status status{};
  std::vector<std::unique_ptr<Fact>> facts;
  std::vector<const tariffd_fact*> fact_list;
  Texts texts;

  void head(int type, const RecordHeader& header) {
    texts.clear();
    message = {};
    message.type = type;
    message.session = header.session;
    message.seq = header.seq;
    message.source_ns = header.source_ns;
    message.received_ns = header.received_ns;
    message.latency_ns = header.latency_ns;
  }

  const tariffd_fact* fill_fact(Fact& fact, const Facts& from) {
    const auto places = [&](auto& out, const auto& list) {
      for (std::size_t i = 0; i < list.count; ++i)
        out[i] = texts.keep(list.items[i].view());
      return static_cast<std::size_t>(list.count);
    };
    const std::size_t actors = places(fact.actors, from.actors);
    const std::size_t targets = places(fact.targets, from.targets);
    std::size_t products = 0;
    for (std::size_t bit = 0; bit < fact.products.size(); ++bit) {
      const auto product = static_cast<Product>(bit);
      if (from.has(product)) fact.products[products++] = texts.keep(to_text(product));
    }
    fact.out = {.action = texts.keep(to_text(from.action)),
                .measure = texts.keep(to_text(from.measure)),
                .attribution = texts.keep(to_text(from.attribution)),
                .speaker = texts.keep_or_null(from.speaker.view()),
                .rule = texts.keep(from.rule.view()),
                .actors = fact.actors.data(),
                .actors_count = actors,
                .targets = fact.targets.data(),
                .targets_count = targets,
                .products = fact.products.data(),
                .products_count = products,
                .rate_pct = static_cast<double>(from.rate_pct),
                .confidence = static_cast<double>(from.confidence),
                .effective_yyyymmdd = from.effective_yyyymmdd,
                .denied = from.denied() ? 1 : 0,
                .retaliation = from.retaliation() ? 1 : 0};
    return &fact.out;
  }

  void fill(const Event& from) {
    head(TARIFFD_EVENT, from);
    fact_list.clear();
    for (const Facts& each : from.facts) {
      if (facts.size() == fact_list.size()) facts.push_back(std::make_unique<Fact>());
      fact_list.push_back(fill_fact(*facts[fact_list.size()], each));
    }
    event = {.event_id = from.event_id,
             .revision = from.revision,
             .origins = from.origins,
             .net = texts.keep(to_text(from.net)),
             .novelty = texts.keep(name_of(from.novelty, kNoveltyNames)),
             .feed = texts.keep(from.feed.view()),
             .source = texts.keep(from.source.view()),
             .item_id = texts.keep(from.item_id.view()),
             .text = texts.keep(from.text),
             .confidence = static_cast<double>(from.confidence),
             .trust = static_cast<double>(from.trust),
             .updated_ns = from.updated_ns,
             .truncated = from.truncated() ? 1 : 0,
             .unscored = from.unscored() ? 1 : 0,
             .facts = fact_list.data(),
             .facts_count = fact_list.size(),
             .marks = static_cast<std::uint32_t>(from.flags & ~(from.kTruncated | from.kUnscored))};
    message.event = &event;
  }

  void fill(const Signal& from) {
    head(TARIFFD_SIGNAL, from);
    const bool quoted = from.has_quote();
    const bool two_sided = quoted && from.bid != 0 && from.ask != 0;
    signal = {.event_id = from.event_id,
              .revision = from.revision,
              .direction = from.direction,
              .instrument = texts.keep(from.instrument.view()),
              .exposure = texts.keep(from.exposure.view()),
              .score = static_cast<double>(from.score),
              .confidence = static_cast<double>(from.confidence),
              .bid = quoted ? price(from.bid) : kUnknown,
              .ask = quoted ? price(from.ask) : kUnknown,
              .mid = two_sided ? price(from.mid) : kUnknown,
              .spread = two_sided ? from.spread : kUnknown,
              .quote_age_ns = from.quote_age_ns,
              .move_1s_bps = static_cast<double>(from.move_1s_bps),
              .move_5s_bps = static_cast<double>(from.move_5s_bps),
              .move_60s_bps = static_cast<double>(from.move_60s_bps),
              .replaces = from.replaces() ? 1 : 0};
    message.signal = &signal;
  }

  void fill(const Retract& from) {
    head(TARIFFD_RETRACT, from);
    retract = {.event_id = from.event_id,
               .supersedes_seq = from.supersedes_seq,
               .revision = from.revision,
               .reserved = 0,
               .reason = texts.keep(name_of(from.reason, kRetractReasonNames)),
               .instrument = texts.keep_or_null(from.instrument.view()),
               .mid_then = price(from.mid_then),
               .mid_now = price(from.mid_now)};
    message.retract = &retract;
  }

  void fill(const Status& from) {
    head(TARIFFD_STATUS, from);
    const bool of_feed = from.kind == StatusKind::Feed;
    status = {.kind = texts.keep(name_of(from.kind, kStatusKindNames)),
              .state = of_feed ? texts.keep(to_text(from.state)) : nullptr,
              .feed = of_feed ? texts.keep(from.feed.view()) : nullptr,
              .text = texts.keep(from.text.view())};
    message.status = &status;
  }

  void fill(const Heartbeat& from) {
    head(TARIFFD_HEARTBEAT, from);
    message.last_seq = from.last_seq;
  }
  void fill(const Gap& from) {
    head(TARIFFD_GAP, from);
    message.seq = 0;
    message.from_seq = from.from_seq;
    message.to_seq = from.to_seq;
  }
  void fill(const Stale& from) {
    head(TARIFFD_STALE, {});
    message.reason = texts.keep(from.reason);
  }
  void fill(const Failed& from) {
    head(TARIFFD_FAILED, {});
    message.reason = texts.keep(from.reason);
  }
};

namespace {

Options options_of(const tariffd_options& from) {
  using std::chrono::milliseconds;
  Options options;
  if (from.socket_path != nullptr) options.socket_path = from.socket_path;
  if (from.from_seq >= 0) options.from_seq = static_cast<std::uint64_t>(from.from_seq);
  if (from.messages != nullptr)
    options.messages.assign(from.messages, from.messages + from.messages_count);
  if (from.instruments != nullptr)
    options.instruments.assign(from.instruments, from.instruments + from.instruments_count);
  options.min_abs_score = from.min_abs_score;
  if (from.reconnect_min_ms != 0) options.reconnect_min = milliseconds(from.reconnect_min_ms);
  if (from.reconnect_max_ms != 0) options.reconnect_max = milliseconds(from.reconnect_max_ms);
  if (from.stale_after_ms != 0) options.stale_after = milliseconds(from.stale_after_ms);
  return options;
}

/// `use` of whichever client there is; `otherwise` for none.
template <class Result, class Use>
Result with_source(auto& source, Result otherwise, const Use& use) {
  if (auto* socket = std::get_if<Client>(&source)) return use(*socket);
  if (auto* memory = std::get_if<SharedMemoryClient>(&source)) return use(*memory);
  return otherwise;
}

}  // namespace

tariffd_client* tariffd_open(const tariffd_options* options) try {
  if (options == nullptr || options->struct_bytes < sizeof options->struct_bytes) return nullptr;
  // A caller that was built with an older header gives less; the rest has its default.
  tariffd_options full = TARIFFD_OPTIONS_INIT;
  std::memcpy(&full, options, std::min(options->struct_bytes, sizeof full));
  auto client = std::make_unique<tariffd_client>();
  if (full.journal_directory == nullptr) {
    client->source.emplace<Client>(options_of(full));
  } else {
    client->source.emplace<SharedMemoryClient>(
        options_of(full), SharedMemoryOptions{.journal_directory = full.journal_directory,
                                              .nap = std::chrono::microseconds(full.nap_us)});
  }
  return client.release();
} catch (...) {
  return nullptr;
}

const tariffd_message* tariffd_next(tariffd_client* client, uint32_t timeout_ms) try {
  const auto message = with_source(client->source, std::optional<Message>(), [&](auto& source) {
    return source.next(std::chrono::milliseconds(timeout_ms));
  });
  if (!message) return nullptr;
  std::visit([&](const auto& told) { client->fill(told); }, *message);
  return &client->message;
} catch (...) {
  return nullptr;
}

int tariffd_fd(const tariffd_client* client) {
  const auto* socket = std::get_if<Client>(&client->source);
  return socket == nullptr ? -1 : socket->fd();
}

uint64_t tariffd_next_seq(const tariffd_client* client) {
  return with_source(client->source, std::uint64_t{0},
                     [](const auto& source) { return source.next_seq().value_or(0); });
}

void tariffd_close(tariffd_client* client) {
  delete client;
}
