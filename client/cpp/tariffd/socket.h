#pragma once
// tariffd/socket.h - The system calls of the client: one Unix stream socket, one timer, and one
// descriptor that is readable when either has something.
// Thread: owned by one client. No exception, no allocation.

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <span>
#include <string_view>
#include <utility>

namespace tariff::client::detail {

using MonoTime = std::chrono::steady_clock::time_point;

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }
  void close() noexcept { Fd{}.swap(*this); }

 private:
  void swap(Fd& other) noexcept { std::swap(fd_, other.fd_); }
  int fd_ = -1;
};

/// Readable when the watched socket is, or when the time set has come.
class Waiter {
 public:
  Waiter() noexcept
      : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    watch(timer_.get());
  }
  /// False if the process is out of descriptors.
  [[nodiscard]] bool ok() const noexcept { return epoll_.open() && timer_.open(); }
  [[nodiscard]] int fd() const noexcept { return epoll_.get(); }

  /// Until it is closed.
  void watch(int fd) noexcept {
    epoll_event event{};
    event.events = EPOLLIN;
    (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  }

  /// Wakes at `due` at the latest. An earlier time that was set and has not come stands: it costs
  /// one wake-up for nothing, where setting the timer anew for each message would cost each one a
  /// system call.
  void wake_at(MonoTime due, MonoTime now) noexcept {
    if (due_ > now && due_ <= due) return;
    due_ = due;
    const auto wait = std::max(due - now, MonoTime::duration{1});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
    itimerspec spec{};
    spec.it_value.tv_sec = static_cast<std::time_t>(seconds.count());
    spec.it_value.tv_nsec = static_cast<long>(std::chrono::nanoseconds(wait - seconds).count());
    (void)::timerfd_settime(timer_.get(), 0, &spec, nullptr);
  }

  /// Sleeps until readable, at most `max`. False if a signal handler ran.
  [[nodiscard]] bool wait(std::chrono::nanoseconds max) const noexcept {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(max).count();
    epoll_event event{};
    const auto bounded = std::clamp<std::int64_t>(ms, 0, 3'600'000);
    return ::epoll_wait(epoll_.get(), &event, 1, static_cast<int>(bounded)) >= 0;
  }

 private:
  Fd epoll_;
  Fd timer_;
  MonoTime due_{};
};

/// Connects to a Unix stream socket. On failure the descriptor is closed and errno says why.
[[nodiscard]] inline Fd connect_unix(std::string_view path) noexcept {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return {};
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.open()) return fd;
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int problem = errno;
    fd.close();
    errno = problem;
  }
  return fd;
}

/// The receive buffer: fixed, and compacted only when a record is cut by its end.
class ReceiveBuffer {
 public:
  static constexpr std::size_t kBytes = 65'536;

  [[nodiscard]] std::span<const std::byte> unread() const noexcept {
    return {bytes_ + begin_, end_ - begin_};
  }
  void consume(std::size_t count) noexcept { begin_ += count; }
  void clear() noexcept { begin_ = end_ = 0; }

  /// Reads what there is, without waiting. As ::recv.
  [[nodiscard]] ssize_t receive(int fd) noexcept {
    if (begin_ == end_) {
      clear();
    } else if (begin_ > 0) {
      std::memmove(bytes_, bytes_ + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    const ssize_t count = ::recv(fd, bytes_ + end_, kBytes - end_, MSG_DONTWAIT);
    if (count > 0) end_ += static_cast<std::size_t>(count);
    return count;
  }

 private:
  alignas(64) std::byte bytes_[kBytes];
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace tariff::client::detail
