// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/session_script.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "fuzz/script/byte_source.h"
#include "gtest/gtest.h"
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
