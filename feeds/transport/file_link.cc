// feeds/transport/file_link.cc - file:// and stdin: reads lines to the end, or follows a file that
// grows.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "core/clock.h"
#include "feeds/transport/line_reader.h"
#include "feeds/transport/links.h"

namespace tariff {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// A file is always ready. One read of 16 KiB a millisecond is as fast as any scorer, and leaves
/// room for the sockets on the same thread.
constexpr std::chrono::milliseconds kReadEvery{1};
/// How late a line is seen that is appended to a followed file.
constexpr std::chrono::milliseconds kLookEvery{50};

class FileLink final : public Link, public std::enable_shared_from_this<FileLink> {
  using Reader = LineReader<asio::posix::stream_descriptor>;

 public:
  FileLink(asio::io_context& io, const TransportOptions& options, LinkListener& listener)
      : io_(io),
        options_(options),
        listener_(&listener),
        timer_(io),
        lines_(options.frame_bytes_max, listener) {}

  ~FileLink() override { close_file(); }
  FileLink(const FileLink&) = delete;
  FileLink& operator=(const FileLink&) = delete;

  void open() override {
    const bool standard = options_.endpoint.kind == TransportKind::Stdin;
    file_ = standard ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                     : ::open(options_.endpoint.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status {};
    if (file_ < 0 || ::fstat(file_, &status) != 0) {
      end(LinkEnd::Lost, problem("open"), now_stamp());
      return;
    }
    listener_->on_open(fmt::format("reading {}", options_.endpoint.to_text()), now_stamp());
    if (listener_ == nullptr) return;
    if (S_ISREG(status.st_mode)) {
      read_after(kReadEvery);
    } else {
      read_stream();
    }
  }

  void send(std::string_view /*message*/) override {}

  void close() noexcept override {
    listener_ = nullptr;
    lines_.detach();
    if (reader_) reader_->close();
    timer_.cancel();
  }

  void tick(MonoNs /*now*/) override {}

 private:
  /// A pipe, a terminal, a device: whatever can be waited for.
  void read_stream() {
    asio::posix::stream_descriptor stream(io_);
    error_code error;
    if (stream.assign(file_, error)) {
      end(LinkEnd::Lost,
          fmt::format("cannot wait for {}: {}", options_.endpoint.to_text(), error.message()),
          now_stamp());
      return;
    }
    file_ = -1;  // the stream has it
    reader_ = std::make_shared<Reader>(std::move(stream), options_.frame_bytes_max, *listener_);
    reader_->start([self = shared_from_this()](error_code ended, Stamp at) {
      if (ended) {
        self->end(
            LinkEnd::Lost,
            fmt::format("cannot read {}: {}", self->options_.endpoint.to_text(), ended.message()),
            at);
      } else {
        self->end(LinkEnd::Finished, "end of input", at);
      }
    });
  }

  void read_after(std::chrono::milliseconds wait) {
    timer_.expires_after(wait);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error && self->listener_ != nullptr) self->read_file();
    });
  }

  void read_file() {
    const auto space = lines_.space();
    const ssize_t bytes = ::read(file_, space.data(), space.size());
    const Stamp received = now_stamp();
    if (bytes < 0) {
      end(LinkEnd::Lost, problem("read"), received);
      return;
    }
    lines_.take(static_cast<std::size_t>(bytes), received);
    if (listener_ == nullptr) return;
    if (bytes > 0) {
      read_after(kReadEvery);
    } else if (options_.follow) {
      read_after(kLookEvery);
    } else {
      lines_.finish(received);
      end(LinkEnd::Finished, "end of file", received);
    }
  }

  [[nodiscard]] std::string problem(std::string_view step) const {
    return fmt::format("cannot {} {}: {}", step, options_.endpoint.to_text(), std::strerror(errno));
  }

  void end(LinkEnd how, const std::string& why, Stamp at) {
    if (LinkListener* listener = std::exchange(listener_, nullptr)) listener->on_end(how, why, at);
  }

  void close_file() noexcept {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
  }

  asio::io_context& io_;
  const TransportOptions options_;
  LinkListener* listener_;  // null once ended or closed
  int file_ = -1;           // a regular file; anything else is the reader's
  asio::steady_timer timer_;
  LineFeed lines_;
  std::shared_ptr<Reader> reader_;
};

}  // namespace

LinkMaker make_file_links(asio::io_context& io, const TransportOptions& options) {
  return [&io, options](LinkListener& listener) -> std::shared_ptr<Link> {
    return std::make_shared<FileLink>(io, options, listener);
  };
}

}  // namespace tariff
