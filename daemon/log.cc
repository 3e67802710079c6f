#include "daemon/log.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "config/errors.h"

namespace tariff {
namespace {

constexpr std::size_t kLineBytesMax = 1'000;  // journald cuts at 48 KiB; a person at less

spdlog::level::level_enum to_spdlog(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::Debug:
      return spdlog::level::debug;
    case LogLevel::Info:
      return spdlog::level::info;
    case LogLevel::Warning:
      return spdlog::level::warn;
    case LogLevel::Error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// The %* of our pattern: the priority as syslog(3) numbers it.
class SyslogPriority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& line, const std::tm&,
              spdlog::memory_buf_t& out) override {
    out.push_back(line.level >= spdlog::level::err    ? '3'
                  : line.level == spdlog::level::warn ? '4'
                  : line.level == spdlog::level::info ? '6'
                                                      : '7');
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<SyslogPriority>();
  }
};

std::unique_ptr<spdlog::formatter> make_formatter(LogTarget target) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<SyslogPriority>('*');
  formatter->set_pattern(target == LogTarget::Journal    ? "<%*>%v"
                         : target == LogTarget::Terminal ? "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v"
                                                         : "%Y-%m-%dT%H:%M:%S.%eZ %l %v");
  return formatter;
}

std::shared_ptr<spdlog::logger> make_logger(LogTarget target) {
  spdlog::sink_ptr sink;
  if (target == LogTarget::Terminal) {
    sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(spdlog::color_mode::always);
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  auto logger = std::make_shared<spdlog::logger>("tariffd", std::move(sink));
  logger->set_formatter(make_formatter(target));
  return logger;
}

/// Replaced by start_log, which runs before there is a second thread.
std::shared_ptr<spdlog::logger>& logger() {
  static auto logger = make_logger(LogTarget::File);
  return logger;
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

}  // namespace

LogTarget log_target() {
  // systemd sets JOURNAL_STREAM to device:inode of the stream it gave us. A redirection by a
  // wrapper script leaves the variable set but leads elsewhere.
  struct stat stream {};
  if (::fstat(STDERR_FILENO, &stream) == 0 &&
      environment("JOURNAL_STREAM") == fmt::format("{}:{}", stream.st_dev, stream.st_ino)) {
    return LogTarget::Journal;
  }
  const std::string_view term = environment("TERM");
  const bool colour = ::isatty(STDERR_FILENO) != 0 && environment("NO_COLOR").empty() &&
                      !term.empty() && term != "dumb";
  return colour ? LogTarget::Terminal : LogTarget::File;
}

void start_log(LogLevel lowest, LogTarget target) {
  logger() = make_logger(target);
  set_log_level(lowest);
}

void set_log_level(LogLevel lowest) noexcept {
  logger()->set_level(to_spdlog(lowest));
}

void log_line(LogLevel level, std::string_view text) {
  const auto spdlog_level = to_spdlog(level);
  if (!logger()->should_log(spdlog_level)) return;
  logger()->log(spdlog_level, printable(text, kLineBytesMax));
}

}  // namespace tariff
