#include "feeds/ndjson/ndjson_protocol.h"
#include "tests/fuzz/protocol_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static tariff::ndjson::NdjsonProtocol protocol = [] {
    tariff::ndjson::Options options;
    options.headline.source = "/by/0/name";
    options.headline.time_format = tariff::TimeFormat::UnixMs;
    return tariff::ndjson::NdjsonProtocol(tariff::FeedId{0}, options);
  }();
  tariff::test::feed_protocol(protocol, data, size);
  return 0;
}
