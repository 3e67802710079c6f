#pragma once
// feeds/tape/client_message.h - Reads what a client says: one object, as JSON or as msgpack. The
// bytes are anybody's. Thread: any. Cold.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/tape/frame_writer.h"

namespace tariff::tape {

/// Longest message that is read. Every listed US share as a subscription stays below.
constexpr std::size_t kClientMessageBytesMax = 256U << 10U;

struct ClientMessage {
  struct List {
    std::string name;
    std::vector<std::string> values;
  };

  std::string action;
  std::optional<std::string> key;
  std::optional<std::string> secret;
  std::vector<List> lists;  ///< Every field whose value is a list of strings, in their order.
};

/// nullopt for anything but one whole object of `codec` in which "action", "key" and "secret" are
/// strings if present and all members of a list are strings. Fields of other types are skipped.
[[nodiscard]] std::optional<ClientMessage> parse_client_message(Codec codec,
                                                                std::string_view bytes);

}  // namespace tariff::tape
