#include "feeds/tape/client_message.h"

#include <string>

#include <gtest/gtest.h>

namespace tariff::tape {
namespace {

using std::string_literals::operator""s;

// {"action":"auth","key":"k","secret":"s"}
const std::string kAuthMsgpack =
    "\x83\xa6"
    "action\xa4"
    "auth\xa3key\xa1k\xa6secret\xa1s"s;
// {"action":"subscribe","news":["*"],"n":{"a":[1,-1,1.5,nil,true,bin,ext]}}
const std::string kSubscribeMsgpack =
    "\x83\xa6"
    "action\xa9subscribe\xa4news\x91\xa1*\xa1n\x81\xa1"
    "a\x97\x01\xff\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00\xc0\xc3\xc4\x01z\xd4\x05z"s;

TEST(ClientMessage, ReadsAuthInBothCodecs) {
  for (const auto& message :
       {parse_client_message(Codec::Json, R"({"action":"auth","key":"k","secret":"s"})"),
        parse_client_message(Codec::Msgpack, kAuthMsgpack)}) {
    ASSERT_TRUE(message);
    EXPECT_EQ(message->action, "auth");
    EXPECT_EQ(message->key, "k");
    EXPECT_EQ(message->secret, "s");
  }
}

TEST(ClientMessage, ReadsListsAndPassesOverEverythingElse) {
  for (const auto& message :
       {parse_client_message(
            Codec::Json,
            R"({"action":"subscribe","news":["*"],"n":{"a":[1,-1,1.5,null,true,"z"]}})"),
        parse_client_message(Codec::Msgpack, kSubscribeMsgpack)}) {
    ASSERT_TRUE(message);
    EXPECT_EQ(message->action, "subscribe");
    ASSERT_EQ(message->lists.size(), 1U);
    EXPECT_EQ(message->lists[0].name, "news");
    EXPECT_EQ(message->lists[0].values, std::vector<std::string>{"*"});
  }
}

TEST(ClientMessage, TakesNoPartOfAMessageForTheWhole) {
  const std::string json = R"({"action":"auth","key":"k","secret":"s"})";
  for (std::size_t bytes = 0; bytes < json.size(); ++bytes)
    EXPECT_FALSE(parse_client_message(Codec::Json, json.substr(0, bytes))) << "at " << bytes;
  for (const std::string& whole : {kAuthMsgpack, kSubscribeMsgpack}) {
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes)
      EXPECT_FALSE(parse_client_message(Codec::Msgpack, whole.substr(0, bytes))) << "at " << bytes;
  }
}

TEST(ClientMessage, RefusesWhatIsNotOneObject) {
  for (const char* text : {"", "null", "[]", "\"auth\"", R"([{"action":"auth"}])",
                           R"({"action":"auth"}{"action":"auth"})", R"({"action":1})",
                           R"({"action":"auth","key":["k"]})",
                           R"({"action":"subscribe","news":[1]})", "{\"action\":\"\xff\"}"})
    EXPECT_FALSE(parse_client_message(Codec::Json, text)) << text;
  for (const std::string& bytes : {""s, "\xc0"s, "\x90"s, kAuthMsgpack + "\xc0", "\x81\x01\x01"s,
                                   "\x81\xa6"
                                   "action\x01"s,
                                   "\x81\xa4news\x91\x01"s, "\x81\xa1x\xc1"s})
    EXPECT_FALSE(parse_client_message(Codec::Msgpack, bytes)) << testing::PrintToString(bytes);
}

TEST(ClientMessage, BelievesNoLengthBeyondTheBytes) {
  // A map of 2^32-1 pairs; a text of 4 GiB; an array of 4 Gi members as a list and as a value.
  for (const std::string& bytes :
       {"\xdf\xff\xff\xff\xff"s, "\x81\xdb\xff\xff\xff\xff"s, "\x81\xa4news\xdd\xff\xff\xff\xff"s,
        "\x81\xa1x\x81\xa1y\xdd\xff\xff\xff\xff"s, "\x81\xa1x\xc6\xff\xff\xff\xff"s,
        "\x81\xa1x\xc9\xff\xff\xff\xff"s})
    EXPECT_FALSE(parse_client_message(Codec::Msgpack, bytes)) << testing::PrintToString(bytes);
}

TEST(ClientMessage, BearsNestingOfAnyDepth) {
  const std::string deep_arrays(100'000, '\x91');
  const std::string deep_maps = [] {
    std::string bytes;
    for (int i = 0; i < 50'000; ++i)
      bytes += "\x81\xa1x";
    return bytes;
  }();
  EXPECT_FALSE(parse_client_message(Codec::Msgpack, "\x81\xa1x" + deep_arrays));
  EXPECT_FALSE(parse_client_message(Codec::Msgpack, "\x81\xa1x" + deep_maps));
  EXPECT_TRUE(parse_client_message(Codec::Msgpack, "\x81\xa1x" + deep_maps + '\xc0'));
  EXPECT_FALSE(parse_client_message(Codec::Json, "{\"x\":" + std::string(100'000, '[')));
}

TEST(ClientMessage, RefusesAMessageAboveTheLimit) {
  const std::string filler(kClientMessageBytesMax, ' ');
  EXPECT_TRUE(parse_client_message(Codec::Json, R"({"action":"auth"})" + filler.substr(100)));
  EXPECT_FALSE(parse_client_message(Codec::Json, R"({"action":"auth"})" + filler));
}

}  // namespace
}  // namespace tariff::tape
