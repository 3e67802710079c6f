#pragma once
// feeds/secrets.h - Keys and passwords, read from files or systemd credentials. They are never a
// value in the configuration, never in a message for a person. Thread: any. Cold.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/section.h"

namespace tariff {

enum class Secrets : std::uint8_t {
  Read,
  Skip,  ///< For a replay: what they would open is not opened.
};

/// Reads the secret called `name` from the file at key `<name>_file`, or from the systemd
/// credential named at `<name>_credential` (a file in $CREDENTIALS_DIRECTORY). White space at both
/// ends is dropped. Missing, unreadable, empty, longer than 4 KiB or with control characters:
/// an error of `section`, and an empty string. Readable by everybody: a line in `warnings`.
[[nodiscard]] std::string read_secret(Section& section, std::string_view name, Secrets secrets,
                                      std::vector<std::string>& warnings);

}  // namespace tariff
