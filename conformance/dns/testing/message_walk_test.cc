// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/message_walk.h"

#include <string>
#include <vector>

#include "conformance/dns/testing/message_builder.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

constexpr uint16_t kA = 1;
constexpr uint16_t kCname = 5;
constexpr uint16_t kSoa = 6;

MessageBuilder Asked() { return MessageBuilder().Question("a.example", kA); }

TEST(MessageWalkTest, FindsEveryRecordWithItsPlaces) {
  MessageBuilder builder = Asked();
  builder.Begin(1, "@12", kA, 0x80000001).Number32(7).End();
  builder.Begin(2, "x@14", kCname, 5, 3).Name("b").End();
  const MessagePlaces places = WalkMessage(builder.message());
  ASSERT_EQ(places.questions.size(), 1u);
  EXPECT_EQ(places.questions[0].bytes, 11u);  // 1+1 + 1+7 + 1
  EXPECT_EQ(places.questions[0].end, 23u);
  ASSERT_EQ(places.records.size(), 2u);
  const RecordPlace& a = places.records[0];
  EXPECT_EQ(a.section, 1);
  EXPECT_EQ(a.owner.pointers, 1);
  EXPECT_EQ(a.owner.bytes, 11u);
  EXPECT_EQ(a.type_offset, 29u);  // 12 + 11 + 4 + 2
  EXPECT_EQ(a.ttl, 0x80000001u);
  EXPECT_EQ(a.rdata, 39u);
  EXPECT_EQ(a.rdata_bytes, 4u);
  EXPECT_TRUE(a.fits_type);
  const RecordPlace& b = places.records[1];
  EXPECT_EQ(b.section, 2);
  EXPECT_EQ(b.dns_class, 3);
  EXPECT_FALSE(b.target.whole) << "RDATA of other classes is not looked at";
}

TEST(MessageWalkTest, TellsWherePointersLead) {
  const struct {
    const char* owner;
    bool forward;
    bool header;
  } kCases[] = {
      {"@12", false, false}, {"@14", false, false}, {"@27", true, false},
      {"b@27", true, false}, {"@11", false, true},  {"@40", true, false},
  };
  for (const auto& test : kCases) {
    MessageBuilder builder = Asked();
    builder.Begin(1, test.owner, kA, 5).Number32(7).End();
    const NamePlace owner = WalkName(builder.message(), 27);
    EXPECT_EQ(owner.points_forward, test.forward) << test.owner;
    EXPECT_EQ(owner.points_into_header, test.header) << test.owner;
  }
}

TEST(MessageWalkTest, ALoopOfPointersEnds) {
  const NamePlace name = WalkName(Asked().Name("@27").message(), 27);
  EXPECT_FALSE(name.whole);
  EXPECT_TRUE(name.points_forward);
  EXPECT_GT(name.pointers, 127);
}

TEST(MessageWalkTest, RdataHasToFitItsType) {
  const auto fits = [](const MessageBuilder& builder) {
    return WalkMessage(builder.message()).records.front().fits_type;
  };
  EXPECT_TRUE(fits(Asked().Begin(1, "", kCname, 5).Name("b@14").End()));
  EXPECT_FALSE(fits(Asked().Begin(1, "", kCname, 5).End()));
  EXPECT_FALSE(
      fits(Asked().Begin(1, "", kCname, 5).Name("b").Number8(0).End()));
  EXPECT_FALSE(fits(Asked().Begin(1, "", kA, 5).Number16(7).End()));
  const std::string numbers(20, '\1');
  EXPECT_TRUE(fits(
      Asked().Begin(2, "", kSoa, 5).Name("@12").Name("").Bytes(numbers).End()));
  EXPECT_FALSE(
      fits(Asked().Begin(2, "", kSoa, 5).Name("@12").Bytes(numbers).End()));
}

TEST(MessageWalkTest, NotesLabelsThatAreOdd) {
  const auto walk = [](absl::string_view name) {
    return WalkName(MessageBuilder().Name(name).message(), 12);
  };
  EXPECT_TRUE(walk("a-b_c/d.E9").is_host_name);
  EXPECT_FALSE(walk("a b").is_host_name);
  EXPECT_FALSE(walk("a*").is_host_name);
  EXPECT_TRUE(walk(absl::string_view("\0", 1)).has_nul_label);
  EXPECT_FALSE(walk(absl::string_view("a\0", 2)).has_nul_label);
}

TEST(MessageWalkTest, StopsAtWhatIsCutOff) {
  MessageBuilder builder = Asked();
  builder.Begin(1, "@12", kA, 5).Number32(7).End();
  for (size_t size = 0; size < builder.size(); ++size) {
    const Message part(builder.message().begin(),
                       builder.message().begin() + static_cast<long>(size));
    const MessagePlaces places = WalkMessage(part);
    EXPECT_LE(places.records.size(), 1u);
    EXPECT_TRUE(places.records.empty() || places.records[0].rdata_bytes == 0 ||
                places.records[0].rdata + 4 > size);
  }
}

TEST(MessageWalkTest, NamesAreQuestionsThenOwnersAndTargets) {
  MessageBuilder builder = Asked();
  builder.Begin(1, "@12", kCname, 5).Name("bc").End();
  const std::vector<NamePlace> names = NamesOf(WalkMessage(builder.message()));
  ASSERT_EQ(names.size(), 3u);
  EXPECT_EQ(names[0].bytes, 11u);
  EXPECT_EQ(names[1].pointers, 1);
  EXPECT_EQ(names[2].bytes, 4u);
}

}  // namespace
}  // namespace ovoc::conformance
