#pragma once
// daemon/log.h - The daemon's log, on standard error: one line per change of state, never one per
// event. Under journald a line begins with its priority, <N>, and journald stamps it; elsewhere it
// begins with the time in UTC. Thread: any but the scorer's when it has a thread of its own. Cold.

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/log_level.h"

namespace tariff {

/// Where standard error leads. Decides the shape of a line.
enum class LogTarget {
  Journal,   ///< journald reads it: "<4>text".
  Terminal,  ///< A person reads it: time, level in colour, text.
  File,      ///< A file or a pipe: as Terminal without colour.
};

/// The target of this process: $JOURNAL_STREAM names standard error, or it is a terminal and
/// neither $NO_COLOR nor a dumb $TERM asks for none, or it is a File.
[[nodiscard]] LogTarget log_target();

/// Starts the log at `lowest`, on the only thread there is. Until then lines go out as to a File,
/// from Info up.
void start_log(LogLevel lowest, LogTarget target = log_target());

/// Changes what is told from now on. Any thread.
void set_log_level(LogLevel lowest) noexcept;

/// Control characters and broken UTF-8 in `text` are escaped, so that what a provider sends can
/// neither fake a line nor steer a terminal.
void log_line(LogLevel level, std::string_view text);

template <class... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace tariff
