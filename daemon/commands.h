#pragma once
// daemon/commands.h - The subcommands of tariffd. Each returns the exit code of the process
// (sysexits, docs/operating/exit-codes.md); main.cc fills the options. Thread: main. Cold.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tariff {

struct RunOptions {
  std::string config;
};
/// The daemon.
int run_command(const RunOptions& options);

struct CheckOptions {
  std::string config;
  std::string rules;  ///< Not empty: checks this folder of rules alone.
};
/// Loads everything that `run` would and prints every error.
int check_command(const CheckOptions& options);

struct WatchOptions {
  std::string socket;
  bool json = false;
  std::optional<std::uint64_t> from_seq;
  std::vector<std::string> messages;
  std::vector<std::string> instruments;
  double min_abs_score = 0;
  std::uint64_t count = 0;  ///< Ends after so many messages; 0: goes on.
  bool summary = false;     ///< Tells at the end what was seen.
};
/// Subscribes and prints messages for a person.
int watch_command(const WatchOptions& options);

struct ExplainOptions {
  std::string rules;
  std::string text;
  std::string published;  ///< RFC 3339 or a date; empty: now.
  std::string source;
  bool json = false;
};
/// What a headline means and why.
int explain_command(const ExplainOptions& options);

struct ClassifyOptions {
  std::string rules;
};
/// NDJSON headlines on standard input to NDJSON events on standard output.
int classify_command(const ClassifyOptions& options);

struct ScoreOptions {
  std::string gold;
  std::string predicted;  ///< Empty: reads the headlines of `gold`.
  std::string rules;
  std::size_t errors = 0;  ///< Shows so many headlines that are not right in every field.
  bool json = false;
  bool fit = false;  ///< Prints the calibration table that `gold` asks for, and nothing else.
};
/// How well labelled headlines are read.
int score_command(const ScoreOptions& options);

struct ReplayOptions {
  std::string config;
  std::string rules;
  std::vector<std::string> files;
  double speed = 0;               ///< 0: as fast as it goes; 1: as recorded.
  std::vector<std::string> bars;  ///< "SPY=FILE"; with them, all inputs are merged by receipt.
  bool report = false;            ///< Prints what the signals were worth instead of the messages.
  bool json = false;              ///< The report as JSON.
  std::string html;               ///< The report goes to this file too, as a page.
  std::vector<double> horizons_s{1, 10, 60, 900};
  std::uint64_t seed = 1;
  std::size_t headlines_min = 30;  ///< Fewer are too few to say anything.
};
/// Recorded inputs through the same engine.
int replay_command(const ReplayOptions& options);

struct StatusOptions {
  std::string socket;
  bool json = false;
};
/// State of a running daemon.
int status_command(const StatusOptions& options);

struct ReloadOptions {
  std::string socket;
  std::uint64_t timeout_s = 10;
};
/// Makes a running daemon read its rules again, and waits for its answer.
int reload_command(const ReloadOptions& options);

struct TapeCommandOptions {
  std::vector<std::string> files;
  std::string serve = "alpaca";
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string speed = "1";
  double max_gap_s = 0;
  bool once = false;
  bool loop = false;
  std::string key_file;
  std::string secret_file;
  std::string certificate;
  std::string private_key;
  std::uint64_t clients = 1;
};
/// Plays recorded headlines and quotes over a provider's real protocol.
int tape_command(const TapeCommandOptions& options);

/// Where the configuration is if nobody says: /etc/tariffd, or config/ of the source tree that this
/// executable was built in.
[[nodiscard]] std::string default_config_directory();

}  // namespace tariff
