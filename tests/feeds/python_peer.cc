#include "tests/feeds/python_peer.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string_view>

namespace tariff::test {

PythonPeer::PythonPeer(const std::vector<std::string>& arguments) {
  int in[2];
  int out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) return;
  std::vector<std::string> words{"/usr/bin/python3",
                                 TARIFF_SOURCE_DIR "/tests/feeds/websocket_peer.py"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  to_ = in[1];
  from_ = out[0];
  const std::string line = read_line();
  if (line.starts_with("PORT ")) port_ = static_cast<std::uint16_t>(std::stoi(line.substr(5)));
}

PythonPeer::~PythonPeer() {
  ::close(to_);  // its standard input ends, and so does it
  ::close(from_);
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
}

std::string PythonPeer::read_line() {
  std::string line;
  char c = 0;
  while (::read(from_, &c, 1) == 1 && c != '\n')
    line += c;
  return line;
}

}  // namespace tariff::test
