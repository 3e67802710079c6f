#include "tests/feeds/transport_fixture.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "config/errors.h"
#include "config/section.h"

namespace tariff::test {

std::string KeptOutput::states() const {
  std::string text;
  for (const FeedStatus& status : statuses) {
    if (!text.empty()) text += ' ';
    text += to_text(status.state);
  }
  return text;
}

std::string KeptOutput::log_text() const {
  std::string text;
  for (const std::string& line : lines)
    text += line + "\n";
  return text;
}

HostFixture::HostFixture(const std::string& toml) {
  ConfigErrors errors;
  auto root = parse_document(toml, "test.toml", errors);
  std::vector<FeedSpec> specs;
  if (root) specs = read_feeds(*root);
  EXPECT_TRUE(errors.empty()) << errors.to_text();
  host_ = std::make_unique<FeedHost>(std::move(specs), out, counters_,
                                     FeedHostOptions{.tick_every = std::chrono::milliseconds(5)});
}

bool HostFixture::until(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    if (host_->work() == 0) host_->wait(std::chrono::milliseconds(20));
  }
  return true;
}

std::uint16_t HostFixture::listening_port() const {
  for (const FeedStatus& status : out.statuses) {
    const std::string reason(status.reason.view());
    if (reason.find("listening on ") == std::string::npos) continue;
    return static_cast<std::uint16_t>(std::stoi(reason.substr(reason.rfind(':') + 1)));
  }
  return 0;
}

TempFolder::TempFolder() {
  std::string path = (std::filesystem::temp_directory_path() / "tariff.XXXXXX").string();
  path_ = ::mkdtemp(path.data());
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
  std::filesystem::permissions(path, std::filesystem::perms{0600});
}

}  // namespace tariff::test
