// daemon/tape_command.cc - `tariffd tape`: the other side of a feed, for rehearsals.
#include <charconv>
#include <fstream>

#include <fmt/format.h>
#include <sysexits.h>

#include "config/errors.h"
#include "daemon/commands.h"
#include "feeds/tape/tape_server.h"

namespace tariff {
namespace {

int fail(const Error& error) {
  fmt::print(stderr, "tariffd tape: {}\n", error.what);
  return error.exit_code;
}

Result<double> parse_speed(const std::string& text) {
  if (text == "max") return 0.0;
  double speed = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), speed);
  if (problem != std::errc{} || end != text.data() + text.size() || !(speed > 0)) {
    return Error{fmt::format("--speed '{}' is not a number above 0, nor max", printable(text)),
                 EX_USAGE};
  }
  return speed;
}

/// The first word of a file; empty without a file.
Result<std::string> read_word(const std::string& path) {
  constexpr auto kValue = boost::system::in_place_value;  // an Error is made of a string too
  if (path.empty()) return {kValue, ""};
  std::ifstream file(path);
  std::string word;
  if (!(file >> word))
    return Error{fmt::format("{}: cannot be read, or is empty", path), EX_NOINPUT};
  return {kValue, word};
}

}  // namespace

int tape_command(const TapeCommandOptions& options) {
  const auto speed = parse_speed(options.speed);
  if (!speed) return fail(speed.error());
  const auto key = read_word(options.key_file);
  if (!key) return fail(key.error());
  const auto secret = read_word(options.secret_file);
  if (!secret) return fail(secret.error());

  TapeOptions tape;
  tape.files = options.files;
  tape.address = options.address;
  tape.port = options.port;
  tape.speed = *speed;
  tape.max_gap = std::chrono::nanoseconds(static_cast<std::int64_t>(options.max_gap_s * 1e9));
  tape.clients_to_start = options.clients;
  tape.once = options.once;
  tape.loop = options.loop;
  tape.key = *key;
  tape.secret = *secret;
  tape.certificate_file = options.certificate;
  tape.private_key_file = options.private_key;
  tape.stop_on_signals = true;
  tape.on_listening = [](std::uint16_t port, const std::string& url) {
    fmt::print("tape: port {}: {}/v1beta1/news for headlines, {}/v2/iex for quotes\n", port, url,
               url);
    std::fflush(stdout);
  };
  tape.on_notice = [](std::string_view line) {
    fmt::print("tape: {}\n", line);
    std::fflush(stdout);
  };
  const auto stats = run_tape(tape, {});
  if (!stats) return fail(stats.error());
  fmt::print("tape: {} headlines and {} quotes on the tape, {} items sent to {} clients\n",
             stats->news_on_tape, stats->quotes_on_tape, stats->items_sent, stats->clients);
  return EX_OK;
}

}  // namespace tariff
