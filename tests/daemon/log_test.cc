#include "daemon/log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <regex>
#include <string>

#include <gtest/gtest.h>

namespace tariff {
namespace {

/// Standard error leads to an unlinked file while this lives.
class CapturedStderr {
 public:
  CapturedStderr() : saved_(::dup(STDERR_FILENO)), file_(::open("/tmp", O_TMPFILE | O_RDWR, 0600)) {
    ::dup2(file_, STDERR_FILENO);
  }
  ~CapturedStderr() {
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
    ::close(file_);
    start_log(LogLevel::Info, LogTarget::File);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  [[nodiscard]] std::string text() const {
    std::string text(4096, '\0');
    text.resize(static_cast<std::size_t>(::pread(file_, text.data(), text.size(), 0)));
    return text;
  }
  [[nodiscard]] std::string journal_stream() const {
    struct stat stream {};
    ::fstat(file_, &stream);
    return fmt::format("{}:{}", stream.st_dev, stream.st_ino);
  }

 private:
  int saved_;
  int file_;
};

class Log : public ::testing::Test {
 protected:
  void TearDown() override { ::unsetenv("JOURNAL_STREAM"); }
};

TEST_F(Log, UnderJournaldALineBeginsWithItsPriorityAndHasNoTime) {
  const CapturedStderr captured;
  start_log(LogLevel::Debug, LogTarget::Journal);
  log_debug("a {}", 1);
  log_info("b");
  log_warning("c");
  log_error("d");
  EXPECT_EQ(captured.text(), "<7>a 1\n<6>b\n<4>c\n<3>d\n");
}

std::string utc_hour() {
  const std::time_t now = std::time(nullptr);
  char hour[16];
  return {hour, std::strftime(hour, sizeof hour, "T%H:", std::gmtime(&now))};
}

TEST_F(Log, InAFileALineBeginsWithTheTimeInUtcAndHasNoColour) {
  ::setenv("TZ", "FAR-13", 1);  // a local time 13 hours ahead must not show
  ::tzset();
  const CapturedStderr captured;
  start_log(LogLevel::Info, LogTarget::File);
  const std::string hour_before = utc_hour();
  log_warning("feed wire down");
  const std::string hour_after = utc_hour();
  ::unsetenv("TZ");
  ::tzset();
  const std::string text = captured.text();
  EXPECT_TRUE(std::regex_match(
      text, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warning feed wire down\n)")))
      << text;
  EXPECT_TRUE(text.find(hour_before) != text.npos || text.find(hour_after) != text.npos) << text;
}

TEST_F(Log, OnATerminalTheLevelIsInColour) {
  const CapturedStderr captured;
  start_log(LogLevel::Info, LogTarget::Terminal);
  log_error("x");
  EXPECT_NE(captured.text().find("\x1b["), std::string::npos);
}

TEST_F(Log, LinesBelowTheLevelAreNotTold) {
  const CapturedStderr captured;
  start_log(LogLevel::Warning, LogTarget::Journal);
  log_info("quiet");
  set_log_level(LogLevel::Debug);
  log_debug("loud");
  EXPECT_EQ(captured.text(), "<7>loud\n");
}

TEST_F(Log, TextFromOutsideCannotFakeALineOrSteerATerminal) {
  const CapturedStderr captured;
  start_log(LogLevel::Info, LogTarget::Journal);
  log_info("provider says {}", "bye\n<0>kernel panic \x1b[2J");
  EXPECT_EQ(captured.text(), "<6>provider says bye\\x0a<0>kernel panic \\x1b[2J\n");
}

TEST_F(Log, JournalIsRecognisedByTheStreamThatSystemdNamed) {
  const CapturedStderr captured;
  EXPECT_EQ(log_target(), LogTarget::File);
  ::setenv("JOURNAL_STREAM", "1:1", 1);  // set for a parent, but our stderr was redirected
  EXPECT_EQ(log_target(), LogTarget::File);
  ::setenv("JOURNAL_STREAM", captured.journal_stream().c_str(), 1);
  EXPECT_EQ(log_target(), LogTarget::Journal);
}

TEST_F(Log, ATerminalGetsColourUnlessItOrTheUserSaysNo) {
  const CapturedStderr captured;
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(master, 0);
  ASSERT_EQ(::unlockpt(master), 0);
  const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  ::dup2(terminal, STDERR_FILENO);
  const char* term = std::getenv("TERM");
  const std::string saved_term = term == nullptr ? "" : term;

  ::unsetenv("NO_COLOR");
  ::setenv("TERM", "xterm", 1);
  const LogTarget with_colour = log_target();
  ::setenv("TERM", "dumb", 1);
  const LogTarget dumb = log_target();
  ::setenv("TERM", "xterm", 1);
  ::setenv("NO_COLOR", "1", 1);
  const LogTarget no_colour = log_target();

  ::unsetenv("NO_COLOR");
  ::setenv("TERM", saved_term.c_str(), 1);
  ::close(terminal);
  ::close(master);
  EXPECT_EQ(with_colour, LogTarget::Terminal);
  EXPECT_EQ(dumb, LogTarget::File);
  EXPECT_EQ(no_colour, LogTarget::File);
}

}  // namespace
}  // namespace tariff
