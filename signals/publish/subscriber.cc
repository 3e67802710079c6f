#include "signals/publish/subscriber.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace tariff {

std::size_t Subscriber::write(std::span<const char> bytes) noexcept {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t taken = ::send(socket.native_handle(), bytes.data() + sent, bytes.size() - sent,
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
    if (taken >= 0) {
      sent += static_cast<std::size_t>(taken);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      socket_full = true;
      break;
    } else if (errno != EINTR) {
      close();
      break;
    }
  }
  return sent;
}

std::size_t Subscriber::send(const RecordBatch::View& view, std::uint64_t seq_behind) noexcept {
  const std::size_t sent = write(view.bytes);
  const auto& pieces = view.pieces;
  auto cut = std::upper_bound(
      pieces.begin(), pieces.end(), sent,
      [](std::size_t bytes, const RecordBatch::Piece& piece) { return bytes < piece.end_bytes; });
  const std::size_t begin = cut == pieces.begin() ? 0 : std::prev(cut)->end_bytes;
  if (cut != pieces.end() && sent > begin) {
    rest_.assign(view.bytes.data() + sent, cut->end_bytes - sent);
    ++cut;
  }
  next_seq = cut == pieces.end() ? seq_behind : cut->seq;
  return static_cast<std::size_t>(cut - pieces.begin());
}

bool Subscriber::send_message(std::string_view bytes) noexcept {
  const std::size_t sent = write(bytes);
  if (sent > 0 && sent < bytes.size()) rest_.assign(bytes.substr(sent));
  return sent > 0;
}

void Subscriber::send_last(std::string_view bytes) {
  rest_.append(bytes);
  state = State::Closing;
  if (flush()) close();
}

bool Subscriber::flush() noexcept {
  if (rest_.empty()) return true;
  rest_.erase(0, write(rest_));
  return rest_.empty();
}

void Subscriber::close() noexcept {
  if (!open()) return;
  state = State::Closed;
  // Closing with unread input would reset the connection and lose what the other side has not read
  // yet. So no more input is let in, and what is there is thrown away first.
  const int fd = socket.native_handle();
  ::shutdown(fd, SHUT_RD);
  std::array<char, 4'096> ignored;
  while (::recv(fd, ignored.data(), ignored.size(), MSG_DONTWAIT) > 0) {
  }
  boost::system::error_code none;
  socket.close(none);
  reader.reset();
}

}  // namespace tariff
