#include "core/crc32c.h"

#include <array>
#include <random>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tariff {
namespace {

using Buffer = std::array<std::byte, 32>;

Buffer counting(int first, int step) {
  Buffer bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(first + step * static_cast<int>(i));
  return bytes;
}

TEST(Crc32c, GivesTheValuesOfRfc3720) {  // appendix B.4, read as little-endian numbers
  EXPECT_EQ(crc32c(counting(0, 0)), 0x8A91'36AAU);
  EXPECT_EQ(crc32c(counting(0xFF, 0)), 0x62A8'AB43U);
  EXPECT_EQ(crc32c(counting(0, 1)), 0x46DD'794EU);
  EXPECT_EQ(crc32c(counting(31, -1)), 0x113F'DB5CU);
  constexpr std::string_view digits = "123456789";
  EXPECT_EQ(crc32c(std::as_bytes(std::span(digits))), 0xE306'9283U);
}

TEST(Crc32c, GoesOnOverPieces) {
  const Buffer bytes = counting(5, 3);
  const std::span<const std::byte> all(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    EXPECT_EQ(crc32c(all.subspan(cut), crc32c(all.first(cut))), crc32c(all));
}

#if defined(__x86_64__)
TEST(Crc32c, TheInstructionAndTheTableAgreeAtEveryLengthAndAlignment) {
  if (!__builtin_cpu_supports("sse4.2")) GTEST_SKIP() << "no SSE4.2";
  std::mt19937 random(7);
  std::vector<std::byte> bytes(300);
  for (std::byte& b : bytes)
    b = static_cast<std::byte>(random());
  for (std::size_t begin = 0; begin < 8; ++begin) {
    for (std::size_t length = 0; begin + length <= bytes.size(); ++length) {
      const auto piece = std::span<const std::byte>(bytes).subspan(begin, length);
      ASSERT_EQ(crc32c_detail::update_sse42(123, piece),
                crc32c_detail::update_portable(123, piece));
    }
  }
}
#endif

}  // namespace
}  // namespace tariff
