#include "feeds/secrets.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace tariff {
namespace {

constexpr std::size_t kSecretBytesMax = 4'096;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

/// What is wrong with the file's content, for a person who may not see it; empty if it is good.
std::string_view content_problem(std::string_view secret) {
  if (secret.empty()) return "is empty";
  if (secret.size() > kSecretBytesMax) return "holds more than 4 KiB";
  for (const char c : secret) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7F) {
      return "holds more than one word; it should hold the secret and nothing else";
    }
  }
  return "";
}

/// The file that holds the secret, and the key that named it; an empty path if there is an error.
struct Place {
  std::string key;
  std::string path;
};

Place find_place(Section& section, std::string_view name) {
  const std::string file_key = fmt::format("{}_file", name);
  const std::string credential_key = fmt::format("{}_credential", name);
  const std::string file = section.get_path(file_key);
  const std::string credential = section.get_string(credential_key, "");
  if (file.empty() == credential.empty()) {
    section.error("", fmt::format("needs {} (a file) or {} (a systemd credential), and not both",
                                  file_key, credential_key));
    return {};
  }
  if (!file.empty()) return {file_key, file};
  if (credential.find('/') != std::string::npos) {
    section.error(credential_key, "is not the name of a credential");
    return {};
  }
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr) {
    section.error(credential_key,
                  "$CREDENTIALS_DIRECTORY is not set: not started by systemd with LoadCredential=");
    return {};
  }
  return {credential_key, fmt::format("{}/{}", directory, credential)};
}

}  // namespace

std::string read_secret(Section& section, std::string_view name, Secrets secrets,
                        std::vector<std::string>& warnings) {
  if (secrets == Secrets::Skip) {  // the keys are known all the same
    (void)section.get_string(fmt::format("{}_file", name), "");
    (void)section.get_string(fmt::format("{}_credential", name), "");
    return "";
  }
  const Place place = find_place(section, name);
  if (place.path.empty()) return "";
  struct stat status {};
  std::ifstream file(place.path, std::ios::binary);
  if (!file || ::stat(place.path.c_str(), &status) != 0) {
    section.error(place.key, fmt::format("cannot read {}: {}", place.path, std::strerror(errno)));
    return "";
  }
  std::string content(kSecretBytesMax + 2, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  const std::string_view secret = trimmed(content);
  const std::string_view wrong = content_problem(secret);
  if (!wrong.empty()) {
    section.error(place.key, fmt::format("{} {}", place.path, wrong));
    return "";
  }
  if ((status.st_mode & S_IROTH) != 0) {
    warnings.push_back(fmt::format("{} may be read by everybody; chmod 600 it", place.path));
  }
  return std::string(secret);
}

}  // namespace tariff
