#include "feeds/tape/client_message.h"

#include <cstdint>
#include <utility>

#include <simdjson.h>

namespace tariff::tape {
namespace {

bool is_credential_or_action(std::string_view name) {
  return name == "action" || name == "key" || name == "secret";
}

void keep_text(ClientMessage& message, std::string_view name, std::string_view value) {
  if (name == "action") message.action = value;
  if (name == "key") message.key = value;
  if (name == "secret") message.secret = value;
}

std::optional<ClientMessage> parse_json(std::string_view bytes) {
  simdjson::dom::parser parser;
  simdjson::dom::object fields;
  if (parser.parse(bytes.data(), bytes.size()).get(fields) != simdjson::SUCCESS)
    return std::nullopt;
  ClientMessage message;
  for (const auto& [name, value] : fields) {
    std::string_view text;
    simdjson::dom::array list;
    if (value.get(text) == simdjson::SUCCESS) {
      keep_text(message, name, text);
    } else if (is_credential_or_action(name)) {
      return std::nullopt;
    } else if (value.get(list) == simdjson::SUCCESS) {
      auto& values = message.lists.emplace_back(ClientMessage::List{std::string(name), {}}).values;
      for (const simdjson::dom::element member : list) {
        if (member.get(text) != simdjson::SUCCESS) return std::nullopt;
        values.emplace_back(text);
      }
    }
  }
  return message;
}

/// Reads msgpack values off the front of the bytes. A call that finds another type, or too few
/// bytes, returns nothing and leaves the bytes alone (skip may have taken some). Nothing recurses,
/// and no length is believed beyond the bytes.
class MsgpackReader {
 public:
  explicit MsgpackReader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }

  [[nodiscard]] std::optional<std::uint64_t> map() { return container(0x80, 0xDE); }
  [[nodiscard]] std::optional<std::uint64_t> array() { return container(0x90, 0xDC); }

  [[nodiscard]] std::optional<std::string_view> text() {
    const std::string_view before = bytes_;
    const auto size = text_size();
    const auto value = size ? take(*size) : std::nullopt;
    if (!value) bytes_ = before;
    return value;
  }

  /// Passes over one value of any type, with all that is in it.
  [[nodiscard]] bool skip() {
    for (std::uint64_t left = 1; left > 0; --left) {
      if (bytes_.empty()) return false;
      if (const auto pairs = map()) {
        left += 2 * *pairs;
      } else if (const auto members = array()) {
        left += *members;
      } else if (!text() && !skip_scalar()) {
        return false;
      }
    }
    return true;
  }

 private:
  [[nodiscard]] unsigned peek() const noexcept {
    return static_cast<unsigned char>(bytes_.front());
  }
  void drop(std::size_t bytes) { bytes_.remove_prefix(bytes); }

  std::optional<std::string_view> take(std::uint64_t bytes) {
    if (bytes > bytes_.size()) return std::nullopt;
    const auto taken = bytes_.substr(0, bytes);
    drop(taken.size());
    return taken;
  }

  std::optional<std::uint64_t> big_endian(std::size_t bytes) {
    const auto taken = take(bytes);
    if (!taken) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : *taken)
      value = value << 8U | static_cast<unsigned char>(c);
    return value;
  }

  /// 5 bits of length in the first byte, or 8, 16 or 32 bits after it.
  std::optional<std::uint64_t> text_size() {
    if (bytes_.empty()) return std::nullopt;
    const unsigned first = peek();
    const bool fix = first >= 0xA0 && first <= 0xBF;
    if (!fix && (first < 0xD9 || first > 0xDB)) return std::nullopt;
    drop(1);
    return fix ? first & 0x1FU : big_endian(std::size_t{1} << (first - 0xD9U));
  }

  /// A map or an array: 4 bits of length in the first byte, or 16 or 32 bits after it. Leaves the
  /// bytes alone if the next value is neither.
  std::optional<std::uint64_t> container(unsigned fix, unsigned form16) {
    if (bytes_.empty()) return std::nullopt;
    const unsigned first = peek();
    if ((first & 0xF0U) == fix) {
      drop(1);
      return first & 0x0FU;
    }
    if (first != form16 && first != form16 + 1) return std::nullopt;
    const std::size_t length_bytes = first == form16 ? 2 : 4;
    if (bytes_.size() < 1 + length_bytes) return std::nullopt;
    drop(1);
    return big_endian(length_bytes);
  }

  /// Numbers, nil, booleans, binaries and extensions.
  bool skip_scalar() {
    const unsigned first = peek();
    drop(1);
    if (first <= 0x7F || first >= 0xE0) return true;                   // one-byte integers
    if (first == 0xC0 || first == 0xC2 || first == 0xC3) return true;  // nil, false, true
    if (first == 0xCA) return take(4).has_value();                     // float32
    if (first == 0xCB) return take(8).has_value();                     // float64
    if (first >= 0xCC && first <= 0xD3)                                // integers of 1 to 8 bytes
      return take(std::uint64_t{1} << ((first - 0xCCU) & 3U)).has_value();
    if (first >= 0xD4 && first <= 0xD8)  // extensions of 1 to 16 bytes
      return take(1 + (std::uint64_t{1} << (first - 0xD4U))).has_value();
    const bool binary = first >= 0xC4 && first <= 0xC6;
    const bool extension = first >= 0xC7 && first <= 0xC9;
    if (!binary && !extension) return false;
    const auto size = big_endian(std::size_t{1} << (first - (binary ? 0xC4U : 0xC7U)));
    return size && take(*size + (extension ? 1 : 0)).has_value();
  }

  std::string_view bytes_;
};

std::optional<ClientMessage> parse_msgpack(std::string_view bytes) {
  MsgpackReader reader(bytes);
  ClientMessage message;
  const auto fields = reader.map();
  if (!fields) return std::nullopt;
  for (std::uint64_t field = 0; field < *fields; ++field) {
    const auto name = reader.text();
    if (!name) return std::nullopt;
    if (const auto text = reader.text()) {
      keep_text(message, *name, *text);
      continue;
    }
    if (is_credential_or_action(*name)) return std::nullopt;
    if (const auto members = reader.array()) {
      auto& values = message.lists.emplace_back(ClientMessage::List{std::string(*name), {}}).values;
      for (std::uint64_t member = 0; member < *members; ++member) {
        const auto value = reader.text();
        if (!value) return std::nullopt;
        values.emplace_back(*value);
      }
      continue;
    }
    if (!reader.skip()) return std::nullopt;
  }
  if (!reader.at_end()) return std::nullopt;
  return message;
}

}  // namespace

std::optional<ClientMessage> parse_client_message(Codec codec, std::string_view bytes) {
  if (bytes.size() > kClientMessageBytesMax) return std::nullopt;
  return codec == Codec::Json ? parse_json(bytes) : parse_msgpack(bytes);
}

}  // namespace tariff::tape
