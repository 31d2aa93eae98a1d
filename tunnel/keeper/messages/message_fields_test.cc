// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/message_fields.h"

#include <array>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr uint8_t kGuard = 0xa5;  // around what a writer may touch

using Bytes = std::vector<uint8_t>;

TEST(FieldWriterTest, PutsNumbersInNetworkOrder) {
  struct Case {
    uint64_t value;
    size_t bytes;
    Bytes expected;
  };
  const Case kCases[] = {
      {0x12, 1, {0x12}},
      {0x1234, 2, {0x12, 0x34}},
      {0x1234, 1, {0x34}},  // the lower bytes of what does not fit
      {0x12345678, 4, {0x12, 0x34, 0x56, 0x78}},
      {0x0102030405060708, 8, {1, 2, 3, 4, 5, 6, 7, 8}},
      {~uint64_t{0}, 8, Bytes(8, 0xff)},
  };
  for (const Case& c : kCases) {
    Bytes out(c.bytes);
    FieldWriter writer(absl::MakeSpan(out));
    writer.Number(c.value, c.bytes);
    EXPECT_EQ(out, c.expected);
    EXPECT_EQ(writer.size(), c.bytes);
    EXPECT_TRUE(writer.complete());
  }
}

TEST(FieldWriterTest, PutsATextBehindItsLength) {
  Bytes out(6);
  FieldWriter writer(absl::MakeSpan(out));
  writer.Text("abcd", 4);
  EXPECT_EQ(out, (Bytes{0, 4, 'a', 'b', 'c', 'd'}));
  EXPECT_TRUE(writer.complete());
}

TEST(FieldWriterTest, CutsATextAtItsLimit) {
  Bytes out(8, kGuard);
  FieldWriter writer(absl::MakeSpan(out));
  writer.Text("abcd", 3);
  EXPECT_EQ(out, (Bytes{0, 3, 'a', 'b', 'c', kGuard, kGuard, kGuard}));
  EXPECT_EQ(writer.size(), 5u);
  EXPECT_TRUE(writer.complete()) << "a cut is no lack of room";
}

TEST(FieldWriterTest, LeavesOutWhatDoesNotFit) {
  for (size_t room = 0; room < 7; ++room) {
    Bytes out(room + 2, kGuard);
    FieldWriter writer(absl::MakeSpan(out).subspan(1, room));
    writer.Number(0x0102, 2);
    writer.Text("abc", 3);
    EXPECT_FALSE(writer.complete()) << room;
    EXPECT_LE(writer.size(), room);
    EXPECT_EQ(out.front(), kGuard) << room;
    EXPECT_EQ(out.back(), kGuard) << room;
  }
}

TEST(FieldWriterTest, StaysIncomplete) {
  Bytes out(2);
  FieldWriter writer(absl::MakeSpan(out));
  writer.Bytes({1, 2, 3});
  writer.Number(7, 1);  // which would have had room
  EXPECT_FALSE(writer.complete());
}

TEST(FieldReaderTest, ReadsWhatTheWriterPut) {
  Bytes bytes(32);
  FieldWriter writer(absl::MakeSpan(bytes));
  writer.Number(0x81, 1);
  writer.Text("text", 4);
  writer.Bytes({9, 8});
  writer.Text("", 0);
  writer.Number(0xfedcba9876543210, 8);
  FieldReader reader(absl::MakeConstSpan(bytes).first(writer.size()));
  EXPECT_EQ(reader.Number(1), 0x81u);
  EXPECT_EQ(reader.Text(4), "text");
  EXPECT_EQ(reader.Bytes(2), absl::MakeConstSpan({uint8_t{9}, uint8_t{8}}));
  EXPECT_EQ(reader.Text(0), "");
  EXPECT_FALSE(reader.at_end());
  EXPECT_EQ(reader.Number(8), 0xfedcba9876543210u);
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.at_end());
}

TEST(FieldReaderTest, RefusesATextAboveItsLimit) {
  const Bytes bytes = {0, 3, 'a', 'b', 'c'};
  FieldReader reader(bytes);
  EXPECT_EQ(reader.Text(2), "");
  EXPECT_FALSE(reader.ok());
}

// Every cut point: what is whole is read, the rest is 0 and the error sticks.
TEST(FieldReaderTest, StopsAtTheFirstFieldThatIsNotThere) {
  const Bytes bytes = {1, 2, 0, 3, 'a', 'b', 'c', 7};
  for (size_t size = 0; size < bytes.size(); ++size) {
    FieldReader reader(absl::MakeConstSpan(bytes).first(size));
    EXPECT_EQ(reader.Number(2), size >= 2 ? 0x0102u : 0u) << size;
    EXPECT_EQ(reader.Text(3), size >= 7 ? "abc" : "") << size;
    EXPECT_EQ(reader.Number(1), 0u) << size;
    EXPECT_FALSE(reader.ok()) << size;
    EXPECT_FALSE(reader.at_end()) << size;
  }
}

TEST(FieldReaderTest, AnErrorSticks) {
  const Bytes bytes = {1, 2};
  FieldReader reader(bytes);
  EXPECT_TRUE(reader.Bytes(3).empty());
  EXPECT_EQ(reader.Number(1), 0u) << "though it is there";
  EXPECT_EQ(reader.Text(9), "");
  EXPECT_FALSE(reader.ok());
}

TEST(FieldReaderTest, NothingIsAtItsEnd) {
  FieldReader reader({});
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.at_end());
  EXPECT_TRUE(reader.Bytes(0).empty());
  EXPECT_TRUE(reader.ok()) << "no bytes are always there";
}

TEST(TuningFieldsTest, ComeBackAndAreHeldAgainstTheLimitsOfTheSettings) {
  Bytes bytes(6);
  FieldWriter writer(absl::MakeSpan(bytes));
  PutTuning({absl::Seconds(17), absl::Seconds(600), absl::Seconds(300)},
            &writer);
  EXPECT_EQ(bytes, (Bytes{0, 17, 2, 0x58, 1, 0x2C}));
  FieldReader reader(bytes);
  const auto tuning = ReadTuning(&reader);
  ASSERT_TRUE(tuning.has_value());
  EXPECT_EQ(tuning->dead_after, absl::Seconds(600));
  EXPECT_TRUE(reader.at_end());
  bytes[5] = 0x2D;
  FieldReader above(bytes);
  EXPECT_FALSE(ReadTuning(&above).has_value());
  FieldReader cut(absl::MakeConstSpan(bytes).first(5));
  EXPECT_FALSE(ReadTuning(&cut).has_value());
}

}  // namespace
}  // namespace ovoc::tunnel
