#pragma once
// core/hash.h - FNV-1a for short keys in our own fixed tables. Not for untrusted growth: the tables
// that use it are bounded and replace what is oldest. Thread: any. Hot.

#include <cstdint>
#include <string_view>

namespace tariff {

constexpr std::uint64_t kHashSeed = 0xcbf29ce484222325U;

[[nodiscard]] constexpr std::uint64_t hash_text(std::string_view text,
                                                std::uint64_t seed = kHashSeed) noexcept {
  std::uint64_t hash = seed;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

[[nodiscard]] constexpr std::uint64_t hash_number(std::uint64_t number,
                                                  std::uint64_t seed = kHashSeed) noexcept {
  std::uint64_t hash = seed;
  for (int byte = 0; byte < 8; ++byte) {
    hash = (hash ^ ((number >> (8 * byte)) & 0xFFU)) * 0x100000001b3U;
  }
  return hash;
}

}  // namespace tariff
