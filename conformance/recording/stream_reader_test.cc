// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/stream_reader.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string Show(const StreamItem& item) {
  switch (item.kind) {
    case StreamItem::Kind::kHeadLine:
      return absl::StrCat("line ", item.line);
    case StreamItem::Kind::kHeadEnd:
      return "end";
    case StreamItem::Kind::kBody:
      return absl::StrCat("body ", item.size);
    case StreamItem::Kind::kFrame:
      return absl::StrCat(
          "frame ", static_cast<int>(item.header.opcode), " ", item.size, " ",
          absl::BytesToHexString(absl::string_view(
              reinterpret_cast<const char*>(item.payload.data()),
              item.payload.size())));
  }
  return "";
}

// All items of `text`, frames behind the head, read in two pieces.
std::vector<std::string> Items(absl::string_view text, size_t cut) {
  StreamReader reader;
  std::vector<std::string> items;
  for (absl::string_view piece : {text.substr(0, cut), text.substr(cut)}) {
    absl::Span<const uint8_t> bytes = Bytes(piece);
    while (std::optional<StreamItem> item = reader.Next(&bytes)) {
      items.push_back(Show(*item));
      if (item->kind == StreamItem::Kind::kHeadEnd) {
        reader.ExpectFrames();
      }
    }
  }
  return items;
}

std::string FromHex(absl::string_view hex) {
  return absl::HexStringToBytes(hex);
}

TEST(StreamReaderTest, AHeadAndFramesAreReadCutAnywhere) {
  const std::string text =
      absl::StrCat("HTTP/1.1 101 x\r\nA: b\n\r\n",
                   FromHex("8900"),              // an empty ping
                   FromHex("8282010203046060"),  // masked "ab"
                   FromHex("827e0003616263"),    // "abc", length in 16 bits
                   FromHex("880203e8"),          // close 1000
                   FromHex("827f0000000000000001"
                           "61"
                           "8205"));
  const std::vector<std::string> want = {
      "line HTTP/1.1 101 x", "line A: b",      "end",
      "frame 9 0 ",          "frame 2 2 6162", "frame 2 3 616263",
      "frame 8 2 03e8",      "frame 2 1 61"};
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(Items(text, cut), want) << cut;
  }
}

TEST(StreamReaderTest, WithoutFramesTheRestIsABody) {
  StreamReader reader;
  absl::Span<const uint8_t> bytes = Bytes("HTTP/1.1 401 x\r\n\r\n\x89\x01z");
  EXPECT_EQ(Show(*reader.Next(&bytes)), "line HTTP/1.1 401 x");
  EXPECT_EQ(Show(*reader.Next(&bytes)), "end");
  EXPECT_EQ(Show(*reader.Next(&bytes)), "body 3");
  EXPECT_EQ(reader.Next(&bytes), std::nullopt);
}

TEST(StreamReaderTest, ALineThatNeverEndsIsABody) {
  const std::string text(2 * kMaxShownLineBytes, 'a');
  StreamReader reader;
  absl::Span<const uint8_t> bytes = Bytes(text);
  EXPECT_EQ(Show(*reader.Next(&bytes)),
            absl::StrCat("body ", kMaxShownLineBytes + 1));
  EXPECT_EQ(Show(*reader.Next(&bytes)),
            absl::StrCat("body ", kMaxShownLineBytes - 1));
}

TEST(StreamReaderTest, TheLongestLineIsALine) {
  for (const absl::string_view end : {"\n", "\r\n"}) {
    // The CR is counted, too, before it is known to be a part of the end.
    const std::string line(kMaxShownLineBytes - (end.size() - 1), 'a');
    const std::string text = absl::StrCat(line, end, "\n");
    StreamReader reader;
    absl::Span<const uint8_t> bytes = Bytes(text);
    EXPECT_EQ(Show(*reader.Next(&bytes)), "line " + line);
    EXPECT_EQ(Show(*reader.Next(&bytes)), "end");
    EXPECT_TRUE(bytes.empty());
  }
}

TEST(StreamReaderTest, OnlyOneReturnBelongsToALinesEnd) {
  StreamReader reader;
  absl::Span<const uint8_t> bytes = Bytes("a\r\r\n\rb\r\n\r\n");
  EXPECT_EQ(Show(*reader.Next(&bytes)), "line a\r");
  EXPECT_EQ(Show(*reader.Next(&bytes)), "line \rb");
  EXPECT_EQ(Show(*reader.Next(&bytes)), "end");
}

TEST(StreamReaderTest, AHeadMayBeEmpty) {
  for (const absl::string_view head : {"\n", "\r\n"}) {
    const std::string text = absl::StrCat(head, FromHex("8900"));
    EXPECT_EQ(Items(text, 0), (std::vector<std::string>{"end", "frame 9 0 "}));
  }
}

// RFC 6455 5.2: the same length in each of its forms, masked and not.
TEST(StreamReaderTest, EveryFormOfALengthIsRead) {
  for (const size_t size : {0u, 1u, 125u}) {
    const std::string payload(size, 'p');
    const std::string hex = absl::BytesToHexString(payload);
    const std::string length(1, static_cast<char>(size));
    const std::string masked(1, static_cast<char>(size | 0x80));
    const std::string key(4, '\0');
    for (const std::string& head :
         {absl::StrCat("\x82", length),
          absl::StrCat("\x82\x7e", std::string(1, '\0'), length),
          absl::StrCat("\x82\x7f", std::string(7, '\0'), length),
          absl::StrCat("\x82", masked, key),
          absl::StrCat("\x82\xfe", std::string(1, '\0'), length, key),
          absl::StrCat("\x82\xff", std::string(7, '\0'), length, key)}) {
      EXPECT_EQ(Items(absl::StrCat("\n", head, payload), 3),
                (std::vector<std::string>{
                    "end", absl::StrCat("frame 2 ", size, " ", hex)}));
    }
  }
}

TEST(StreamReaderTest, OfALongPayloadTheBeginIsKept) {
  const std::string text =
      absl::StrCat("a\n\n", FromHex("827f0000000000020000"),
                   std::string(0x20000, 'x'), FromHex("8901"), "y");
  StreamReader reader;
  absl::Span<const uint8_t> bytes = Bytes(text);
  reader.ExpectFrames();
  reader.Next(&bytes);
  reader.Next(&bytes);
  const std::optional<StreamItem> item = reader.Next(&bytes);
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->size, 0x20000u);
  EXPECT_EQ(item->payload.size(), kMaxKeptPayloadBytes);
  EXPECT_EQ(Show(*reader.Next(&bytes)), "frame 9 1 79");
}

TEST(StreamReaderTest, WhatHasNotEndedIsCounted) {
  StreamReader reader;
  reader.ExpectFrames();
  absl::Span<const uint8_t> bytes = Bytes("ab\n\ncd");
  reader.Next(&bytes);
  EXPECT_EQ(reader.unfinished_bytes(), 0u);
  reader.Next(&bytes);
  bytes = Bytes(
      "\x82\x05"
      "abc");
  EXPECT_EQ(reader.Next(&bytes), std::nullopt);
  EXPECT_EQ(reader.unfinished_bytes(), 5u);
  bytes = Bytes("de");
  EXPECT_EQ(Show(*reader.Next(&bytes)), "frame 2 5 6162636465");
  EXPECT_EQ(reader.unfinished_bytes(), 0u);
}

}  // namespace
}  // namespace ovoc::conformance
