// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/server_connection.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "conformance/ovoc_server/hub.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::conformance {
namespace {

using tunnel::IoResult;
using Turn = ServerConnection::Turn;

constexpr absl::Time kStart = absl::FromUnixSeconds(1000);
constexpr absl::string_view kRequest =
    "GET /tun HTTP/1.1\r\n"
    "Host: ovoc.example.net\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Authorization: Basic VlBOOjEyMzQ1Ng==\r\n"
    "\r\n";

// What the test sees of a FakeTransport, which the connection owns.
struct Wire {
  std::string incoming;
  bool incoming_ended = false;
  bool incoming_endless = false;  // zeros for ever
  bool shaken = true;
  bool more = false;  // what comes is nothing, and goes on
  bool broken = false;
  size_t room = 1 << 20;             // bytes the socket still takes
  std::vector<std::string> written;  // one for each Write
  bool shut = false;
};

class FakeTransport : public tunnel::Transport {
 public:
  explicit FakeTransport(Wire* wire)
      : Transport(netif::UniqueFd()), wire_(wire) {}

  IoResult Handshake() override {
    if (wire_->broken) {
      return Fail(absl::UnavailableError("broken"));
    }
    if (wire_->more) {
      return IoResult::kMore;
    }
    return wire_->shaken ? IoResult::kDone : IoResult::kWouldBlock;
  }
  IoResult Read(absl::Span<uint8_t> out, size_t* count) override {
    *count = 0;
    if (wire_->more) {
      return IoResult::kMore;
    }
    if (wire_->incoming_endless) {
      *count = out.size();
      std::fill(out.begin(), out.end(), uint8_t{0});
      return IoResult::kDone;
    }
    if (wire_->incoming.empty()) {
      return wire_->incoming_ended ? IoResult::kClosed : IoResult::kWouldBlock;
    }
    *count = std::min(out.size(), wire_->incoming.size());
    std::copy_n(wire_->incoming.begin(), *count, out.begin());
    wire_->incoming.erase(0, *count);
    return IoResult::kDone;
  }
  IoResult Write(absl::Span<const uint8_t> in, size_t* count) override {
    *count = std::min(in.size(), wire_->room);
    if (*count == 0) {
      return wire_->broken ? IoResult::kFailed : IoResult::kWouldBlock;
    }
    wire_->room -= *count;
    wire_->written.emplace_back(
        in.begin(), in.begin() + static_cast<std::ptrdiff_t>(*count));
    return IoResult::kDone;
  }
  void Shutdown() override { wire_->shut = true; }
  bool WantsWrite() const override { return true; }

 private:
  Wire* const wire_;
};

class ServerConnectionTest : public testing::Test {
 protected:
  ServerConnectionTest()
      : hub_(*Hub::Create(AddressPool::Options(),
                          [](absl::Span<const uint8_t>) {})),
        buffer_(4096) {
    hub_.set_now(kStart);
  }

  void Start(ServerStyle style = ServerStyle::kStrict) {
    options_.rules.style = style;
    connection_ = std::make_unique<ServerConnection>(
        std::make_unique<FakeTransport>(&wire_), "192.0.2.20:1", &options_,
        &hub_, nullptr, kStart);
  }

  Turn Serve() {
    return connection_->Serve(absl::MakeSpan(buffer_), kStart, kStart);
  }

  void Upgrade(ServerStyle style = ServerStyle::kStrict) {
    Start(style);
    wire_.incoming = std::string(kRequest);
    EXPECT_EQ(Serve(), Turn::kOver);
    ASSERT_EQ(wire_.written.size(), 1u);
    EXPECT_TRUE(absl::StartsWith(wire_.written[0], "HTTP/1.1 101 "));
    wire_.written.clear();
  }

  // OVOC sends three small packets to the first peer.
  void SendThreePackets() {
    std::vector<uint8_t> packet(20, 0);
    packet[0] = 0x45;
    packet[16] = 169;
    packet[17] = 254;
    packet[19] = 2;
    for (int i = 0; i < 3; ++i) {
      hub_.OnDevicePacket(packet);
    }
  }

  Wire wire_;
  Peer::Options options_;
  Hub hub_;
  std::vector<uint8_t> buffer_;
  std::unique_ptr<ServerConnection> connection_;
};

TEST_F(ServerConnectionTest, LeavesRecordsWithoutDataToTheNextTurn) {
  Start();
  wire_.more = true;
  EXPECT_EQ(Serve(), Turn::kMore) << "in the handshake";
  wire_.more = false;
  wire_.incoming = std::string(kRequest);
  EXPECT_EQ(Serve(), Turn::kOver);
  wire_.more = true;
  EXPECT_EQ(Serve(), Turn::kMore) << "behind it";
}

TEST_F(ServerConnectionTest, WaitsForTheHandshakeAndReadsWhatCameWithIt) {
  wire_.shaken = false;
  wire_.incoming = std::string(kRequest);
  Start();
  EXPECT_EQ(Serve(), Turn::kOver);
  EXPECT_TRUE(connection_->wants_write());
  EXPECT_TRUE(wire_.written.empty());
  wire_.shaken = true;
  EXPECT_EQ(Serve(), Turn::kOver);
  EXPECT_FALSE(connection_->wants_write());
  ASSERT_EQ(wire_.written.size(), 1u);
  EXPECT_TRUE(connection_->peer().open());
}

TEST_F(ServerConnectionTest, ABrokenHandshakeIsTheEnd) {
  wire_.broken = true;
  Start();
  Serve();
  EXPECT_TRUE(connection_->done());
  EXPECT_EQ(connection_->peer().end(), PeerEnd::kTransport);
}

TEST_F(ServerConnectionTest, LegacyWritesPacketByPacketAndStrictAtOnce) {
  Upgrade(ServerStyle::kLegacyDirect);
  SendThreePackets();
  connection_->Flush(kStart);
  // A write is a TLS record.
  EXPECT_EQ(wire_.written.size(), 3u);
  EXPECT_EQ(wire_.written[0].size(), 22u);
  connection_.reset();
  wire_ = Wire();
  Upgrade(ServerStyle::kStrict);
  SendThreePackets();
  connection_->Flush(kStart);
  ASSERT_EQ(wire_.written.size(), 1u);
  EXPECT_EQ(wire_.written[0].size(), 66u);
}

TEST_F(ServerConnectionTest, WaitsForRoomAndGoesOnWhereItStopped) {
  Upgrade();
  wire_.room = 30;
  SendThreePackets();
  connection_->Flush(kStart);
  EXPECT_TRUE(connection_->wants_write());
  ASSERT_EQ(wire_.written.size(), 1u);
  EXPECT_EQ(wire_.written[0].size(), 30u);
  wire_.room = 1000;
  EXPECT_EQ(Serve(), Turn::kOver);
  EXPECT_FALSE(connection_->wants_write());
  ASSERT_EQ(wire_.written.size(), 2u);
  EXPECT_EQ(wire_.written[1].size(), 36u);
}

TEST_F(ServerConnectionTest, SendsTheLastBytesAndLingersForTheClientsEnd) {
  Upgrade();
  wire_.incoming = std::string("\x88\x80\0\0\0\0", 6);  // Close
  Serve();
  ASSERT_EQ(wire_.written.size(), 1u);
  EXPECT_TRUE(wire_.shut);
  EXPECT_FALSE(connection_->done());
  // What still comes is thrown away.
  wire_.incoming = std::string("\x89\x80\0\0\0\0", 6);
  Serve();
  EXPECT_EQ(wire_.written.size(), 1u);
  wire_.incoming_ended = true;
  Serve();
  EXPECT_TRUE(connection_->done());
  EXPECT_EQ(connection_->peer().end(), PeerEnd::kCloseFrame);
}

TEST_F(ServerConnectionTest, DoesNotLingerForEver) {
  Upgrade();
  wire_.room = 0;  // not even the Close gets out
  connection_->Stop(kStart);
  EXPECT_FALSE(wire_.shut);
  EXPECT_EQ(connection_->NextTime(), kStart + kLingerTime);
  connection_->OnTime(kStart + kLingerTime - absl::Milliseconds(1));
  EXPECT_FALSE(connection_->done());
  connection_->OnTime(kStart + kLingerTime);
  EXPECT_TRUE(connection_->done());
  EXPECT_EQ(connection_->NextTime(), absl::InfiniteFuture());
}

TEST_F(ServerConnectionTest, ClosesWhenTheClientDoes) {
  Upgrade();
  wire_.incoming_ended = true;
  Serve();
  EXPECT_TRUE(connection_->done());
  EXPECT_TRUE(wire_.shut);
  EXPECT_EQ(connection_->peer().end(), PeerEnd::kPeerClosed);
  EXPECT_EQ(hub_.peer_count(), 0u);
}

TEST_F(ServerConnectionTest, AFailedWriteIsTheEnd) {
  Upgrade();
  wire_.room = 0;
  wire_.broken = true;
  SendThreePackets();
  connection_->Flush(kStart);
  EXPECT_TRUE(connection_->done());
  EXPECT_EQ(connection_->peer().end(), PeerEnd::kTransport);
}

TEST_F(ServerConnectionTest, LeavesTheOthersTheirTurn) {
  Upgrade(ServerStyle::kLegacyDirect);
  wire_.incoming_endless = true;
  EXPECT_EQ(Serve(), Turn::kMore);
  EXPECT_FALSE(connection_->done());
}

TEST_F(ServerConnectionTest, SilenceEndsIt) {
  Upgrade();
  EXPECT_EQ(connection_->NextTime(), kStart + kIdleLimit);
  connection_->OnTime(kStart + kIdleLimit);
  EXPECT_TRUE(wire_.shut);
  EXPECT_EQ(connection_->peer().end(), PeerEnd::kIdle);
  EXPECT_EQ(connection_->NextTime(), kStart + kIdleLimit + kLingerTime);
  // In the middle of a handshake there is nothing to say goodbye with.
  wire_ = Wire();
  wire_.shaken = false;
  Start();
  Serve();
  connection_->OnTime(kStart + kRequestLimit);
  EXPECT_TRUE(connection_->done());
}

}  // namespace
}  // namespace ovoc::conformance
