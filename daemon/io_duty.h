#pragma once
// daemon/io_duty.h - The sockets of a thread without feeds (one with feeds sleeps in their
// context). Thread: its own.

#include <boost/asio/io_context.hpp>

#include "core/duty_cycle.h"

namespace tariff {

class IoDuty final : public Duty {
 public:
  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

  std::size_t work() noexcept override;
  void wait(std::chrono::nanoseconds max) noexcept override;
  [[nodiscard]] bool can_wait() const noexcept override { return true; }

 private:
  boost::asio::io_context context_{1};  // one thread: Asio leaves out its locks where it can
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
      context_.get_executor()};
};

}  // namespace tariff
