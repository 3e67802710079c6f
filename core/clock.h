#pragma once
// core/clock.h - The only place where a clock is read; everything else takes time as an argument.
// Thread: any. Hot: the vDSO answers, no system call.

#include "core/time.h"

namespace tariff {

[[nodiscard]] MonoNs now_mono() noexcept;
[[nodiscard]] WallNs now_wall() noexcept;
[[nodiscard]] Stamp now_stamp() noexcept;

}  // namespace tariff
