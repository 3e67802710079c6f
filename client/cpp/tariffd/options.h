#pragma once
// tariffd/options.h - What a strategy wants to receive, and the line that says so to the daemon.
// Thread: any. Cold.

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tariff::client {

struct Options {
  std::string socket_path = "/run/tariffd/signals.sock";
  /// First number wanted. To resume, one more than the last one that was worked off; 0: the
  /// oldest there is. Unset: from now on.
  std::optional<std::uint64_t> from_seq{};
  /// Of "event", "signal", "retract", "status". Empty: all.
  std::vector<std::string> messages{};
  /// Empty: all.
  std::vector<std::string> instruments{};
  /// 0..1. Signals weaker than this are not sent.
  double min_abs_score = 0;
  /// First wait after a lost connection; doubles up to reconnect_max.
  std::chrono::milliseconds reconnect_min{20};
  std::chrono::milliseconds reconnect_max{1'000};
  /// Nothing heard for so long is told as Stale. The daemon sends a heartbeat once a second.
  std::chrono::milliseconds stale_after{3'000};

  /// Every number must come, so that a missing one can be told.
  [[nodiscard]] bool wants_every_message() const noexcept {
    return messages.empty() && instruments.empty() && min_abs_score <= 0;
  }
};

namespace detail {

inline void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

inline void append_json(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += ',';
    append_json(out, texts[i]);
  }
  out += ']';
}

}  // namespace detail

/// The line sent on connect, newline included.
[[nodiscard]] inline std::string subscribe_line(const Options& options,
                                                std::optional<std::uint64_t> from_seq) {
  std::string line = R"({"op":"subscribe","format":"binary")";
  if (from_seq) line += ",\"from_seq\":" + std::to_string(*from_seq);
  if (!options.messages.empty()) {
    line += ",\"messages\":";
    detail::append_json(line, options.messages);
  }
  if (!options.instruments.empty()) {
    line += ",\"instruments\":";
    detail::append_json(line, options.instruments);
  }
  if (options.min_abs_score > 0) {
    std::array<char, 32> number{};
    const auto end =
        std::to_chars(number.data(), number.data() + number.size(), options.min_abs_score).ptr;
    line += ",\"min_abs_score\":";
    line.append(number.data(), end);
  }
  return line + "}\n";
}

}  // namespace tariff::client
