// SPDX-License-Identifier: Apache-2.0
#include "tunnel/frame_queue.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using frame::Opcode;
using Bytes = std::vector<uint8_t>;

constexpr size_t kCapacity = 65536;

// Masks are 01020304, 05060708 and so on.
class FrameQueueTest : public testing::Test {
 protected:
  bool Put(size_t bytes, bool may_pass = true) {
    return queue_.HasRoomForPacket(bytes) &&
           queue_.WritePacket(
               bytes,
               [](absl::Span<uint8_t> place) {
                 std::fill(place.begin(), place.end(), uint8_t{0x5A});
               },
               [&](absl::Span<const uint8_t> packet) {
                 judged_.assign(packet.begin(), packet.end());
                 return may_pass;
               });
  }

  std::string Queued() const {
    return absl::BytesToHexString(
        {reinterpret_cast<const char*>(queue_.bytes().data()),
         queue_.bytes().size()});
  }

  uint8_t next_ = 0;
  Bytes judged_;
  FrameQueue queue_{kCapacity, [this](absl::Span<uint8_t> out) {
                      for (uint8_t& byte : out) {
                        byte = ++next_;
                      }
                    }};
};

TEST_F(FrameQueueTest, QueuesARequestAsItIsAndFramesBehindIt) {
  EXPECT_TRUE(queue_.WriteRequest("GET"));
  EXPECT_TRUE(queue_.WriteControl(Opcode::kPing, Bytes{0xFF}));
  // "GET", then FIN and ping, masked and 1 byte, the mask, FF ^ 01.
  EXPECT_EQ(Queued(),
            "474554"
            "8981"
            "01020304"
            "fe");
}

// RFC 6455 5.3 MUST: a fresh masking key for every frame
TEST_F(FrameQueueTest, MasksAPacketInItsPlaceAndEachWithAKeyOfItsOwn) {
  EXPECT_TRUE(Put(2));
  EXPECT_TRUE(Put(2));
  EXPECT_EQ(judged_, Bytes(2, 0x5A)) << "before it is masked";
  // FIN and binary, masked and 2 bytes, the mask, 5A5A ^ mask.
  EXPECT_EQ(Queued(),
            "8282"
            "01020304"
            "5b58"
            "8282"
            "05060708"
            "5f5c");
}

TEST_F(FrameQueueTest, QueuesNothingOfAPacketThatMayNotPass) {
  EXPECT_FALSE(Put(100, false));
  EXPECT_EQ(judged_.size(), 100u);
  EXPECT_TRUE(queue_.bytes().empty());
  EXPECT_TRUE(Put(1));
  EXPECT_EQ(Queued(),
            "8281"
            "01020304"
            "5b")
      << "its key was not used up";
}

TEST_F(FrameQueueTest, KeepsRoomForSmallPacketsThenForControlThenForAClose) {
  while (Put(1400)) {
  }
  EXPECT_FALSE(queue_.HasRoomForPacket(1400));
  EXPECT_TRUE(queue_.HasRoomForPacket(512));
  int small = 0;
  while (Put(100)) {
    ++small;
  }
  EXPECT_GE(small, 100);
  EXPECT_TRUE(queue_.HasRoomForControl());
  EXPECT_TRUE(queue_.WriteControl(Opcode::kPong, Bytes(125)));
  EXPECT_FALSE(queue_.HasRoomForControl()) << "the rest is the Close frame's";
  EXPECT_TRUE(queue_.WriteControl(Opcode::kClose, Bytes(125)));
  EXPECT_FALSE(queue_.WriteControl(Opcode::kClose, Bytes(125)));
  EXPECT_LE(queue_.bytes().size(), kCapacity);
}

TEST_F(FrameQueueTest, HasRoomAgainForWhatWasConsumed) {
  while (Put(1400)) {
  }
  const size_t full = queue_.bytes().size();
  queue_.Consume(2 * (1400 + 8));
  EXPECT_EQ(queue_.bytes().size(), full - 2 * (1400 + 8));
  EXPECT_EQ(queue_.bytes()[0], 0x82) << "the beginning of the third frame";
  EXPECT_TRUE(Put(1400));
}

TEST_F(FrameQueueTest, RefusesARequestThatIsTooLongAndQueuesNothing) {
  EXPECT_FALSE(queue_.WriteRequest(std::string(kCapacity + 1, 'x')));
  EXPECT_TRUE(queue_.bytes().empty());
  EXPECT_TRUE(queue_.WriteRequest(std::string(kCapacity, 'x')));
}

TEST_F(FrameQueueTest, WipesWhatHeldCredentials) {
  ASSERT_TRUE(queue_.WriteRequest("secret"));
  const uint8_t* const place = queue_.bytes().data();
  queue_.ConsumeAndWipe(3);
  EXPECT_EQ(Bytes(place, place + 6), (Bytes{0, 0, 0, 'r', 'e', 't'}));
  queue_.WipeAll();
  EXPECT_EQ(Bytes(place, place + 6), Bytes(6));
  EXPECT_TRUE(queue_.bytes().empty());
}

}  // namespace
}  // namespace ovoc::tunnel
