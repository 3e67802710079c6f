#include "feeds/alpaca/alpaca_protocol.h"
#include "tests/fuzz/protocol_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static tariff::alpaca::AlpacaProtocol protocol = [] {
    tariff::alpaca::Options options;
    options.news = {"*"};
    options.quotes = {"SPY"};
    return tariff::alpaca::AlpacaProtocol(tariff::FeedId{0}, options);
  }();
  tariff::test::feed_protocol(protocol, data, size);
  return 0;
}
