// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/frame_queue.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using frame::Opcode;
using Bytes = std::vector<uint8_t>;

constexpr size_t kCapacity = 65536;

constexpr size_t kFile = 1;  // the flow of a file, of packets of the MTU
constexpr size_t kSnmp = 2;
constexpr size_t kNtp = 3;
constexpr size_t kHeaderBytes = 8;  // of a frame with such a packet

// Masks are 01020304, 05060708 and so on.
class FrameQueueTest : public testing::Test {
 protected:
  // Packets consist of `fill`.
  bool Put(size_t bytes, size_t flow, char fill = 0x5A, bool may_pass = true) {
    bool was_written = false;
    bool was_judged = false;
    const SendResult written = queue_->WritePacket(
        {bytes, flow,
         [&](absl::Span<uint8_t> place) {
           was_written = true;
           std::fill(place.begin(), place.end(), static_cast<uint8_t>(fill));
         }},
        [&](absl::Span<const uint8_t> packet) {
          was_judged = true;
          judged_.assign(packet.begin(), packet.end());
          return may_pass;
        });
    EXPECT_EQ(written == SendResult::kNoRoom, !was_written);
    EXPECT_EQ(written == SendResult::kNoRoom, !was_judged);
    EXPECT_EQ(written == SendResult::kDropped, was_judged && !may_pass);
    return written == SendResult::kQueued;
  }

  void FillWithFile() {
    while (Put(1400, kFile)) {
    }
  }

  // What the next frames are, as far as they are whole: the first byte of a
  // packet, or '!' and the opcode.
  std::string TakeFrames() {
    std::string frames;
    while (queue_->size() > 0) {
      taken_.insert(taken_.end(), queue_->bytes().begin(),
                    queue_->bytes().end());
      queue_->Consume(queue_->bytes().size());
    }
    absl::Span<const uint8_t> rest = taken_;
    frame::FrameHeader header;
    size_t header_bytes = 0;
    while (frame::DecodeFrameHeader(rest, &header, &header_bytes) ==
           frame::HeaderResult::kOk) {
      rest.remove_prefix(header_bytes);
      if (header.opcode == Opcode::kBinary) {
        frames += static_cast<char>(rest[0] ^ header.mask_key[0]);
      } else {
        absl::StrAppend(&frames, "!", static_cast<int>(header.opcode));
      }
      rest.remove_prefix(static_cast<size_t>(header.payload_length));
    }
    taken_.clear();
    return frames;
  }

  // Consumes so much in pieces of at most `piece`.
  void Consume(size_t bytes, size_t piece) {
    while (bytes > 0) {
      const size_t count = std::min({bytes, piece, queue_->bytes().size()});
      ASSERT_GT(count, 0u);
      taken_.insert(taken_.end(), queue_->bytes().begin(),
                    queue_->bytes().begin() + static_cast<ptrdiff_t>(count));
      queue_->Consume(count);
      bytes -= count;
    }
  }

  std::string Queued() const {
    return absl::BytesToHexString(
        {reinterpret_cast<const char*>(queue_->bytes().data()),
         queue_->bytes().size()});
  }

  uint8_t next_ = 0;
  Bytes judged_;
  Bytes taken_;
  void SetUpAgain() {
    next_ = 0;
    taken_.clear();
    queue_.emplace(kCapacity, [this](absl::Span<uint8_t> out) {
      for (uint8_t& byte : out) {
        byte = ++next_;
      }
    });
  }
  void SetUp() override { SetUpAgain(); }

  std::optional<FrameQueue> queue_;
};

TEST_F(FrameQueueTest, QueuesARequestAsItIsAndFramesBehindIt) {
  EXPECT_TRUE(queue_->WriteRequest("GET"));
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPing, Bytes{0xFF}));
  EXPECT_EQ(queue_->size(), 10u);
  EXPECT_EQ(Queued(), "474554");
  queue_->ConsumeAndWipe(2);
  EXPECT_EQ(Queued(), "54");
  queue_->Consume(1);
  // FIN and ping, masked and 1 byte, the mask, FF ^ 01.
  EXPECT_EQ(Queued(),
            "8981"
            "01020304"
            "fe");
}

// RFC 6455 5.3 MUST: a fresh masking key for every frame
TEST_F(FrameQueueTest, MasksAPacketInItsPlaceAndEachWithAKeyOfItsOwn) {
  EXPECT_TRUE(Put(2, kFile));
  EXPECT_TRUE(Put(2, kFile));
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
  EXPECT_FALSE(Put(100, kFile, 0x5A, false));
  EXPECT_EQ(judged_.size(), 100u);
  EXPECT_TRUE(queue_->bytes().empty());
  EXPECT_TRUE(Put(1, kFile));
  EXPECT_EQ(Queued(),
            "8281"
            "01020304"
            "5b")
      << "its key was not used up";
}

TEST_F(FrameQueueTest, ASmallPacketOfAFlowWithNothingWaitingGoesAhead) {
  EXPECT_TRUE(Put(1400, kFile, 'f'));
  EXPECT_TRUE(Put(1400, kFile, 'f'));
  EXPECT_TRUE(Put(512, kSnmp, 's'));
  EXPECT_TRUE(Put(100, kSnmp, 't'));
  EXPECT_TRUE(Put(48, kNtp, 'n'));
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPing, {}));
  EXPECT_EQ(TakeFrames(), "sftn!9f") << "one turn, then another";
}

TEST_F(FrameQueueTest, WithinAFlowAllStaysInOrder) {
  EXPECT_TRUE(Put(1400, kFile, 'a'));
  EXPECT_TRUE(Put(100, kFile, 'b'));  // its end
  EXPECT_TRUE(Put(100, kSnmp, 's'));
  EXPECT_TRUE(Put(513, kSnmp, 't'));
  EXPECT_TRUE(Put(100, kSnmp, 'u')) << "behind the large one";
  EXPECT_EQ(TakeFrames(), "sabtu");
}

TEST_F(FrameQueueTest, AFlowWhoseLastWasSentIsSparseAgain) {
  EXPECT_TRUE(Put(100, kSnmp, 's'));
  EXPECT_TRUE(Put(1400, kFile, 'f'));
  EXPECT_TRUE(Put(1400, kFile, 'f'));
  Consume(kHeaderBytes - 2 + 99, 1000);
  EXPECT_TRUE(Put(100, kSnmp, 't')) << "a byte of the other is not sent";
  EXPECT_EQ(queue_->bytes().size(), 1 + 2 * (1400 + kHeaderBytes) + 106);
  Consume(1, 1);
  EXPECT_TRUE(Put(100, kNtp, 'n'));
  EXPECT_EQ(TakeFrames(), "snfft");
}

// Whatever the pieces that a socket takes.
TEST_F(FrameQueueTest, GoesAheadBetweenFramesOnly) {
  for (const size_t piece :
       {size_t{1}, size_t{7}, size_t{1407}, size_t{9999}}) {
    for (size_t sent = 1; sent < 2 * (1400 + kHeaderBytes); sent += 13) {
      EXPECT_TRUE(Put(1400, kFile, 'a'));
      EXPECT_TRUE(Put(1400, kFile, 'b'));
      EXPECT_TRUE(Put(1400, kFile, 'c'));
      Consume(sent, piece);
      EXPECT_TRUE(Put(100, kSnmp, 's'));
      EXPECT_TRUE(queue_->WriteControl(Opcode::kPong, Bytes(3)));
      EXPECT_EQ(TakeFrames(),
                sent <= 1400 + kHeaderBytes ? "as!10bc" : "abs!10c")
          << sent;
    }
  }
}

// A turn of what had come, then a frame of the others.
TEST_F(FrameQueueTest, NobodyIsStarvedByWhatGoesAhead) {
  for (const char fill : {'a', 'b', 'c'}) {
    EXPECT_TRUE(Put(1400, kFile, fill));
  }
  EXPECT_TRUE(Put(100, kSnmp, 's'));
  Consume(50, 50);
  for (const char fill : {'t', 'u'}) {  // while it is sent
    EXPECT_TRUE(Put(100, kSnmp, fill));
  }
  EXPECT_EQ(queue_->bytes().size(), 106u - 50);
  Consume(56 + 1400 + kHeaderBytes, 9999);
  EXPECT_TRUE(Put(100, kSnmp, 'v')) << "after its turn began";
  EXPECT_EQ(TakeFrames(), "satubvc");
}

TEST_F(FrameQueueTest, WhoSendsMoreThanGoesOutWaitsLikeAllOthers) {
  EXPECT_TRUE(Put(1400, kFile, 'f'));
  size_t ahead = 0;
  for (; queue_->size() < 1408 + FrameQueue::kAheadBytes; ++ahead) {
    EXPECT_TRUE(Put(100, kSnmp, 's'));
  }
  EXPECT_TRUE(Put(1400, kFile, 'f'));
  Consume(FrameQueue::kAheadBytes, 9999);
  EXPECT_TRUE(Put(100, kSnmp, 't'));
  EXPECT_TRUE(Put(100, kNtp, 'n'));
  const std::string frames = TakeFrames();
  EXPECT_EQ(frames.size(), ahead + 4);
  EXPECT_EQ(frames.substr(0, 3), "sfs");
  EXPECT_EQ(frames.substr(frames.size() - 3), "sft") << frames;
  EXPECT_LT(frames.find('n'), frames.size() - 4);
}

TEST_F(FrameQueueTest, AFullQueueHasRoomForWhatGoesAheadForControlAndAClose) {
  FillWithFile();
  EXPECT_FALSE(Put(1400, kFile));
  EXPECT_FALSE(Put(1400, kSnmp));
  int small = 0;
  while (Put(100, kSnmp)) {
    ++small;
  }
  EXPECT_GE(small, 100);
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPing, Bytes(125)));
  EXPECT_TRUE(queue_->HasRoomForControl());
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPong, Bytes(125)));
  EXPECT_FALSE(queue_->HasRoomForControl());
  EXPECT_FALSE(queue_->WriteControl(Opcode::kPong, Bytes(125)));
  EXPECT_LE(queue_->size(), kCapacity + FrameQueue::kAheadBytes);
  EXPECT_TRUE(queue_->WriteControl(Opcode::kClose, Bytes(125)));
  EXPECT_FALSE(queue_->WriteControl(Opcode::kClose, Bytes(125)));
  EXPECT_FALSE(queue_->WriteControl(Opcode::kPing, {}));
  EXPECT_EQ(TakeFrames(), "!9!10!8");
}

TEST_F(FrameQueueTest, ACloseGoesOutRightBehindTheFrameInProgress) {
  EXPECT_TRUE(Put(1400, kFile, 'f'));
  EXPECT_TRUE(Put(1400, kFile, 'g'));
  EXPECT_TRUE(Put(1400, kFile, 'h'));
  Consume(1400 + kHeaderBytes + 1, 500);
  EXPECT_TRUE(Put(100, kSnmp, 's'));
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPong, {}));
  EXPECT_TRUE(queue_->WriteControl(Opcode::kClose, Bytes{0x03, 0xE8}));
  // What is left of g, an empty Pong and the Close.
  EXPECT_EQ(queue_->size(), 1400 + kHeaderBytes - 1 + 6 + 8);
  EXPECT_EQ(TakeFrames(), "fg!10!8");
  EXPECT_EQ(queue_->dropped_packets(), 2u);
}

// The same when what is in progress is a packet that went ahead.
TEST_F(FrameQueueTest, ACloseDoesNotCutAFrameThatWentAhead) {
  for (const size_t cut : {1u, 2u, 105u, 106u, 107u}) {
    SetUpAgain();
    EXPECT_TRUE(Put(1400, kFile, 'f'));
    EXPECT_TRUE(Put(1400, kFile, 'g'));
    Consume(1400 + kHeaderBytes, 9999);
    EXPECT_TRUE(Put(100, kSnmp, 's'));
    EXPECT_TRUE(Put(100, kNtp, 'n'));
    Consume(cut, 7);  // each is 106 bytes with its header
    EXPECT_TRUE(queue_->WriteControl(Opcode::kClose, {}));
    EXPECT_EQ(TakeFrames(), cut <= 106 ? "fs!8" : "fsg!8") << cut;
    EXPECT_EQ(queue_->dropped_packets(), cut <= 106 ? 2u : 1u) << cut;
  }
}

// RFC 6455 5.5.1 MUST NOT: data frames after the Close
TEST_F(FrameQueueTest, ACloseIsLast) {
  EXPECT_TRUE(Put(1400, kFile, 'f'));
  EXPECT_TRUE(Put(100, kSnmp, 's'));
  Consume(1, 1);
  EXPECT_TRUE(Put(100, kSnmp, 't')) << "behind the turn of the other";
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPing, {}));
  EXPECT_TRUE(queue_->WriteControl(Opcode::kClose, {}));
  EXPECT_EQ(TakeFrames(), "s!9!8") << "the packets that had not begun are gone";
  EXPECT_EQ(queue_->dropped_packets(), 2u);
}

TEST_F(FrameQueueTest, ACloseIsBehindThePongs) {
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPing, {}));
  Consume(1, 1);
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPong, {}));
  EXPECT_TRUE(queue_->WriteControl(Opcode::kClose, {}));
  EXPECT_EQ(TakeFrames(), "!9!10!8");
}

TEST_F(FrameQueueTest, TheFirstPacketGoesAheadOfNobody) {
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPing, {}));
  Consume(3, 3);
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPong, {}));
  EXPECT_TRUE(Put(100, kSnmp, 's'));
  EXPECT_TRUE(Put(100, kNtp, 'n')) << "ahead of that of SNMP";
  EXPECT_TRUE(queue_->WriteControl(Opcode::kPong, {}));
  EXPECT_EQ(TakeFrames(), "!9s!10n!10");
}

TEST_F(FrameQueueTest, HasRoomAgainForWhatWasConsumed) {
  FillWithFile();
  const size_t full = queue_->size();
  queue_->Consume(2 * (1400 + kHeaderBytes));
  EXPECT_EQ(queue_->size(), full - 2 * (1400 + kHeaderBytes));
  EXPECT_EQ(queue_->bytes()[0], 0x82) << "the beginning of the third frame";
  EXPECT_TRUE(Put(1400, kFile));
  queue_->Consume(SIZE_MAX);
  EXPECT_EQ(queue_->size(), 0u);
}

TEST_F(FrameQueueTest, RefusesARequestThatIsTooLongAndQueuesNothing) {
  EXPECT_FALSE(queue_->WriteRequest(std::string(kCapacity + 1, 'x')));
  EXPECT_TRUE(queue_->bytes().empty());
  EXPECT_TRUE(queue_->WriteRequest(std::string(kCapacity, 'x')));
}

TEST_F(FrameQueueTest, WipesWhatHeldCredentials) {
  ASSERT_TRUE(queue_->WriteRequest("secret"));
  const uint8_t* const place = queue_->bytes().data();
  queue_->ConsumeAndWipe(3);
  EXPECT_EQ(Bytes(place, place + 6), (Bytes{0, 0, 0, 'r', 'e', 't'}));
  queue_->WipeAll();
  EXPECT_EQ(Bytes(place, place + 6), Bytes(6));
  EXPECT_TRUE(queue_->bytes().empty());
}

}  // namespace
}  // namespace ovoc::tunnel
