#include "signals/publish/subscribe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <type_traits>

#include <fmt/format.h>
#include <simdjson.h>
#include <sysexits.h>

#include "config/errors.h"

namespace tariff {
namespace {

namespace dom = simdjson::dom;

/// 0 for a type that no filter knows.
constexpr std::uint32_t bit_of(RecordType type) noexcept {
  const auto index = static_cast<unsigned>(type);
  return index < 32 ? std::uint32_t{1} << index : 0;
}

struct MessageName {
  std::string_view name;
  RecordType type;
};
constexpr std::uint32_t kToEveryone =
    bit_of(RecordType::Heartbeat) | bit_of(RecordType::Gap) | bit_of(RecordType::Error);
constexpr std::array<MessageName, 4> kMessageNames{{{"event", RecordType::Event},
                                                    {"signal", RecordType::Signal},
                                                    {"retract", RecordType::Retract},
                                                    {"status", RecordType::Status}}};

Error refused(std::string what) {
  return {std::move(what), EX_DATAERR};
}

Result<void> read_op(dom::element value, Request& request) {
  std::string_view op;
  if (value.get(op) == simdjson::SUCCESS) {
    if (op == "subscribe") return {};
    if (op == "status") {
      request.op = Request::Op::Status;
      return {};
    }
  }
  return refused(R"(op is not "subscribe" or "status")");
}

Result<void> read_format(dom::element value, Request& request) {
  std::string_view format;
  if (value.get(format) == simdjson::SUCCESS) {
    if (format == "json") return {};
    if (format == "binary") {
      request.encoding = Encoding::Binary;
      return {};
    }
  }
  return refused(R"(format is not "json" or "binary")");
}

Result<void> read_from_seq(dom::element value, Request& request) {
  std::uint64_t seq = 0;
  if (value.get(seq) != simdjson::SUCCESS) {
    return refused("from_seq is not a whole number, 0 or above");
  }
  request.from_seq = seq;
  return {};
}

Result<void> read_messages(dom::element value, Request& request) {
  dom::array names;
  if (value.get(names) != simdjson::SUCCESS) return refused("messages is not a list of strings");
  if (names.size() == 0) return refused("messages is empty; leave it out to get all");
  std::uint32_t types = kToEveryone;
  for (const dom::element item : names) {
    std::string_view name;
    if (item.get(name) != simdjson::SUCCESS) return refused("messages is not a list of strings");
    const auto known = std::find_if(kMessageNames.begin(), kMessageNames.end(),
                                    [&](const MessageName& m) { return m.name == name; });
    if (known == kMessageNames.end()) {
      return refused(
          fmt::format("messages holds '{}', which is not event, signal, retract or "
                      "status",
                      printable(name, 40)));
    }
    types |= bit_of(known->type);
  }
  request.filter.types = types;
  return {};
}

Result<void> read_instruments(dom::element value, Request& request) {
  dom::array names;
  if (value.get(names) != simdjson::SUCCESS) {
    return refused("instruments is not a list of strings");
  }
  for (const dom::element item : names) {
    std::string_view name;
    if (item.get(name) != simdjson::SUCCESS) return refused("instruments is not a list of strings");
    const Symbol symbol(name);
    if (symbol.empty() || symbol.view() != name) {
      return refused(fmt::format("instruments holds '{}', which has not 1 to {} bytes",
                                 printable(name, 40), symbol.bytes.size()));
    }
    if (request.filter.instruments.size() == kRequestInstrumentsMax) {
      return refused(fmt::format("instruments holds more than {}", kRequestInstrumentsMax));
    }
    request.filter.instruments.push_back(symbol);
  }
  if (request.filter.instruments.empty()) {
    return refused("instruments is empty; leave it out to get all");
  }
  return {};
}

Result<void> read_min_abs_score(dom::element value, Request& request) {
  double score = 0;
  if (value.get(score) != simdjson::SUCCESS || !(score >= 0 && score <= 1)) {
    return refused("min_abs_score is not a number from 0 to 1");
  }
  request.filter.min_abs_score = score;
  return {};
}

struct Key {
  std::string_view name;
  Result<void> (*read)(dom::element value, Request& request);
};
constexpr std::array<Key, 6> kKeys{{{"op", read_op},
                                    {"format", read_format},
                                    {"from_seq", read_from_seq},
                                    {"messages", read_messages},
                                    {"instruments", read_instruments},
                                    {"min_abs_score", read_min_abs_score}}};

/// A T behind the header, if the record is long enough.
template <class T>
std::optional<T> body_of(std::span<const std::byte> record) noexcept {
  if (record.size() < sizeof(RecordHeader) + sizeof(T)) return std::nullopt;
  T body;
  std::memcpy(&body, record.data() + sizeof(RecordHeader), sizeof body);
  return body;
}

}  // namespace

Result<Request> parse_request(std::string_view line) {
  if (line.size() > kRequestBytesMax) {
    return refused(fmt::format("the request is longer than {} bytes", kRequestBytesMax));
  }
  dom::parser parser;
  dom::object object;
  if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) {
    return refused(R"(the request is not one JSON object such as {"op":"subscribe"})");
  }
  Request request;
  std::array<bool, kKeys.size()> seen{};
  for (const dom::key_value_pair field : object) {
    const std::string_view name = field.key;
    const auto* const key =
        std::find_if(kKeys.begin(), kKeys.end(), [&](const Key& k) { return k.name == name; });
    if (key == kKeys.end()) {
      return refused(fmt::format("'{}' is not a key of a request", printable(name, 40)));
    }
    bool& again = seen[static_cast<std::size_t>(key - kKeys.begin())];
    if (again) return refused(fmt::format("'{}' is given twice", name));
    again = true;
    if (auto read = key->read(field.value, request); !read) return read.error();
  }
  if (!seen[0]) return refused(R"(op is missing; it is "subscribe" or "status")");
  const auto given = std::count(seen.begin(), seen.end(), true);
  if (request.op == Request::Op::Status && given > 1) {
    return refused(R"("status" takes no other key)");
  }
  return request;
}

bool Filter::passes(std::span<const std::byte> record) const noexcept {
  RecordWord word;
  if (record.size() < sizeof(RecordHeader)) return false;
  std::memcpy(&word, record.data(), sizeof word);
  if ((types & bit_of(word.type)) == 0) return false;

  const auto wants = [&](const Symbol& instrument) {
    return instruments.empty() || instrument.empty() ||
           std::find(instruments.begin(), instruments.end(), instrument) != instruments.end();
  };
  if (word.type == RecordType::Signal) {
    const auto body = body_of<SignalBody>(record);
    return body && wants(body->instrument) &&
           std::abs(static_cast<double>(body->score)) >= min_abs_score;
  }
  if (word.type == RecordType::Retract) {
    const auto body = body_of<RetractBody>(record);
    return body && wants(body->instrument);
  }
  return true;
}

}  // namespace tariff
