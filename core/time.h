#pragma once
// core/time.h - Two clocks that do not mix: a MonoNs measures latency, a WallNs dates things.
// Thread: any. Hot.

#include <compare>
#include <cstdint>

namespace tariff {

/// Nanoseconds on this host's CLOCK_MONOTONIC. Latency is always MonoNs - MonoNs.
struct MonoNs {
  std::int64_t ns = 0;
  friend constexpr auto operator<=>(const MonoNs&, const MonoNs&) = default;
  /// Elapsed nanoseconds.
  friend constexpr std::int64_t operator-(MonoNs a, MonoNs b) noexcept { return a.ns - b.ns; }
  friend constexpr MonoNs operator+(MonoNs a, std::int64_t span_ns) noexcept {
    return {a.ns + span_ns};
  }
};

/// Nanoseconds since the Unix epoch (UTC), ours or a publisher's. 0 means "not given".
struct WallNs {
  std::int64_t ns = 0;
  friend constexpr auto operator<=>(const WallNs&, const WallNs&) = default;
  friend constexpr std::int64_t operator-(WallNs a, WallNs b) noexcept { return a.ns - b.ns; }
  friend constexpr WallNs operator+(WallNs a, std::int64_t span_ns) noexcept {
    return {a.ns + span_ns};
  }
};

/// One moment on both clocks, read together when bytes arrive and before they are looked at.
struct Stamp {
  MonoNs mono;
  WallNs wall;
};

constexpr std::int64_t kNsPerUs = 1'000;
constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kNsPerDay = 86'400 * kNsPerSecond;

}  // namespace tariff
