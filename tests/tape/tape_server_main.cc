// tests/tape/tape_server_main.cc - The tape server as a program of its own, for tests that talk to
// it from another process. Prints the URL, then the notices; options are as in TapeOptions.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stop_token>
#include <string>

#include "feeds/tape/tape_server.h"

int main(int argc, char** argv) {
  tariff::TapeOptions options;
  std::map<std::string, std::string> values;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--once") {
      options.once = true;
    } else if (argument.substr(0, 2) == "--" && i + 1 < argc) {
      values[argument] = argv[++i];
    } else {
      options.files.push_back(argument);
    }
  }
  const auto number = [&](const char* name, double fallback) {
    return values.count(name) != 0 ? std::atof(values[name].c_str()) : fallback;
  };
  options.port = static_cast<std::uint16_t>(number("--port", 0));
  options.speed = number("--speed", options.speed);
  options.max_gap =
      std::chrono::nanoseconds{static_cast<std::int64_t>(number("--max-gap", 0) * 1e9)};
  options.clients_to_start = static_cast<std::size_t>(number("--clients", 1));
  options.connections_per_key_max = static_cast<std::size_t>(number("--connections", 0));
  options.key = values["--key"];
  options.secret = values["--secret"];
  options.certificate_file = values["--certificate"];
  options.private_key_file = values["--private-key"];
  options.stop_on_signals = true;
  options.on_listening = [](std::uint16_t, const std::string& url) {
    std::printf("%s\n", url.c_str());
    std::fflush(stdout);
  };
  options.on_notice = [](std::string_view line) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  };
  const auto stats = tariff::run_tape(options, std::stop_token{});
  if (stats) return 0;
  std::fprintf(stderr, "%s\n", stats.error().what.c_str());
  return stats.error().exit_code;
}
