// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/reduced_message.h"

#include <cstdint>
#include <vector>

#include "conformance/dns/testing/message_builder.h"
#include "conformance/dns/testing/message_walk.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

constexpr uint16_t kA = 1;
constexpr uint16_t kCname = 5;
constexpr uint16_t kTxt = 16;
constexpr uint16_t kOpt = 41;
constexpr uint16_t kPrivateType = 0xFF00;

std::vector<uint16_t> TypesOf(const Message& message) {
  std::vector<uint16_t> types;
  for (const RecordPlace& record : WalkMessage(message).records) {
    types.push_back(record.type);
  }
  return types;
}

Message Mixed() {
  MessageBuilder builder;
  builder.Question("a.example", kA);
  builder.Begin(1, "@12", kCname, 5).Name("b").End();
  builder.Begin(1, "@12", kTxt, 5).Bytes("\x01x").End();
  builder.Begin(2, "@12", kA, 5, 3).Number32(7).End();  // class CH
  builder.Begin(3, "", kOpt, 0, 1232).End();
  return builder.message();
}

TEST(ReducedMessageTest, OtherTypesBecomeAPrivateOne) {
  const Message mixed = Mixed();
  const Message reduced = WithoutOtherTypes(mixed);
  EXPECT_EQ(TypesOf(reduced),
            (std::vector<uint16_t>{kCname, kPrivateType, kPrivateType, kOpt}));
  ASSERT_EQ(reduced.size(), mixed.size());
  int changed = 0;
  for (size_t i = 0; i < mixed.size(); ++i) {
    changed += mixed[i] != reduced[i] ? 1 : 0;
  }
  EXPECT_EQ(changed, 4) << "two bytes of two types";
}

TEST(ReducedMessageTest, OtherSectionsAreCountedOut) {
  const Message reduced = WithoutOtherSections(Mixed());
  EXPECT_EQ(TypesOf(reduced), (std::vector<uint16_t>{kCname, kTxt}));
  EXPECT_EQ(reduced.size(), Mixed().size());
}

TEST(ReducedMessageTest, WhatIsNoMessageStays) {
  for (size_t size = 0; size < 12; ++size) {
    const Message cut(size, 0xAB);
    EXPECT_EQ(WithoutOtherTypes(cut), cut);
    EXPECT_EQ(WithoutOtherSections(cut), cut);
  }
}

}  // namespace
}  // namespace ovoc::conformance
