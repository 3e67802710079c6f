#pragma once
// daemon/message_view.h - Messages for a person, one or a few lines each. Text from outside is
// escaped. Thread: any. Cold.

#include <string>

#include "tariffd/message.h"

namespace tariff {

/// `colour`: with ANSI colours, for a terminal. Empty for a heartbeat. Each line ends in a newline.
[[nodiscard]] std::string view_message(const client::Message& message, bool colour);

}  // namespace tariff
