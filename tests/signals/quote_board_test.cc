// The newest quotes and the moves before a moment.
#include "signals/quote_board.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tariff {
namespace {

constexpr std::array<Symbol, 2> kSymbols{Symbol("SPY"), Symbol("QQQ")};

Quote quote(std::string_view symbol, double bid, std::int64_t at_ms) {
  Quote q;
  q.symbol = Symbol(symbol);
  q.bid = bid;
  q.ask = bid;
  q.received = {{at_ms * kNsPerMs}, {at_ms * kNsPerMs}};
  return q;
}

TEST(QuoteBoard, IgnoresSymbolsThatNobodyTradesAndQuotesWithOneSide) {
  QuoteBoard board(kSymbols);
  EXPECT_FALSE(board.apply(quote("TSLA", 100, 1)));
  EXPECT_FALSE(board.apply(quote("SPY", 0, 1)));
  EXPECT_EQ(board.last(*board.find(Symbol("SPY"))), nullptr);
  EXPECT_TRUE(board.apply(quote("SPY", 100, 1)));
  EXPECT_EQ(board.last(*board.find(Symbol("SPY")))->bid, 100);
}

TEST(QuoteBoard, AQuoteThatArrivedEarlierDoesNotReplaceALaterOne) {
  QuoteBoard board(kSymbols);
  ASSERT_TRUE(board.apply(quote("SPY", 100, 2'000)));
  EXPECT_FALSE(board.apply(quote("SPY", 90, 1'000)));
  EXPECT_EQ(board.last(0)->bid, 100);
}

TEST(QuoteBoard, TellsTheMoveOverTheTimeBeforeAMoment) {
  QuoteBoard board(kSymbols);
  ASSERT_TRUE(board.apply(quote("SPY", 100, 1'000)));
  ASSERT_TRUE(board.apply(quote("SPY", 101, 60'000)));
  ASSERT_TRUE(board.apply(quote("SPY", 99, 61'500)));
  const MonoNs now{62'000 * kNsPerMs};
  EXPECT_NEAR(board.move_bps(0, now, kNsPerSecond), (99.0 / 101 - 1) * 1e4, 0.01);
  EXPECT_NEAR(board.move_bps(0, now, 60 * kNsPerSecond), -100, 0.01);
}

TEST(QuoteBoard, AMoveBeforeTheFirstQuoteIsUnknown) {
  QuoteBoard board(kSymbols);
  EXPECT_TRUE(std::isnan(board.move_bps(0, {1}, 1)));
  ASSERT_TRUE(board.apply(quote("SPY", 100, 1'000)));
  EXPECT_TRUE(std::isnan(board.move_bps(0, {1'500 * kNsPerMs}, kNsPerSecond)));
  EXPECT_EQ(board.move_bps(0, {2'000 * kNsPerMs}, kNsPerSecond), 0);
}

TEST(QuoteBoard, RemembersAMinuteUnderAFloodOfQuotes) {
  QuoteBoard board(kSymbols);
  for (std::int64_t ms = 0; ms <= 120'000; ++ms) {
    ASSERT_TRUE(board.apply(quote("SPY", 100 + static_cast<double>(ms) / 1e5, ms)));
  }
  const double then = 100 + 60'000 / 1e5;
  const double now = 100 + 120'000 / 1e5;
  EXPECT_NEAR(board.move_bps(0, {120'000 * kNsPerMs}, 60 * kNsPerSecond), (now / then - 1) * 1e4,
              0.2)
      << "samples are 100 ms apart, in which the price moves by 0.1 bp";
}

TEST(QuoteBoard, ANewBoardTakesOverWhatItKnowsOfTheMarket) {
  QuoteBoard old(kSymbols);
  ASSERT_TRUE(old.apply(quote("QQQ", 500, 1'000)));
  const std::array<Symbol, 2> other{Symbol("FXI"), Symbol("QQQ")};
  QuoteBoard fresh(other);
  fresh.adopt(old);
  EXPECT_EQ(fresh.last(*fresh.find(Symbol("QQQ")))->bid, 500);
  EXPECT_EQ(fresh.last(*fresh.find(Symbol("FXI"))), nullptr);
  EXPECT_FALSE(fresh.find(Symbol("SPY")));
}

TEST(QuoteBoard, HoldsAsManyInstrumentsAsItPromises) {
  std::vector<Symbol> symbols;
  for (std::size_t i = 0; i < QuoteBoard::kInstrumentsMax; ++i) {
    symbols.emplace_back("S" + std::to_string(i));
  }
  const QuoteBoard board(symbols);
  for (std::size_t i = 0; i < symbols.size(); ++i)
    EXPECT_EQ(board.find(symbols[i]), i);
}

}  // namespace
}  // namespace tariff
