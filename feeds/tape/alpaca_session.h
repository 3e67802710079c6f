#pragma once
// feeds/tape/alpaca_session.h - The server's side of one Alpaca stream connection: who may come
// in, what was asked for, what of the tape goes out next. No socket, no clock, no thread: bytes
// and times in, messages out. Thread: the tape server's. Cold.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "feeds/protocol.h"
#include "feeds/tape/alpaca_messages.h"
#include "feeds/tape/client_message.h"
#include "feeds/tape/frame_writer.h"
#include "feeds/tape/tape.h"

namespace tariff::tape {

enum class Endpoint : std::uint8_t { News, Stocks, Crypto };

/// What the provider serves at `path` (of a request, without a query); nullopt for other paths.
[[nodiscard]] std::optional<Endpoint> endpoint_at(std::string_view path);

/// Shared by the sessions of a server: whom to let in, and who is in.
struct AlpacaAccess {
  std::string key{};  ///< Empty: any non-empty key and secret.
  std::string secret{};
  std::size_t connections_per_key_max = 0;  ///< Per endpoint. 0: no limit.
  std::size_t symbols_max = 0;              ///< Per channel. 0: no limit.

  std::map<std::pair<Endpoint, std::string>, std::size_t> connections{};
};

/// The headers of the upgrade request that matter; empty where absent.
struct AlpacaHeaders {
  std::string_view content_type{};
  std::string_view key_id{};         ///< APCA-API-KEY-ID
  std::string_view secret{};         ///< APCA-API-SECRET-KEY
  std::string_view authorization{};  ///< "Bearer <token>" or "Basic <base64 of key:secret>"
};

class AlpacaSession {
 public:
  /// A client that has not authenticated within this time is told 404.
  static constexpr std::int64_t kAuthTimeoutNs = 10 * kNsPerSecond;
  /// One frame holds at most so many items, and ends at the first that passes so many bytes.
  static constexpr std::size_t kFrameItemsMax = 256;
  static constexpr std::size_t kFrameBytesMax = 256U << 10U;

  /// `access` outlives the session.
  AlpacaSession(Endpoint endpoint, const AlpacaHeaders& headers, AlpacaAccess& access);
  ~AlpacaSession();
  AlpacaSession(const AlpacaSession&) = delete;
  AlpacaSession& operator=(const AlpacaSession&) = delete;

  [[nodiscard]] Codec codec() const noexcept { return codec_; }
  /// Any channel of the endpoint that the tape can fill is asked for.
  [[nodiscard]] bool subscribed() const noexcept;
  /// The last message is said: close when it is out.
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  /// As "news *" or "quotes QQQ, SPY", for a person.
  [[nodiscard]] std::string subscriptions() const;

  void on_open(MonoNs now, Outbox& outbox);
  /// `position` as in next_frame: a first subscription hears what comes after it. Returns true for
  /// a request to subscribe or unsubscribe that was granted.
  bool on_message(std::string_view bytes, std::uint64_t position, Outbox& outbox);
  void on_tick(MonoNs now, Outbox& outbox);
  /// Says 407 and ends.
  void end_slow_client(Outbox& outbox);

  /// The next frame out of the first `position` items since the tape started (a tape in a loop
  /// counts on); empty if nothing more was asked for. Each item goes out once.
  [[nodiscard]] std::string next_frame(const Tape& tape, std::uint64_t position);
  /// Items that are out or were not asked for.
  [[nodiscard]] std::uint64_t cursor() const noexcept { return cursor_; }
  [[nodiscard]] std::uint64_t items_sent() const noexcept { return items_sent_; }
  /// How many of the items up to `position` were asked for and are still to go out.
  [[nodiscard]] std::size_t items_behind(const Tape& tape, std::uint64_t position) const;

 private:
  struct Credentials {
    std::string key;
    std::string secret;
  };
  [[nodiscard]] static std::optional<Credentials> header_credentials(const AlpacaHeaders& headers);

  void authenticate(const Credentials& credentials, Outbox& outbox);
  bool change_subscriptions(const ClientMessage& message, std::uint64_t position, Outbox& outbox);
  [[nodiscard]] std::optional<AlpacaError> apply(const ClientMessage& message,
                                                 std::vector<Channel>& channels) const;
  [[nodiscard]] bool wants(const TapeItem& item) const;
  void reply_success(std::string_view text, Outbox& outbox);
  void reply_error(AlpacaError error, Outbox& outbox);
  void reply_subscription(Outbox& outbox);

  Endpoint endpoint_;
  Codec codec_;
  std::optional<Credentials> from_headers_;
  AlpacaAccess& access_;
  std::vector<Channel> channels_;  ///< Of the endpoint; the symbols of each sorted.
  FrameWriter writer_;
  MonoNs opened_;
  std::optional<std::string> key_;  ///< Set when authenticated.
  bool ended_ = false;
  std::uint64_t cursor_ = 0;
  std::uint64_t items_sent_ = 0;
};

}  // namespace tariff::tape
