// daemon/main.cc - The command line: what can be asked for, and who answers.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sysexits.h>

#include "daemon/build_info.h"
#include "daemon/commands.h"

namespace tariff {

std::string default_config_directory() {
  namespace fs = std::filesystem;
  std::error_code problem;
  if (fs::exists("/etc/tariffd/rules.toml", problem)) return "/etc/tariffd";
  const fs::path self = fs::read_symlink("/proc/self/exe", problem);
  const fs::path tree = self.parent_path() / "../../config";
  if (!problem && fs::exists(tree / "rules.toml", problem)) return tree.lexically_normal();
  return "/etc/tariffd";
}

namespace {

constexpr const char* kAbout =
    "tariffd reads headline and quote feeds, understands what a headline says about tariffs and\n"
    "trade measures, and publishes trading signals on a local Unix socket.\n\n"
    "Try it without a network or a configuration:\n"
    "  tariffd explain \"US to impose 25% tariff on all steel imports from June 4\"\n"
    "Every command teaches itself: tariffd COMMAND --help";

std::string version_text() {
  return fmt::format("tariffd {} ({})\n{}, {}\n{}", kVersion, kGitId, kCompiler, kBuildType,
                     kLibraries);
}

struct Options {
  RunOptions run;
  CheckOptions check;
  WatchOptions watch;
  ExplainOptions explain;
  ClassifyOptions classify;
  ScoreOptions score;
  ReplayOptions replay;
  StatusOptions status;
  ReloadOptions reload;
  TapeCommandOptions tape;
  int exit_code = EX_OK;
};

/// A subcommand whose answer becomes the exit code. `notes` are shown under its options.
template <class Command, class CommandOptions>
CLI::App* add(CLI::App& app, Options& options, const char* name, const char* about,
              const char* notes, Command command, CommandOptions& own) {
  CLI::App* sub = app.add_subcommand(name, about);
  sub->footer(notes);
  sub->callback([&options, &own, command] { options.exit_code = command(own); });
  return sub;
}

void add_config(CLI::App* sub, std::string& config) {
  config = default_config_directory() + "/tariffd.toml";
  sub->add_option("--config", config, "The configuration")->capture_default_str();
}

void add_socket(CLI::App* sub, std::string& socket) {
  socket = "/run/tariffd/signals.sock";
  sub->add_option("--socket", socket, "The daemon's signal socket")->capture_default_str();
}

void add_rules(CLI::App* sub, std::string& rules) {
  rules = default_config_directory();
  sub->add_option("--rules", rules, "Folder of lexicon, rules, exposures and sources")
      ->capture_default_str();
}

void add_daemon_commands(CLI::App& app, Options& options) {
  auto* run =
      add(app, options, "run", "Run the daemon",
          "Stops on SIGTERM or SIGINT; reads its rules again on SIGHUP (`tariffd reload`\n"
          "waits for the outcome). A configuration that is wrong ends it with exit code 78.",
          run_command, options.run);
  add_config(run, options.run.config);

  auto* check = add(app, options, "check", "Load everything that `run` would, and tell every error",
                    "One line per error: file:line: [section] key = value: what is wrong.\n"
                    "Exit code 78 if there is one. Ports, sockets, directories and space are not\n"
                    "tried: only `run` can tell.",
                    check_command, options.check);
  add_config(check, options.check.config);
  check->add_option("--rules", options.check.rules,
                    "Check this folder of lexicon, rules, exposures and sources alone");

  auto* status = add(app, options, "status", "Show a running daemon's feeds, counters and latency",
                     "--json prints the line that the daemon sends, for scripts.", status_command,
                     options.status);
  add_socket(status, options.status.socket);
  status->add_flag("--json", options.status.json, "Print JSON");

  auto* reload =
      add(app, options, "reload", "Make a running daemon read its rules again",
          "Waits for the outcome. Exit code 78 if the new rules are rejected: the daemon\n"
          "then goes on with the old ones. Feeds, socket, threads and journal need a restart.",
          reload_command, options.reload);
  add_socket(reload, options.reload.socket);
  reload->add_option("--timeout", options.reload.timeout_s, "Seconds to wait")
      ->capture_default_str()
      ->check(CLI::Range(1, 600));
}

void add_score_command(CLI::App& app, Options& options) {
  auto* score =
      add(app, options, "score", "How well labelled headlines are read",
          "GOLD has lines as `tariffd classify` takes them, with the right \"net\" and \"events\" "
          "added:\n"
          "  "
          "{\"id\":\"1\",\"text\":\"...\",\"published_at\":\"...\",\"net\":\"escalate\",\"events\":"
          "[...]}\n"
          "tariffd score mine.ndjson --errors 20     what is wrong, field by field\n"
          "tariffd score mine.ndjson --rules new/    the same headlines, read by other rules\n"
          "Figures are 0..1 and explained in docs/howto/measure-the-reading.md. Exit code 65 if a\n"
          "line of a file is wrong, 66 if a file is not there, 78 if the rules are wrong.",
          score_command, options.score);
  score->add_option("gold", options.score.gold, "Labelled headlines, NDJSON")->required();
  score->add_option("--predicted", options.score.predicted,
                    "Score this output of `tariffd classify`, or of anything else like it");
  score->add_option("--errors", options.score.errors,
                    "Show the first N headlines that are not right in every field");
  auto* json = score->add_flag("--json", options.score.json, "Print one JSON object");
  json->excludes("--errors");
  score
      ->add_flag("--fit", options.score.fit,
                 "Print the [confidence] table for rules.toml that GOLD asks for")
      ->excludes("--predicted", "--errors", "--json");
  add_rules(score, options.score.rules);
}

void add_reading_commands(CLI::App& app, Options& options) {
  auto* explain = add(app, options, "explain", "What a headline means, and why",
                      "tariffd explain \"China rules out talks until tariffs are lifted\"\n"
                      "tariffd explain --source official --published 2025-10-10 \"...\"",
                      explain_command, options.explain);
  explain->add_option("text", options.explain.text, "The headline")->required();
  explain->add_option("--published", options.explain.published,
                      "Date that gives \"Nov 1\" its year, 2025-10-10 (today if not given)");
  explain->add_option("--source", options.explain.source, "Who says it, as in sources.toml");
  explain->add_flag("--json", options.explain.json, "Print JSON");
  add_rules(explain, options.explain.rules);

  auto* classify =
      add(app, options, "classify", "Headlines on standard input, events on standard output",
          "In:  {\"id\":\"1\",\"text\":\"...\",\"published_at\":\"2025-10-10T15:00:00Z\"} a line\n"
          "Out: {\"id\":\"1\",\"net\":\"escalate\",\"events\":[...],\"confidence\":0.9} a line\n"
          "No state is kept from line to line. A line that cannot be read is told on\n"
          "standard error, and the exit code is 65.",
          classify_command, options.classify);
  add_rules(classify, options.classify.rules);
}

void add_replay_command(CLI::App& app, Options& options) {
  ReplayOptions& own = options.replay;
  auto* replay =
      add(app, options, "replay", "Recorded inputs through the same engine",
          "FILES are folders of a daemon's journal of inputs, tapes, or NDJSON headlines and\n"
          "quotes. Prints the messages that a subscriber would have got, as JSON lines; the\n"
          "same input gives the same bytes. What the signals were worth:\n"
          "  tariffd replay posts.ndjson --bars SPY=spy.csv --report --html study.html\n"
          "(docs/howto/study-signals.md).",
          replay_command, own);
  replay->add_option("files", own.files, "What to replay, in this order")->required();
  auto* speed = replay
                    ->add_option("--speed", own.speed,
                                 "1: as recorded, 10: ten times as fast, 0: as fast as it goes")
                    ->capture_default_str()
                    ->check(CLI::NonNegativeNumber);
  replay->add_option("--config", own.config,
                     "Configuration that names the feeds of a journal of inputs");
  replay->add_option("--bars", own.bars,
                     "SYMBOL=FILE: prices as CSV bars; all inputs are then merged by time");
  auto* report = replay->add_flag("--report", own.report,
                                  "Print hit rates and moves of the signals, not the messages");
  report->excludes(speed);
  const auto add_to_report = [report](CLI::Option* option) { option->needs(report); };
  add_to_report(replay->add_flag("--json", own.json, "Print the report as one JSON object"));
  add_to_report(replay->add_option("--html", own.html, "Write the report as a page, with plots"));
  add_to_report(replay->add_option("--horizons", own.horizons_s, "Seconds after the headline")
                    ->delimiter(',')
                    ->capture_default_str()
                    ->check(CLI::Range(0.001, 86'400.0)));
  add_to_report(
      replay->add_option("--seed", own.seed, "Of all random numbers")->capture_default_str());
  add_to_report(replay
                    ->add_option("--min-headlines", own.headlines_min,
                                 "Figures of fewer headlines are too few to say anything")
                    ->capture_default_str());
  add_rules(replay, options.replay.rules);
}

void add_socket_commands(CLI::App& app, Options& options) {
  auto* watch =
      add(app, options, "watch", "Subscribe and print what is published",
          "tariffd watch --messages signal --instruments SPY --min-score 0.2\n"
          "tariffd watch --json --from 1     everything the journal still holds, as it is sent",
          watch_command, options.watch);
  add_socket(watch, options.watch.socket);
  watch->add_flag("--json", options.watch.json, "Print the lines as they are sent");
  watch->add_option("--from", options.watch.from_seq,
                    "First sequence number (default: from now on)");
  watch->add_option("--messages", options.watch.messages, "event, signal, retract, status")
      ->delimiter(',');
  watch->add_option("--instruments", options.watch.instruments, "SPY,QQQ")->delimiter(',');
  watch->add_option("--min-score", options.watch.min_abs_score, "Weakest signal, 0 to 1")
      ->check(CLI::Range(0.0, 1.0));
  watch->add_option("--count", options.watch.count, "End after so many messages");
  watch->add_flag("--summary", options.watch.summary, "At the end, tell what was seen");

  auto* tape = add(
      app, options, "tape", "Play recorded headlines and quotes over a provider's real protocol",
      "tariffd tape day.ndjson --serve alpaca --port 8765 --speed 60\n"
      "Then point a feed at ws://127.0.0.1:8765/v1beta1/news (docs/howto/rehearse-a-day.md).",
      tape_command, options.tape);
  tape->add_option("files", options.tape.files, "Tapes, merged by time (docs/formats/tape.md)")
      ->required();
  tape->add_option("--serve", options.tape.serve, "The provider whose protocol is spoken")
      ->capture_default_str()
      ->check(CLI::IsMember({"alpaca"}));
  tape->add_option("--address", options.tape.address, "Address to listen on")
      ->capture_default_str();
  tape->add_option("--port", options.tape.port, "0: any that is free; it is printed");
  tape->add_option("--speed", options.tape.speed, "1: as recorded, 60: sixty times as fast, max")
      ->capture_default_str();
  tape->add_option("--max-gap", options.tape.max_gap_s,
                   "Recorded seconds without an item count as at most this");
  tape->add_option("--clients", options.tape.clients, "Start when so many clients are subscribed")
      ->capture_default_str();
  tape->add_flag("--once", options.tape.once, "End when everybody has got everything");
  tape->add_flag("--loop", options.tape.loop, "Start anew at the end");
  tape->add_option("--key-file", options.tape.key_file, "File with the key that clients must have");
  tape->add_option("--secret-file", options.tape.secret_file, "File with the secret to that key");
  tape->add_option("--certificate", options.tape.certificate, "PEM certificate: serve wss");
  tape->add_option("--private-key", options.tape.private_key, "PEM key of the certificate");
}

/// A closed standard stream would give its number to the next file that is opened, and what is
/// printed would be written into a journal.
void hold_standard_streams() {
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0; fd = ::dup(fd)) {
    if (fd <= STDERR_FILENO) continue;
    ::close(fd);
    return;
  }
}

int command_line(int argc, char** argv) {
  CLI::App app{kAbout, "tariffd"};
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  Options options;
  add_daemon_commands(app, options);
  add_reading_commands(app, options);
  add_replay_command(app, options);
  add_score_command(app, options);
  add_socket_commands(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? EX_OK : EX_USAGE;  // --help and --version end up here too
  }
  return options.exit_code;
}

}  // namespace
}  // namespace tariff

int main(int argc, char** argv) {
  try {
    tariff::hold_standard_streams();
    return tariff::command_line(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "tariffd: {}\n", e.what());
    return EX_SOFTWARE;
  }
}
