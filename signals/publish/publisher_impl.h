#pragma once
// signals/publish/publisher_impl.h - Inside of signals/publish/publisher.h: connections are taken
// and asked in publisher_connections.cc, served in publisher.cc. Thread: the publisher's.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "core/counters.h"
#include "core/journal.h"
#include "core/time.h"
#include "signals/publish/publisher.h"
#include "signals/publish/record_batch.h"
#include "signals/publish/subscriber.h"

namespace tariff {

using SubscriberPtr = std::shared_ptr<Subscriber>;

class Publisher::Impl {
 public:
  Impl(boost::asio::io_context& context, PublisherOptions options, Counters& counters,
       std::function<std::string()> status_line)
      : options_(std::move(options)),
        counters_(counters),
        status_line_(std::move(status_line)),
        acceptor_(context) {}
  ~Impl();

  [[nodiscard]] Result<void> open();
  std::size_t work() noexcept;
  void stop() noexcept;
  [[nodiscard]] std::size_t open_count() const noexcept;

 private:
  // Connections.
  void accept();
  void admit(boost::asio::local::stream_protocol::socket socket);
  void close_acceptor() noexcept;
  void read(const SubscriberPtr& s);
  void on_input(const SubscriberPtr& s, std::string_view bytes);
  void on_input_end(const SubscriberPtr& s);
  void on_request(const SubscriberPtr& s, std::string_view line);
  void refuse(const SubscriberPtr& s, std::string_view why);

  // Sending.
  void start(const SubscriberPtr& s);
  void catch_up(const SubscriberPtr& s);
  void deliver(const SubscriberPtr& s, RecordBatch& batch);
  void after_send(const SubscriberPtr& s);
  void tick(MonoNs now);
  void send_heartbeats();
  void serve_one_behind();
  void retry_held_up() noexcept;
  [[nodiscard]] bool everyone_served() const noexcept;

  PublisherOptions options_;
  Counters& counters_;
  std::function<std::string()> status_line_;
  std::vector<unsigned> users_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  bool unlink_at_end_ = false;
  bool accepting_ = false;
  MonoNs accept_rests_until_;
  MonoNs ticked_at_;
  MonoNs heartbeat_at_;

  std::unique_ptr<JournalReader> live_reader_;
  std::uint64_t live_next_ = 1;  // first record that live subscribers have not been sent
  RecordBatch live_batch_;
  RecordBatch catch_up_batch_;
  std::vector<SubscriberPtr> subscribers_;
  std::size_t turn_ = 0;          // whose turn it is of those behind
  bool somebody_behind_ = false;  // and its socket is not known to be full
};

/// `record` as a subscriber of that encoding reads it; not for the hot path.
[[nodiscard]] std::string encoded(std::span<const std::byte> record, Encoding encoding);

}  // namespace tariff
