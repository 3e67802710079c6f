#include "daemon/io_duty.h"

namespace tariff {

// Handlers are ours or a library's and catch what is thrown below them; an exception that gets here
// is a bug, and noexcept turns it into an abort that systemd answers with a restart.
std::size_t IoDuty::work() noexcept {
  return context_.poll();
}

void IoDuty::wait(std::chrono::nanoseconds max) noexcept {
  context_.run_one_for(max);
}

}  // namespace tariff
