#include "core/clock.h"

#include <ctime>

namespace tariff {
namespace {

std::int64_t read_clock(clockid_t id) noexcept {
  timespec t{};
  ::clock_gettime(id, &t);
  return static_cast<std::int64_t>(t.tv_sec) * kNsPerSecond + t.tv_nsec;
}

}  // namespace

MonoNs now_mono() noexcept {
  return {read_clock(CLOCK_MONOTONIC)};
}
WallNs now_wall() noexcept {
  return {read_clock(CLOCK_REALTIME)};
}
Stamp now_stamp() noexcept {
  return {now_mono(), now_wall()};
}

}  // namespace tariff
