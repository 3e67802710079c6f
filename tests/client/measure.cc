// tests/client/measure.cc - Prints what the C++ client takes to check and decode one record. No
// test: the figure is the machine's.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <span>

#include "tariffd/decode.h"
#include "tests/client/record_bytes.h"

namespace {

using namespace tariff;

constexpr int kRecords = 100;
constexpr int kRounds = 1'000;

/// Nanoseconds per record, best of all rounds.
double best_ns(const test::Bytes& one) {
  test::Bytes stream;
  for (int i = 0; i < kRecords; ++i)
    test::append(stream, one.data(), one.size());
  double best = std::numeric_limits<double>::max();
  for (int round = 0; round < kRounds; ++round) {
    const auto began = std::chrono::steady_clock::now();
    std::span<const std::byte> left(stream);
    while (!left.empty()) {
      client::Message message;
      left = left.subspan(client::decode(left, message).length_bytes);
      asm volatile("" : : "g"(&message) : "memory");  // the message is looked at
    }
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
    best = std::min(best, took.count() / kRecords);
  }
  return best;
}

}  // namespace

int main() {
  const auto signal = test::signal_record(1);
  const auto event = test::event_record(
      1, {.facts = {test::some_facts()},
          .text = "A line as long as headlines are, about a hundred characters, to have the usual "
                  "record size here"});
  std::printf("signal %zu bytes: %.1f ns\n", signal.size(), best_ns(signal));
  std::printf("event  %zu bytes: %.1f ns\n", event.size(), best_ns(event));
}
