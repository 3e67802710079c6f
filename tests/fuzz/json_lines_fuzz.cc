// tests/fuzz/json_lines_fuzz.cc - Any record, its length made right: no line, or one that a JSON
// parser reads. A record of the journal is made by us, but a bug there must not spread to here.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "core/check.h"
#include "core/record.h"
#include "signals/publish/json_lines.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  size = std::min(size, tariff::kRecordBytesMax);
  const auto* const bytes_in = reinterpret_cast<const std::byte*>(data);
  std::vector<std::byte> record(bytes_in, bytes_in + size);
  if (size >= sizeof(tariff::RecordWord)) {
    tariff::RecordWord word;
    std::memcpy(&word, record.data(), sizeof word);
    word.magic = tariff::kRecordMagic;
    word.version = tariff::kRecordVersion;
    word.length_bytes = static_cast<std::uint32_t>(size);
    std::memcpy(record.data(), &word, sizeof word);
  }
  static std::string line(tariff::kJsonLineBytesMax, '\0');
  const std::size_t bytes = tariff::write_json_line(record, line);
  if (bytes == 0) return 0;
  TARIFF_CHECK(std::string_view(line).substr(0, bytes).find('\n') == bytes - 1);
  static simdjson::dom::parser parser;
  simdjson::dom::element json;
  TARIFF_CHECK(parser.parse(line.data(), bytes).get(json) == simdjson::SUCCESS);
  return 0;
}
