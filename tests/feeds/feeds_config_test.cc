// `[[feed]]` tables, urls and secrets.
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/errors.h"
#include "config/section.h"
#include "feeds/feeds.h"
#include "tests/feeds/transport_fixture.h"

namespace tariff {
namespace {

using test::TempFolder;

struct Read {
  std::vector<FeedSpec> specs;
  std::string errors;
};

Read read(const std::string& toml, Secrets secrets = Secrets::Read) {
  ConfigErrors errors;
  auto root = parse_document(toml, "t.toml", errors);
  Read result;
  if (root) result.specs = read_feeds(*root, secrets);
  result.errors = errors.to_text();
  return result;
}

std::string ndjson(std::string_view more) {
  return fmt::format("[[feed]]\nname = \"a\"\nprotocol = \"ndjson\"\nurl = \"stdin:\"\n{}\n", more);
}

TEST(FeedsConfig, ReadsAnAlpacaFeed) {
  const TempFolder folder;
  test::write_file(folder / "k", "  the-key \n");
  test::write_file(folder / "s", "the-secret");
  const Read r =
      read(fmt::format("[[feed]]\nname = \"alpaca-news\"\nprotocol = \"alpaca\"\n"
                       "url = \"wss://stream.data.alpaca.markets/v1beta1/news\"\nnews = \"*\"\n"
                       "quotes = [\"SPY\", \"BTC/USD\"]\nauth = \"header\"\nkey_file = \"{}\"\n"
                       "secret_file = \"{}\"\nsilent_after_ms = 60000\nthread = 2\n",
                       folder / "k", folder / "s"));
  EXPECT_EQ(r.errors, "");
  ASSERT_EQ(r.specs.size(), 1U);
  const FeedSpec& spec = r.specs[0];
  EXPECT_EQ(spec.name, "alpaca-news");
  EXPECT_EQ(spec.thread, 2);
  EXPECT_TRUE(spec.carries_headlines());
  EXPECT_TRUE(spec.carries_quotes());
  EXPECT_TRUE(spec.warnings.empty());
  EXPECT_EQ(spec.transport.endpoint.to_text(), "wss://stream.data.alpaca.markets:443/v1beta1/news");
  EXPECT_EQ(spec.transport.silent_after.count(), 60'000);
  const auto& options = std::get<alpaca::Options>(spec.protocol);
  EXPECT_EQ(options.key, "the-key");
  EXPECT_EQ(options.secret, "the-secret");
  EXPECT_EQ(options.auth, alpaca::Auth::Header);
  EXPECT_NE(make_protocol(spec), nullptr);
}

TEST(FeedsConfig, ReadsAMapping) {
  const Read r = read(
      ndjson("[feed.headline]\ntext = \"/data/title\"\ntime_format = \"unix_ms\"\nid = \"\"\n"));
  EXPECT_EQ(r.errors, "");
  const auto& options = std::get<ndjson::Options>(r.specs.at(0).protocol);
  EXPECT_TRUE(options.headlines);
  EXPECT_FALSE(options.quotes);
  EXPECT_FALSE(r.specs[0].carries_quotes());
  EXPECT_EQ(options.headline.text, "/data/title");
  EXPECT_EQ(options.headline.id, "");
  EXPECT_EQ(options.headline.source, "/source");
  EXPECT_EQ(options.headline.time_format, TimeFormat::UnixMs);
}

TEST(FeedsConfig, ReadsBothKindsWithoutAMapping) {
  const Read r = read(ndjson(""));
  EXPECT_EQ(r.errors, "");
  EXPECT_TRUE(r.specs.at(0).carries_headlines());
  EXPECT_TRUE(r.specs.at(0).carries_quotes());
}

TEST(FeedsConfig, NumbersFeedsInTheOrderOfTheFile) {
  const Read r = read(ndjson("") +
                      "[[feed]]\nname = \"b\"\nprotocol = \"ndjson\"\n"
                      "url = \"tcp-listen://9001\"\n");
  EXPECT_EQ(r.errors, "");
  ASSERT_EQ(r.specs.size(), 2U);
  EXPECT_EQ(r.specs[1].id, FeedId{1});
  EXPECT_EQ(r.specs[1].transport.endpoint.to_text(), "tcp-listen://127.0.0.1:9001");
}

struct Wrong {
  std::string toml;
  std::string error;
};

TEST(FeedsConfig, TellsWhatIsWrongWithLineAndKey) {
  const Wrong cases[] = {
      {"[[feed]]\nname = \"Desk\"\nprotocol = \"ndjson\"\nurl = \"stdin:\"\n",
       "t.toml:2: [feed] name = 'Desk': should be at most 16 of a-z, 0-9, '-', '_' and '.'\n"},
      {ndjson("") + ndjson(""), "t.toml:7: [feed] name = 'a': is the name of another feed\n"},
      {ndjson("follow = true"),
       "t.toml:5: [feed] follow = true: makes sense with a file:// url only\n"},
      {ndjson("tls_ca_file = \"/x\""),
       "t.toml:5: [feed] tls_ca_file = '/x': makes sense with a wss:// url only\n"},
      {ndjson("reconect_min_ms = 5"),
       "t.toml:5: [feed] reconect_min_ms = 5: is not a key of this section\n"},
      {ndjson("reconnect_when_silent = true"),
       "t.toml:5: [feed] reconnect_when_silent = true: needs silent_after_ms\n"},
      {ndjson("[feed.headline]\ntext = \"title\""),
       "t.toml:6: [feed.headline] text = 'title': is not a JSON pointer: it does not begin with "
       "'/'\n"},
      {ndjson("[feed.quote]\nbid = \"/p\"\nask = \"/p/ask\""),
       "t.toml:7: [feed.quote] ask = '/p/ask': this and '/p' lead into one another\n"},
      {"[[feed]]\nname = \"a\"\nprotocol = \"ndjson\"\nurl = \"http://x\"\n",
       "t.toml:4: [feed] url = 'http://x': is not a url; known are wss://, ws://, tcp://, "
       "tcp-listen://, unix://, unix-listen://, file:// and stdin:\n"},
  };
  for (const Wrong& wrong : cases) {
    EXPECT_EQ(read(wrong.toml).errors, wrong.error);
  }
}

TEST(FeedsConfig, TellsEverythingThatIsWrongAtOnce) {
  const std::string errors =
      read(
          "[[feed]]\nname = \"a\"\nprotocol = \"alpaca\"\nurl = \"tcp://h:1\"\nnews = \"a b\"\n"
          "key_file = \"/nowhere/k\"\nkey_credential = \"k\"\nsecret_file = \"/nowhere/s\"\n")
          .errors;
  EXPECT_NE(errors.find("alpaca needs a wss:// or ws:// url"), std::string::npos) << errors;
  EXPECT_NE(errors.find("'a b' is not a symbol"), std::string::npos) << errors;
  EXPECT_NE(errors.find("needs key_file (a file) or key_credential"), std::string::npos) << errors;
  EXPECT_NE(errors.find("cannot read /nowhere/s: No such file or directory"), std::string::npos)
      << errors;
}

TEST(FeedsConfig, RefusesAnAuthorityFileWithoutACertificate) {
  const TempFolder folder;
  test::write_file(folder / "ca.pem", "no certificate");
  const std::string feed =
      "[[feed]]\nname = \"a\"\nprotocol = \"ndjson\"\nurl = \"wss://h/\"\ntls_ca_file = \"{}\"\n";
  EXPECT_NE(read(fmt::format(fmt::runtime(feed), folder / "ca.pem"))
                .errors.find("holds no PEM certificate"),
            std::string::npos);
  EXPECT_NE(
      read(fmt::format(fmt::runtime(feed), folder / "none.pem")).errors.find("cannot be read"),
      std::string::npos);
}

class Secret : public testing::Test {
 protected:
  [[nodiscard]] Read read_with(std::string_view how, Secrets secrets = Secrets::Read) const {
    return read(fmt::format("[[feed]]\nname = \"a\"\nprotocol = \"alpaca\"\nurl = \"ws://h/\"\n"
                            "news = \"*\"\nkey_file = \"{}\"\n{}\n",
                            folder_ / "k", how),
                secrets);
  }
  void SetUp() override { test::write_file(folder_ / "k", "the-key"); }

  TempFolder folder_;
};

TEST_F(Secret, ThatEverybodyMayReadIsAWarningWithoutIt) {
  test::write_file(folder_ / "s", "the-secret");
  std::filesystem::permissions(folder_ / "s", std::filesystem::perms{0644});
  const Read r = read_with(fmt::format("secret_file = \"{}\"", folder_ / "s"));
  EXPECT_EQ(r.errors, "");
  ASSERT_EQ(r.specs.at(0).warnings.size(), 1U);
  EXPECT_EQ(r.specs[0].warnings[0], (folder_ / "s") + " may be read by everybody; chmod 600 it");
}

TEST_F(Secret, ComesFromASystemdCredential) {
  test::write_file(folder_ / "alpaca-secret", "the-secret");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_NE(read_with("secret_credential = \"alpaca-secret\"")
                .errors.find("$CREDENTIALS_DIRECTORY is not set"),
            std::string::npos);
  ::setenv("CREDENTIALS_DIRECTORY", (folder_ / ".").c_str(), 1);
  const Read r = read_with("secret_credential = \"alpaca-secret\"");
  EXPECT_EQ(r.errors, "");
  EXPECT_EQ(std::get<alpaca::Options>(r.specs.at(0).protocol).secret, "the-secret");
  EXPECT_NE(read_with("secret_credential = \"../k\"").errors.find("not the name of a credential"),
            std::string::npos);
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_F(Secret, ThatIsNoSecretIsAnErrorThatDoesNotShowIt) {
  for (const std::string_view content : {"", " \n", "two words", "line\nline"}) {
    test::write_file(folder_ / "s", content);
    const std::string errors = read_with(fmt::format("secret_file = \"{}\"", folder_ / "s")).errors;
    EXPECT_NE(errors.find("secret_file"), std::string::npos) << content;
    EXPECT_EQ(errors.find("words"), std::string::npos) << errors;
  }
  test::write_file(folder_ / "s", std::string(5'000, 'x'));
  EXPECT_NE(read_with(fmt::format("secret_file = \"{}\"", folder_ / "s"))
                .errors.find("holds more than 4 KiB"),
            std::string::npos);
}

TEST_F(Secret, IsNotAConfigurationValue) {
  EXPECT_NE(read_with("secret = \"x\"").errors.find("secret = 'x': is not a key of this section"),
            std::string::npos);
}

TEST_F(Secret, IsNotOpenedForAReplay) {
  const Read r = read_with("secret_file = \"/nowhere\"", Secrets::Skip);
  EXPECT_EQ(r.errors, "");
  EXPECT_EQ(std::get<alpaca::Options>(r.specs.at(0).protocol).secret, "");
}

TEST(Endpoint, IsReadAndWrittenInFull) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"wss://h.example/v2/iex", "wss://h.example:443/v2/iex"},
      {"ws://h:8080", "ws://h:8080/"},
      {"ws://[::1]:80/x?token=secret", "ws://[::1]:80/x"},
      {"tcp://h:1", "tcp://h:1"},
      {"tcp-listen://9001", "tcp-listen://127.0.0.1:9001"},
      {"tcp-listen://0.0.0.0:0", "tcp-listen://0.0.0.0:0"},
      {"tcp-listen://[::1]:5", "tcp-listen://[::1]:5"},
      {"unix:///run/x.sock", "unix:///run/x.sock"},
      {"unix-listen:///run/x.sock", "unix-listen:///run/x.sock"},
      {"file:///a b.ndjson", "file:///a b.ndjson"},
      {"stdin:", "stdin:"},
  };
  for (const auto& [url, text] : cases) {
    const auto endpoint = parse_endpoint(url);
    ASSERT_TRUE(endpoint.has_value()) << url << ": " << endpoint.error().what;
    EXPECT_EQ(endpoint->to_text(), text);
  }
}

TEST(Endpoint, RefusesWhatItCannotMean) {
  for (const std::string_view url :
       {"", "x", "http://h/", "wss:h", "wss://", "wss://user:secret@h/", "tcp://h", "tcp://h:0",
        "tcp://h:70000", "tcp://h:1x", "tcp://:5", "tcp-listen://h:", "tcp-listen://", "ws://[::1",
        "ws://[::1]x", "unix://relative", "file://", "stdin:x"}) {
    EXPECT_TRUE(parse_endpoint(url).has_error()) << url;
  }
  EXPECT_TRUE(parse_endpoint("unix:///" + std::string(200, 'x')).has_error());
}

}  // namespace
}  // namespace tariff
