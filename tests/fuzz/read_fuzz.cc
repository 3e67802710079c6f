// tests/fuzz/read_fuzz.cc - Any bytes: a reading is whole, the same the second time, and its lines
// are built without a fault.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "signals/reading/explain.h"
#include "signals/reading/tables.h"

namespace {

std::shared_ptr<const tariff::Tables> shipped_tables() {
  tariff::ConfigErrors errors;
  auto tables = tariff::load_tables(TARIFF_SOURCE_DIR "/config", errors);
  if (!tables) std::abort();
  return tables;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto tables = shipped_tables();
  static tariff::Reader reader;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const tariff::WallNs published{1'760'000'000'000'000'000};
  tariff::Reading reading;
  tariff::Reading again;
  tariff::Trace trace;
  reader.read(*tables, text, published, reading);
  reader.read(*tables, text, published, again, &trace);
  if (reading.facts_count > tariff::kFactsMax) std::abort();
  if (reading.unscored && reading.facts_count > 0) std::abort();
  if (tariff::classify_json("x", reading) != tariff::classify_json("x", again)) std::abort();
  if (tariff::explain_text(trace, again).empty()) std::abort();
  if (tariff::explain_json(trace, again).empty()) std::abort();
  return 0;
}
