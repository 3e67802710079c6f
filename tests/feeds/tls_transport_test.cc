// wss:// against an independent server whose certificates are made here.
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/feeds/python_peer.h"
#include "tests/feeds/transport_fixture.h"

namespace tariff {
namespace {

using test::HostFixture;
using test::PythonPeer;
using test::TempFolder;

/// An authority of our own and certificates signed by it.
class Tls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    test::write_file(*folder_ / "key", "the-key");
    test::write_file(*folder_ / "secret", "the-secret");
    make_authority("ca");
    make_authority("stranger");
    make_certificate("good", "DNS:localhost,IP:127.0.0.1");
    make_certificate("other", "DNS:other.example");
  }
  static void TearDownTestSuite() { delete folder_; }

  static void run(const std::string& command) {
    ASSERT_EQ(std::system((command + " 2>/dev/null").c_str()), 0) << command;
  }
  static void make_authority(std::string_view name) {
    run(
        fmt::format("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
                    "-subj /CN={0} -keyout {1}.key -out {1}.pem",
                    name, *folder_ / name));
  }
  static void make_certificate(std::string_view name, std::string_view hosts) {
    const std::string path = *folder_ / name;
    test::write_file(path + ".ext", fmt::format("subjectAltName={}\n", hosts));
    run(
        fmt::format("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=peer "
                    "-keyout {0}.key -out {0}.csr",
                    path));
    run(
        fmt::format("openssl x509 -req -in {0}.csr -CA {1}.pem -CAkey {1}.key -CAcreateserial "
                    "-days 2 -extfile {0}.ext -out {0}.pem",
                    path, *folder_ / "ca"));
  }

  [[nodiscard]] static PythonPeer* serve(std::string_view certificate) {
    const std::string path = *folder_ / certificate;
    return new PythonPeer({"--cert", path + ".pem", "--key", path + ".key"});
  }
  [[nodiscard]] static std::string feed(std::string_view host, const PythonPeer& peer,
                                        std::string_view authority) {
    return fmt::format(
        "[[feed]]\nname = \"alpaca\"\nprotocol = \"alpaca\"\nurl = \"wss://{}:{}/news\"\n"
        "news = \"*\"\nkey_file = \"{}\"\nsecret_file = \"{}\"\n{}\n",
        host, peer.port(), *folder_ / "key", *folder_ / "secret",
        authority.empty() ? "" : fmt::format("tls_ca_file = \"{}.pem\"", *folder_ / authority));
  }

  static TempFolder* folder_;
};
TempFolder* Tls::folder_ = nullptr;

TEST_F(Tls, TrustsACertificateOfTheConfiguredAuthorityForTheNameAndTheAddress) {
  const std::unique_ptr<PythonPeer> peer(serve("good"));
  ASSERT_NE(peer->port(), 0) << "needs /usr/bin/python3 with python3-websockets";
  for (const std::string_view name : {"localhost", "127.0.0.1"}) {
    HostFixture host(feed(name, *peer, "ca"));
    ASSERT_TRUE(host.start().has_value());
    ASSERT_TRUE(host.until([&] { return host.out.headlines.size() == 2; })) << host.out.log_text();
    EXPECT_EQ(host.out.headlines[1].text(), "answered a ping");
  }
}

TEST_F(Tls, RefusesACertificateForAnotherHost) {
  const std::unique_ptr<PythonPeer> peer(serve("other"));
  ASSERT_NE(peer->port(), 0) << "needs /usr/bin/python3 with python3-websockets";
  HostFixture host(feed("localhost", *peer, "ca"));
  ASSERT_TRUE(host.start().has_value());
  ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); })) << host.out.log_text();
  EXPECT_TRUE(host.out.has_line("its certificate is not for the host 'localhost'; retrying in"))
      << host.out.log_text();
  EXPECT_EQ(host.count(FeedCounter::Connects), 0U);
}

TEST_F(Tls, RefusesACertificateOfAnUnknownAuthority) {
  const std::unique_ptr<PythonPeer> peer(serve("good"));
  ASSERT_NE(peer->port(), 0) << "needs /usr/bin/python3 with python3-websockets";
  for (const std::string_view authority : {"stranger", ""}) {
    HostFixture host(feed("localhost", *peer, authority));
    ASSERT_TRUE(host.start().has_value());
    ASSERT_TRUE(host.until([&] { return host.out.was(FeedState::Down); })) << host.out.log_text();
    EXPECT_TRUE(
        host.out.has_line("its certificate is not trusted: unable to get local issuer certificate"))
        << host.out.log_text();
    EXPECT_EQ(host.count(FeedCounter::Connects), 0U);
  }
}

}  // namespace
}  // namespace tariff
