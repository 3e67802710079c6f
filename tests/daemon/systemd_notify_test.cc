#include "daemon/systemd_notify.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace tariff {
namespace {

/// The manager's end of the notify socket.
class Manager {
 public:
  explicit Manager(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path);
    if (path[0] == '@') address.sun_path[0] = '\0';
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size()));
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~Manager() { ::close(fd_); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  /// The oldest message that has arrived; "(none)" if there is none.
  [[nodiscard]] std::string receive() const {
    std::array<char, 512> buffer{};
    const ssize_t bytes = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return bytes < 0 ? "(none)" : std::string(buffer.data(), static_cast<std::size_t>(bytes));
  }

 private:
  int fd_;
};

class SystemdNotify : public ::testing::Test {
 protected:
  SystemdNotify() {
    std::string name = std::filesystem::temp_directory_path() / "tariff-notify-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~SystemdNotify() override { std::filesystem::remove_all(folder_); }

  void TearDown() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID",
                             "LISTEN_FDS", "LISTEN_FDNAMES"})
      ::unsetenv(name);
  }

  std::filesystem::path folder_;
};

TEST_F(SystemdNotify, DoesNothingWithoutAManager) {
  const SystemdNotifier notifier;
  EXPECT_FALSE(notifier.enabled());
  EXPECT_TRUE(notifier.ready("up"));
  EXPECT_FALSE(notifier.watchdog_interval());
}

TEST_F(SystemdNotify, TellsEachStateInOneMessage) {
  const Manager manager(folder_ / "notify");
  const SystemdNotifier notifier;
  EXPECT_TRUE(notifier.ready("3 feeds"));
  EXPECT_EQ(manager.receive(), "READY=1\nSTATUS=3 feeds");
  EXPECT_TRUE(notifier.status("2 of 3 feeds"));
  EXPECT_EQ(manager.receive(), "STATUS=2 of 3 feeds");
  EXPECT_TRUE(notifier.watchdog());
  EXPECT_EQ(manager.receive(), "WATCHDOG=1");
  EXPECT_TRUE(notifier.stopping("bye"));
  EXPECT_EQ(manager.receive(), "STOPPING=1\nSTATUS=bye");
  EXPECT_TRUE(notifier.reloading("rules"));
  const std::string reloading = manager.receive();
  EXPECT_EQ(reloading.find("RELOADING=1\nMONOTONIC_USEC="), 0U) << reloading;
  EXPECT_NE(reloading.find("\nSTATUS=rules"), reloading.npos) << reloading;
}

TEST_F(SystemdNotify, ReachesAnAbstractSocket) {
  const Manager manager("@tariff-notify-test-" + std::to_string(::getpid()));
  const SystemdNotifier notifier;
  EXPECT_TRUE(notifier.watchdog());
  EXPECT_EQ(manager.receive(), "WATCHDOG=1");
}

TEST_F(SystemdNotify, AStatusCannotSmuggleInASecondAssignment) {
  const Manager manager(folder_ / "notify");
  const SystemdNotifier notifier;
  EXPECT_TRUE(notifier.status("fine\nMAINPID=1"));
  EXPECT_EQ(manager.receive(), "STATUS=fine MAINPID=1");
}

TEST_F(SystemdNotify, ABusyManagerDoesNotHoldUpTheWatchdog) {
  const Manager manager(folder_ / "notify");
  const SystemdNotifier notifier;
  int sent = 0;
  while (sent < 100'000 && notifier.watchdog())
    ++sent;
  EXPECT_GT(sent, 0);
  EXPECT_LT(sent, 100'000) << "the queue of the socket never filled";
  EXPECT_EQ(manager.receive(), "WATCHDOG=1");
  EXPECT_TRUE(notifier.watchdog()) << "there is room again";
}

TEST_F(SystemdNotify, AManagerThatIsGoneIsAFailureNotASignal) {
  ::setenv("NOTIFY_SOCKET", (folder_ / "nobody").c_str(), 1);
  const SystemdNotifier notifier;
  EXPECT_TRUE(notifier.enabled());
  EXPECT_FALSE(notifier.ready("up"));
}

TEST_F(SystemdNotify, AnAddressThatIsNoneIsIgnored) {
  for (const std::string& address : {std::string(), std::string("relative"), std::string("/"),
                                     std::string("/" + std::string(200, 'x'))}) {
    ::setenv("NOTIFY_SOCKET", address.c_str(), 1);
    EXPECT_FALSE(SystemdNotifier().enabled()) << address;
  }
}

TEST_F(SystemdNotify, TheWatchdogIsDueAtHalfItsTime) {
  const Manager manager(folder_ / "notify");
  ::setenv("WATCHDOG_USEC", "5000000", 1);
  EXPECT_EQ(SystemdNotifier().watchdog_interval(), std::chrono::microseconds(2'500'000));
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(SystemdNotifier().watchdog_interval(), std::chrono::microseconds(2'500'000));
}

TEST_F(SystemdNotify, AWatchdogMeantForAnotherProcessIsNotOurs) {
  const Manager manager(folder_ / "notify");
  ::setenv("WATCHDOG_USEC", "5000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(SystemdNotifier().watchdog_interval());
  ::unsetenv("WATCHDOG_PID");
  for (const char* nonsense : {"", "0", "1", "soon", "5s", "-5"}) {
    ::setenv("WATCHDOG_USEC", nonsense, 1);
    EXPECT_FALSE(SystemdNotifier().watchdog_interval()) << nonsense;
  }
}

TEST_F(SystemdNotify, InheritedSocketsComeWithTheirNamesAndOnlyOnce) {
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  ::setenv("LISTEN_FDS", "3", 1);
  ::setenv("LISTEN_FDNAMES", "signals::extra", 1);
  const auto sockets = take_inherited_sockets();
  ASSERT_EQ(sockets.size(), 3U);
  EXPECT_EQ(sockets[0].fd, 3);
  EXPECT_EQ(sockets[0].name, "signals");
  EXPECT_EQ(sockets[1].name, "unknown");
  EXPECT_EQ(sockets[2].fd, 5);
  EXPECT_EQ(sockets[2].name, "extra");
  EXPECT_TRUE(take_inherited_sockets().empty());
}

TEST_F(SystemdNotify, SocketsMeantForAnotherProcessAreNotTaken) {
  ::setenv("LISTEN_PID", "1", 1);
  ::setenv("LISTEN_FDS", "1", 1);
  EXPECT_TRUE(take_inherited_sockets().empty());
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  ::setenv("LISTEN_FDS", "4000000000", 1);
  EXPECT_TRUE(take_inherited_sockets().empty());
}

}  // namespace
}  // namespace tariff
