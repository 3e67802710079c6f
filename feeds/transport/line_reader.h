#pragma once
// feeds/transport/line_reader.h - Reads lines from a stream of Asio (socket, pipe) until it ends.
// Thread: the feed's.

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "core/clock.h"
#include "feeds/transport/line_feed.h"

namespace tariff {

template <class Stream>
class LineReader : public std::enable_shared_from_this<LineReader<Stream>> {
 public:
  /// Called once when the stream ends: no error is a clean end. Not after close().
  using EndHandler = std::function<void(boost::system::error_code error, Stamp at)>;

  LineReader(Stream stream, std::size_t line_bytes_max, LinkListener& listener)
      : stream_(std::move(stream)), feed_(line_bytes_max, listener) {}

  [[nodiscard]] Stream& stream() noexcept { return stream_; }

  void start(EndHandler on_end) {
    on_end_ = std::move(on_end);
    read();
  }

  void close() noexcept {
    feed_.detach();
    on_end_ = nullptr;
    boost::system::error_code ignored;
    stream_.close(ignored);
  }

 private:
  void read() {
    const auto space = feed_.space();
    stream_.async_read_some(
        boost::asio::buffer(space.data(), space.size()),
        [self = this->shared_from_this()](boost::system::error_code error, std::size_t bytes) {
          self->on_read(error, bytes);
        });
  }

  void on_read(boost::system::error_code error, std::size_t bytes) {
    const Stamp received = now_stamp();
    feed_.take(bytes, received);
    const bool clean = error == boost::asio::error::eof;
    if (clean) feed_.finish(received);
    if (feed_.listener() == nullptr) return;  // closed, perhaps by what was read
    if (!error) {
      read();
      return;
    }
    const EndHandler on_end = std::exchange(on_end_, nullptr);
    if (on_end) on_end(clean ? boost::system::error_code{} : error, received);
  }

  Stream stream_;
  LineFeed feed_;
  EndHandler on_end_;
};

}  // namespace tariff
