// tests/fuzz/subscribe_fuzz.cc - Any bytes as a request line: a request, or one printable sentence.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "core/check.h"
#include "signals/publish/subscribe.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = tariff::parse_request({reinterpret_cast<const char*>(data), size});
  if (request) {
    TARIFF_CHECK(request->filter.instruments.size() <= tariff::kRequestInstrumentsMax);
    TARIFF_CHECK(request->filter.min_abs_score >= 0 && request->filter.min_abs_score <= 1);
  } else {
    const std::string& what = request.error().what;
    TARIFF_CHECK(!what.empty() && what.size() <= 256);
    TARIFF_CHECK(std::all_of(what.begin(), what.end(), [](unsigned char c) { return c >= ' '; }));
  }
  return 0;
}
