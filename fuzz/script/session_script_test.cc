// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/session_script.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

#include "fuzz/script/byte_source.h"
#include "gtest/gtest.h"
#include "netif/testing/flow_packet.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_end.h"

namespace ovoc::fuzz {
namespace {

using State = tunnel::Session::State;

uint8_t Of(SessionStep step) { return static_cast<uint8_t>(step); }

// Options (no peers, MTU 580, 4096 bytes of output, cuts), then the steps.
std::vector<uint8_t> Script(std::initializer_list<int> steps) {
  std::vector<uint8_t> input = {0, 64, 255, 1};
  for (const int byte : steps) {
    input.push_back(static_cast<uint8_t>(byte));
  }
  return input;
}

class SessionScriptTest : public testing::Test {
 protected:
  const tunnel::Session& Play(const std::vector<uint8_t>& input) {
    input_ = input;
    ByteSource source(input_);
    script_ = std::make_unique<SessionScript>(&source);
    while (!source.empty()) {
      script_->Step(&source);
    }
    return script_->run().session();
  }

  std::vector<uint8_t> input_;
  std::unique_ptr<SessionScript> script_;
};

TEST_F(SessionScriptTest, OpensAndCarriesPacketsBothWays) {
  const tunnel::Session& session =
      Play(Script({Of(SessionStep::kConsumeAll), Of(SessionStep::kAccept), 0,
                   Of(SessionStep::kPacket), 0x07 | 0x10 | 0x20, 28, 0,
                   Of(SessionStep::kFragments), 0x07 | 0x10 | 0x20, 40, 0,
                   Of(SessionStep::kSend), 0x07 | 0x08 | 0x40, 28, 0,
                   Of(SessionStep::kConsumeAll)}));
  EXPECT_EQ(session.state(), State::kOpen);
  EXPECT_EQ(session.counters().packets.inbound.accepted_packets(), 2u);
  EXPECT_EQ(session.counters().packets.outbound.accepted_packets(), 1u);
  EXPECT_EQ(session.counters().pings_received, 1u);
  script_->Finish();
  EXPECT_EQ(session.end()->reason, tunnel::EndReason::kPeerGone);
}

TEST_F(SessionScriptTest, ARefusalEndsTheLogin) {
  const tunnel::Session& session =
      Play(Script({Of(SessionStep::kRefuse), 0, Of(SessionStep::kLater), 0}));
  ASSERT_EQ(session.state(), State::kClosed);
  EXPECT_EQ(session.end()->reason, tunnel::EndReason::kUnauthorized);
}

TEST_F(SessionScriptTest, TheClockRunsToTheEndOfThePatience) {
  const tunnel::Session& session = Play(Script({Of(SessionStep::kNextTime)}));
  EXPECT_EQ(session.end()->reason, tunnel::EndReason::kTimeout);
}

TEST_F(SessionScriptTest, AnAnswerGivesAnAddressOrBreaksARule) {
  const struct {
    const char* what;
    int choice;
    uint32_t address;   // 0: the device must not take it
    int prefix_length;  // with peer-to-peer
  } kCases[] = {
      {"the range of OVOC", 0, 0xA9FE0002, 18},
      {"a part of it", 1, 0xA9FE0002, 30},
      {"a part without OVOC", 2, 0xA9FE0709, 24},
      {"OVOC's own", 3, 0, 0},
      {"broadcast", 4, 0, 0},
      {"outside of the range", 5, 0, 0},
      {"no room for OVOC", 6, 0, 0},
      {"no prefix", 7, 0, 0},
      {"the first again", 8, 0xA9FE0002, 18},
      {"a wrong Accept", 0x40, 0, 0},
      {"a second Upgrade", 0x80, 0, 0},
  };
  for (const auto& test : kCases) {
    for (const uint8_t peers : std::vector<uint8_t>{0, 1}) {
      std::vector<uint8_t> input = Script(
          {Of(SessionStep::kAccept), test.choice, Of(SessionStep::kLater), 0});
      input[0] = peers;
      const tunnel::Session& session = Play(input);
      const bool is_open = test.address != 0;
      EXPECT_EQ(session.state(), is_open ? State::kOpen : State::kClosed)
          << test.what;
      EXPECT_EQ(script_->run().tunnel().ours, test.address) << test.what;
      if (is_open) {
        EXPECT_EQ(script_->run().tunnel().prefix_length,
                  peers == 1 ? test.prefix_length : 32);
      } else {
        EXPECT_EQ(session.end()->reason, tunnel::EndReason::kHandshake);
      }
    }
  }
}

TEST_F(SessionScriptTest, EachRefusalEndsTheLoginInItsWay) {
  const tunnel::EndReason expected[] = {
      tunnel::EndReason::kUnauthorized,   // 401
      tunnel::EndReason::kNoFreeAddress,  // 409
      tunnel::EndReason::kHttpStatus,     // 404
      tunnel::EndReason::kHandshake,      // 100, RFC 6455 4.1
      tunnel::EndReason::kHandshake,      // HTTP/2
      tunnel::EndReason::kHttpStatus,     // 502
      tunnel::EndReason::kUnauthorized,   // the first again
  };
  for (int choice = 0; choice < 7; ++choice) {
    const tunnel::Session& session = Play(
        Script({Of(SessionStep::kRefuse), choice, Of(SessionStep::kLater), 0}));
    ASSERT_EQ(session.state(), State::kClosed) << choice;
    EXPECT_EQ(session.end()->reason, expected[choice]) << choice;
    script_->Finish();
  }
}

TEST_F(SessionScriptTest, ALoginHasTenSeconds) {
  EXPECT_EQ(Play(Script({Of(SessionStep::kLater), 99})).state(),
            State::kLoggingIn);
  EXPECT_EQ(Play(Script({Of(SessionStep::kLater), 100})).end()->reason,
            tunnel::EndReason::kTimeout);
}

TEST_F(SessionScriptTest, ASilentPeerIsPingedAndThenGivenUp) {
  // Pings after 17, 34 and 51 s; the end after 60 s.
  const std::vector<uint8_t> input =
      Script({Of(SessionStep::kConsumeAll), Of(SessionStep::kAccept), 0,
              Of(SessionStep::kNextTime), Of(SessionStep::kNextTime),
              Of(SessionStep::kNextTime), Of(SessionStep::kConsumeAll)});
  const tunnel::Session& session = Play(input);
  EXPECT_EQ(session.state(), State::kOpen);
  EXPECT_EQ(session.counters().pings_sent, 3u);
  std::vector<uint8_t> more = input;
  more.push_back(Of(SessionStep::kNextTime));
  more.push_back(Of(SessionStep::kNextTime));  // there is none then
  EXPECT_EQ(Play(more).end()->reason, tunnel::EndReason::kDeadPeer);
}

TEST_F(SessionScriptTest, OutputIsConsumedByEightBytesOrWhole) {
  const size_t request = Play(Script({})).queued_bytes();
  EXPECT_GT(request, 100u);
  EXPECT_EQ(Play(Script({Of(SessionStep::kConsume), 0})).queued_bytes(),
            request);
  EXPECT_EQ(Play(Script({Of(SessionStep::kConsume), 1})).queued_bytes(),
            request - 8);
  EXPECT_EQ(Play(Script({Of(SessionStep::kConsume), 255})).queued_bytes(), 0u);
  EXPECT_EQ(Play(Script({Of(SessionStep::kConsumeAll)})).queued_bytes(), 0u);
}

TEST_F(SessionScriptTest, TheOutputsSizeIsChosenToTheByte) {
  const size_t request = Play(Script({})).queued_bytes();
  const auto with = [](size_t output_bytes) {
    std::vector<uint8_t> input = Script({});
    input[0] = static_cast<uint8_t>(output_bytes % 16 << 4);
    input[2] = static_cast<uint8_t>(output_bytes / 16 - 1);
    ByteSource source(input);
    return SessionScript(&source).created();
  };
  EXPECT_TRUE(with(request));
  EXPECT_FALSE(with(request - 1));
}

TEST_F(SessionScriptTest, AFullOutputTakesNoPacket) {
  // 4096 bytes take 7 frames of 508 and keep 131 for control frames.
  std::vector<uint8_t> input =
      Script({Of(SessionStep::kAccept), 0, Of(SessionStep::kConsumeAll)});
  const std::vector<uint8_t> send = {Of(SessionStep::kSend),
                                     0x07 | 0x08 | 0x40 | 0x80, 0x01, 0xF4, 0};
  for (int i = 0; i < 10; ++i) {
    input.insert(input.end(), send.begin(), send.end());
  }
  EXPECT_EQ(Play(input).counters().packets.outbound.accepted_packets(), 7u);
  input.push_back(Of(SessionStep::kConsumeAll));
  input.insert(input.end(), send.begin(), send.end());
  EXPECT_EQ(Play(input).counters().packets.outbound.accepted_packets(), 8u);
  script_->Finish();
}

TEST_F(SessionScriptTest, APacketAboveTheMtuIsDropped) {
  // An MTU of 68 + 8 * 64; sizes of 580 and 581.
  const tunnel::Session& session =
      Play(Script({Of(SessionStep::kAccept), 0, Of(SessionStep::kConsumeAll),
                   Of(SessionStep::kSend), 0xCF, 0x02, 0x44, 0,
                   Of(SessionStep::kSend), 0xCF, 0x02, 0x45, 0}));
  EXPECT_EQ(session.counters().packets.outbound.accepted_packets(), 1u);
  EXPECT_EQ(session.counters().packets.outbound.dropped_packets(), 1u);
}

TEST_F(SessionScriptTest, APacketBeforeTheLoginGoesNowhere) {
  const tunnel::Session& session =
      Play(Script({Of(SessionStep::kSend), 0x4F, 28, 0}));
  EXPECT_EQ(session.state(), State::kLoggingIn);
  EXPECT_EQ(session.counters().packets.outbound.accepted_packets(), 0u);
  EXPECT_EQ(session.counters().packets.outbound.dropped_packets(), 0u);
}

TEST_F(SessionScriptTest, TheStreamsBytesMayBeGiven) {
  // A ping and half a ping in two blocks; then its other half.
  const tunnel::Session& session =
      Play(Script({Of(SessionStep::kAccept), 0, Of(SessionStep::kBytes), 3,
                   0x89, 0, 0x89, Of(SessionStep::kLater), 0,
                   Of(SessionStep::kBytes), 1, 0, Of(SessionStep::kLater), 0}));
  EXPECT_EQ(session.counters().pings_received, 2u);
  EXPECT_EQ(session.state(), State::kOpen);
}

TEST_F(SessionScriptTest, FramesMayBeAsOddAsTheirBytes) {
  const struct {
    const char* what;
    std::vector<uint8_t> frame;  // both octets, length, mask, a block
    bool is_allowed;
  } kCases[] = {
      {"a ping", {0x89, 0, 0}, true},
      {"a reserved bit", {0xC9, 0, 0}, false},
      {"masked, RFC 6455 5.1", {0x89, 0x80, 1, 2, 3, 4, 0}, false},
      {"16 bits of length", {0x82, 126, 0, 126, 126}, true},
      {"64 bits of length", {0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0, 0}, true},
      {"2^63, which the ovoc profile skips",
       {0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0, 0},
       true},
      {"a long ping, RFC 6455 5.5", {0x89, 126, 0, 126, 0}, false},
  };
  for (const auto& test : kCases) {
    std::vector<uint8_t> input =
        Script({Of(SessionStep::kAccept), 0, Of(SessionStep::kFrame)});
    input.insert(input.end(), test.frame.begin(), test.frame.end());
    if (test.frame.back() > 0) {
      input.resize(input.size() + test.frame.back());
    }
    input.push_back(Of(SessionStep::kLater));
    input.push_back(0);
    const tunnel::Session& session = Play(input);
    EXPECT_EQ(session.state(), test.is_allowed ? State::kOpen : State::kClosed)
        << test.what;
    if (!test.is_allowed) {
      EXPECT_EQ(session.end()->reason, tunnel::EndReason::kProtocolError);
    }
    script_->Finish();
  }
}

TEST_F(SessionScriptTest, AControlFrameHas125BytesAtMost) {
  for (const int size : {0, 125, 126}) {
    std::vector<uint8_t> input =
        Script({Of(SessionStep::kAccept), 0, Of(SessionStep::kPing), size});
    input.resize(input.size() + static_cast<size_t>(size), 'x');
    input.push_back(Of(SessionStep::kLater));
    input.push_back(0);
    const tunnel::Session& session = Play(input);
    EXPECT_EQ(session.state(), size <= 125 ? State::kOpen : State::kClosed);
    EXPECT_EQ(session.counters().pings_received, size <= 125 ? 1u : 0u);
  }
}

TEST_F(SessionScriptTest, EndsInEveryWay) {
  const auto open = [](std::vector<uint8_t> steps) {
    std::vector<uint8_t> input = Script({Of(SessionStep::kAccept), 0});
    input.insert(input.end(), steps.begin(), steps.end());
    return input;
  };
  const uint8_t close = Of(SessionStep::kClose);
  const uint8_t close_frame = Of(SessionStep::kCloseFrame);
  const uint8_t next = Of(SessionStep::kNextTime);
  const struct {
    const char* what;
    std::vector<uint8_t> input;
    tunnel::EndReason reason;
  } kCases[] = {
      {"we close early", Script({close}), tunnel::EndReason::kClosedByUs},
      {"no answer to our Close", open({close, next}),
       tunnel::EndReason::kClosedByUs},
      {"an answer", open({close, close_frame, 0, next}),
       tunnel::EndReason::kClosedByUs},
      {"the login is cut", Script({Of(SessionStep::kStreamEnd)}),
       tunnel::EndReason::kHandshake},
      {"it is reset", Script({Of(SessionStep::kStreamError)}),
       tunnel::EndReason::kConnection},
      {"no Close came", open({Of(SessionStep::kStreamEnd)}),
       tunnel::EndReason::kPeerGone},
      {"a reset", open({Of(SessionStep::kStreamError)}),
       tunnel::EndReason::kConnection},
      {"no code", open({close_frame, 0, next}),
       tunnel::EndReason::kClosedByPeer},
      {"half a code, RFC 6455 5.5.1", open({close_frame, 1, 3, next}),
       tunnel::EndReason::kProtocolError},
      {"1005, RFC 6455 7.4.1", open({close_frame, 2, 3, 0xED, next}),
       tunnel::EndReason::kProtocolError},
  };
  for (const auto& test : kCases) {
    const tunnel::Session& session = Play(test.input);
    ASSERT_EQ(session.state(), State::kClosed) << test.what;
    EXPECT_EQ(session.end()->reason, test.reason) << test.what;
    script_->Finish();
  }
}

TEST_F(SessionScriptTest, TheUpperBitsOfAStepMeanNothing) {
  for (const int upper : {0x00, 0x10, 0xF0}) {
    EXPECT_EQ(Play(Script({Of(SessionStep::kClose) | upper})).state(),
              State::kClosed);
  }
}

TEST_F(SessionScriptTest, TheCutOfThePiecesDoesNotMatter) {
  std::vector<uint8_t> input =
      Script({Of(SessionStep::kAccept), 0, Of(SessionStep::kFragments),
              0x07 | 0x10 | 0x20, 200, 0, Of(SessionStep::kPacket),
              0x07 | 0x10 | 0x20, 40, 0, Of(SessionStep::kPing), 2, 1, 2});
  for (int cut = 0; cut < 256; ++cut) {
    input[3] = static_cast<uint8_t>(cut);
    const tunnel::Session& session = Play(input);
    script_->Finish();  // which gives the bytes
    EXPECT_EQ(session.counters().packets.inbound.accepted_packets(), 2u);
    EXPECT_EQ(session.counters().pings_received, 2u);
  }
}

TEST_F(SessionScriptTest, EveryCutOfAScriptKeepsThePromises) {
  const std::vector<uint8_t> input = Script({Of(SessionStep::kConsume),
                                             9,
                                             Of(SessionStep::kAccept),
                                             1,
                                             Of(SessionStep::kPacket),
                                             0x37,
                                             28,
                                             0,
                                             Of(SessionStep::kSend),
                                             0x4F,
                                             60,
                                             0,
                                             Of(SessionStep::kConsume),
                                             3,
                                             Of(SessionStep::kPing),
                                             2,
                                             7,
                                             8,
                                             Of(SessionStep::kNextTime),
                                             Of(SessionStep::kLater),
                                             12,
                                             Of(SessionStep::kFragments),
                                             0x37,
                                             90,
                                             0,
                                             Of(SessionStep::kClose),
                                             Of(SessionStep::kConsumeAll),
                                             Of(SessionStep::kCloseFrame),
                                             0});
  // Behind the four bytes of the options.
  for (size_t size = 4; size <= input.size(); ++size) {
    Play({input.begin(), input.begin() + static_cast<ptrdiff_t>(size)});
    script_->Finish();
    EXPECT_EQ(script_->run().session().state(), State::kClosed) << size;
  }
}

TEST_F(SessionScriptTest, AnyStepsKeepThePromises) {
  for (uint32_t seed = 1; seed <= 100; ++seed) {
    std::vector<uint8_t> input =
        Script({Of(SessionStep::kConsumeAll), Of(SessionStep::kAccept), 0});
    const std::vector<uint8_t> noise = netif::Noise(200, seed);
    input.insert(input.end(), noise.begin(), noise.end());
    const tunnel::Session& session = Play(input);
    script_->Finish();
    EXPECT_EQ(session.state(), State::kClosed) << seed;
    EXPECT_TRUE(session.output().empty()) << seed;
  }
}

TEST_F(SessionScriptTest, ACloseIsAnswered) {
  const tunnel::Session& session =
      Play(Script({Of(SessionStep::kAccept), 0, Of(SessionStep::kCloseFrame), 2,
                   3, 0xE8, Of(SessionStep::kConsumeAll)}));
  EXPECT_EQ(session.end()->reason, tunnel::EndReason::kClosedByPeer);
  script_->Finish();
}

TEST(SessionScriptOptionsTest, SomeMakeNoSession) {
  const std::vector<uint8_t> no_host = {2, 64, 255, 1};
  ByteSource source(no_host);
  EXPECT_FALSE(SessionScript(&source).created());
  const std::vector<uint8_t> no_room = {0, 64, 1, 1};
  source = ByteSource(no_room);
  EXPECT_FALSE(SessionScript(&source).created());
}

}  // namespace
}  // namespace ovoc::fuzz
