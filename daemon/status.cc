#include "daemon/status.h"

#include <unistd.h>

#include <boost/json/src.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "config/errors.h"
#include "daemon/build_info.h"

namespace tariff {
namespace {

namespace json = boost::json;

json::object feed_json(const StatusParts& parts, std::size_t index, WallNs now) {
  const FeedId id{static_cast<std::uint8_t>(index)};
  const WallNs since = parts.engine.feed_state_since(id);
  json::object feed;
  feed["name"] = std::string(parts.feeds[index].name.view());
  feed["headlines"] = parts.feeds[index].carries_headlines;
  feed["state"] = std::string(to_text(parts.engine.feed_state(id)));
  feed["state_for_s"] = since.ns == 0 ? 0 : (now - since) / kNsPerSecond;
  json::object counts;
  for (std::size_t i = 0; i < kFeedCounterInfo.size(); ++i) {
    counts[kFeedCounterInfo[i].name] = parts.counters.get(id, static_cast<FeedCounter>(i));
  }
  feed["counters"] = std::move(counts);
  return feed;
}

json::object latency_json(const Histogram& latency) {
  json::object object;
  object["count"] = latency.count();
  object["p50"] = latency.percentile(0.5);
  object["p90"] = latency.percentile(0.9);
  object["p99"] = latency.percentile(0.99);
  object["max"] = latency.percentile(1);
  return object;
}

std::string number(const json::value& value) {
  return value.is_uint64() ? std::to_string(value.as_uint64())
                           : std::to_string(value.to_number<std::int64_t>());
}

std::string table_of(const json::object& root) {
  const auto& latency = root.at("latency_ns").as_object();
  const auto us = [&](std::string_view key) { return latency.at(key).to_number<double>() / 1e3; };
  std::string text = fmt::format(
      "tariffd {}, pid {}, up {} s, session {}, last seq {}{}\n",
      std::string_view(root.at("version").as_string()), number(root.at("pid")),
      number(root.at("uptime_s")), number(root.at("session")), number(root.at("last_seq")),
      root.at("blind").as_bool() ? ", BLIND: no headline feed is up" : "");
  text += fmt::format(
      "latency, receipt to publication: p50 {:.1f} us, p90 {:.1f} us, p99 {:.1f} us, "
      "max {:.1f} us over {} headlines\n\n",
      us("p50"), us("p90"), us("p99"), us("max"), number(latency.at("count")));
  text += fmt::format("{:16} {:9} {:>9} {:>10} {:>10} {:>8} {:>8} {:>8}\n", "feed", "state",
                      "for s", "headlines", "quotes", "bad", "dropped", "connects");
  for (const json::value& value : root.at("feeds").as_array()) {
    const auto& feed = value.as_object();
    const auto& counts = feed.at("counters").as_object();
    const auto count = [&](std::string_view key) {
      return counts.at(key).to_number<std::uint64_t>();
    };
    text +=
        fmt::format("{:16} {:9} {:>9} {:>10} {:>10} {:>8} {:>8} {:>8}\n",
                    printable(std::string_view(feed.at("name").as_string())),
                    std::string_view(feed.at("state").as_string()), number(feed.at("state_for_s")),
                    count("headlines"), count("quotes"), count("bad_frames"),
                    count("headlines_dropped") + count("quotes_dropped"), count("connects"));
  }
  text += "\n";
  const auto& counters = root.at("counters").as_object();
  for (const CounterInfo& info : kCounterInfo) {
    text += fmt::format("{:24} {:>12}  {}\n", info.name, number(counters.at(info.name)), info.help);
  }
  return text;
}

}  // namespace

std::string status_json(const StatusParts& parts, WallNs now) {
  json::object root;
  root["type"] = "daemon_status";
  root["version"] = std::string(kVersion);
  root["pid"] = static_cast<std::int64_t>(::getpid());
  root["uptime_s"] = (now - parts.started) / kNsPerSecond;
  root["session"] = parts.session;
  root["last_seq"] = parts.journal.last_seq();
  root["blind"] = !parts.engine.sighted();
  root["latency_ns"] = latency_json(parts.engine.latency());
  json::array feeds;
  for (std::size_t i = 0; i < parts.feeds.size(); ++i)
    feeds.push_back(feed_json(parts, i, now));
  root["feeds"] = std::move(feeds);
  json::object counters;
  for (std::size_t i = 0; i < kCounterInfo.size(); ++i) {
    counters[kCounterInfo[i].name] = parts.counters.get(static_cast<Counter>(i));
  }
  root["counters"] = std::move(counters);
  return json::serialize(root);
}

Result<std::string> status_table(std::string_view text) {
  try {
    // Named, because an Error is made of a string too.
    return {boost::system::in_place_value, table_of(json::parse(text).as_object())};
  } catch (const std::exception& e) {
    return Error{fmt::format("the daemon's answer is not a status: {}", e.what()), 76};
  }
}

}  // namespace tariff
