#pragma once
// daemon/study/signal_log.h - The signals among the records of an engine, each with what its event
// says of action and source. Thread: one. Cold.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/study/study.h"

namespace tariff::study {

class SignalLog {
 public:
  /// `records` of the engine, whole, in their order, as one headline made them.
  void take(std::span<const std::byte> records);

  [[nodiscard]] const std::vector<Signal>& signals() const { return signals_; }
  [[nodiscard]] std::size_t events() const { return events_; }
  [[nodiscard]] std::size_t retracts() const { return retracts_; }

 private:
  struct Event {
    std::string source;
    std::string action;
    std::unordered_map<std::string, std::int8_t>
        directions;  // by instrument, of the bet that is on
  };

  void take_event(std::span<const std::byte> record);
  void take_signal(std::span<const std::byte> record);

  std::unordered_map<std::uint64_t, Event> by_event_;  // the latest telling
  std::vector<Signal> signals_;
  std::uint64_t headline_ = 0;
  std::size_t events_ = 0;
  std::size_t retracts_ = 0;
};

}  // namespace tariff::study
