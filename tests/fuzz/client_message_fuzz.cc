// tests/fuzz/client_message_fuzz.cc - Any bytes from a client of the tape server, in both codecs:
// the first byte chooses, the rest is a message to an authenticated session.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "feeds/tape/alpaca_session.h"

namespace {

class Discard final : public tariff::Outbox {
 public:
  void send(std::string_view) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tariff::tape;  // NOLINT(google-build-using-namespace): one function
  if (size == 0) return 0;
  const AlpacaHeaders headers{.content_type = data[0] % 2 == 0 ? "" : "application/msgpack",
                              .key_id = "key",
                              .secret = "secret"};
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  AlpacaAccess access;
  Discard outbox;
  AlpacaSession session(data[0] % 4 < 2 ? Endpoint::News : Endpoint::Stocks, headers, access);
  session.on_open({}, outbox);
  session.on_message(bytes, 0, outbox);
  return 0;
}
