#include "signals/publish/listen_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sysexits.h>

#include "tests/core/journal_testing.h"

namespace tariff {
namespace {

class ListenSocket : public testing::Test {
 protected:
  [[nodiscard]] Result<int> open(unsigned mode = 0660, const std::string& group = "") {
    return open_listen_socket({.path = path, .mode = mode, .group = group});
  }
  test::TempDirectory directory;
  std::string path = directory.path() + "/s.sock";
};

TEST_F(ListenSocket, HasItsModeAndGroup) {
  const auto fd = open(0620, std::to_string(::getgid()));
  ASSERT_TRUE(fd) << fd.error().what;
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_TRUE(S_ISSOCK(info.st_mode));
  EXPECT_EQ(info.st_mode & 0777U, 0620U);
  EXPECT_EQ(info.st_gid, ::getgid());
  ::close(*fd);
}

TEST_F(ListenSocket, ReplacesWhatADeadDaemonLeft) {
  const auto first = open();
  ASSERT_TRUE(first);
  ::close(*first);  // as a kill -9 does: the file stays
  const auto second = open();
  ASSERT_TRUE(second) << second.error().what;
  ::close(*second);
}

TEST_F(ListenSocket, RefusesASocketThatIsServed) {
  const auto first = open();
  ASSERT_TRUE(first);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().what, "signal socket " + path +
                                     ": another process serves it; stop that tariffd, or choose "
                                     "another path");
  EXPECT_EQ(second.error().exit_code, EX_CANTCREAT);
  ::close(*first);
}

TEST_F(ListenSocket, RefusesToReplaceAFile) {
  std::ofstream(path) << "precious";
  const auto fd = open();
  ASSERT_FALSE(fd);
  EXPECT_EQ(fd.error().what, "signal socket " + path +
                                 ": there is a file that is no socket; move it away, or choose "
                                 "another path");
  EXPECT_EQ(fd.error().exit_code, EX_CANTCREAT);
}

TEST_F(ListenSocket, SaysWhatToDoAboutThePath) {
  path = directory.path() + "/none/s.sock";
  EXPECT_EQ(open().error().what, "signal socket " + path +
                                     ": cannot be made: No such file or directory; make its "
                                     "directory, or correct the path");
  path = std::string(200, 'x');
  EXPECT_NE(open().error().what.find("has 200 bytes, but a Unix socket's has 1 to 107"),
            std::string::npos);
  path = directory.path() + "/s.sock";
  EXPECT_NE(open(0660, "no-such-group").error().what.find("there is no group 'no-such-group'"),
            std::string::npos);
}

TEST_F(ListenSocket, AdoptsOnlyAListeningUnixStreamSocket) {
  const auto fd = open();
  ASSERT_TRUE(fd);
  EXPECT_TRUE(adopt_listen_socket(*fd));
  ::close(*fd);
  const int not_listening = ::socket(AF_UNIX, SOCK_STREAM, 0);
  EXPECT_FALSE(adopt_listen_socket(not_listening));
  ::close(not_listening);
  EXPECT_FALSE(adopt_listen_socket(9'999));
}

TEST_F(ListenSocket, UsersAreFoundByNameAndNumber) {
  const auto users = find_users({"root", "1234"});
  ASSERT_TRUE(users);
  EXPECT_EQ(*users, (std::vector<unsigned>{0, 1'234}));
  EXPECT_EQ(find_users({"no-such-user"}).error().exit_code, EX_CONFIG);
}

}  // namespace
}  // namespace tariff
