#include "feeds/alpaca/alpaca_options.h"

#include <string_view>

#include <fmt/format.h>

#include "config/errors.h"

namespace tariff::alpaca {
namespace {

using std::chrono::milliseconds;

bool is_symbol(std::string_view text) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./-_";
  return text == "*" || (!text.empty() && text.find_first_not_of(kAllowed) == text.npos);
}

std::vector<std::string> read_symbols(Section& section, std::string_view key) {
  std::vector<std::string> symbols = section.get_strings(key);
  for (const std::string& symbol : symbols) {
    if (!is_symbol(symbol)) {
      section.error(key, fmt::format("'{}' is not a symbol, nor \"*\"", printable(symbol, 40)));
    }
    if (symbol == "*" && symbols.size() > 1) section.error(key, "\"*\" stands alone");
  }
  return symbols;
}

}  // namespace

Options read_options(Section& section, Secrets secrets, std::vector<std::string>& warnings) {
  Options options;
  options.news = read_symbols(section, "news");
  options.quotes = read_symbols(section, "quotes");
  if (options.news.empty() && options.quotes.empty()) {
    section.error("", "asks for nothing: set news = [\"*\"] or quotes = [\"SPY\"]");
  }
  options.auth = static_cast<Auth>(section.get_choice("auth", 0, {"message", "header"}));
  options.key = read_secret(section, "key", secrets, warnings);
  options.secret = read_secret(section, "secret", secrets, warnings);
  // The provider drops us 10 s after the greeting.
  options.step_timeout = section.get_ms("step_timeout_ms", options.step_timeout, milliseconds{100},
                                        milliseconds{60'000});
  options.retry_step =
      section.get_ms("retry_step_ms", options.retry_step, milliseconds{10}, milliseconds{60'000});
  options.retry_max =
      section.get_ms("retry_max_ms", options.retry_max, milliseconds{10}, milliseconds{60'000});
  options.retries = static_cast<int>(section.get_int("retries", options.retries, 0, 1'000));
  return options;
}

}  // namespace tariff::alpaca
