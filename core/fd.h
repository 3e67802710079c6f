#pragma once
// core/fd.h - A file descriptor that is closed when its owner goes. Thread: one. Cold.

#include <unistd.h>

#include <utility>

namespace tariff {

/// Closes the descriptor unless it is released. A negative one is none.
class Fd {
 public:
  explicit Fd(int fd) noexcept : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace tariff
