// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/hub.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr absl::Time kStart = absl::FromUnixSeconds(1000);
constexpr uint32_t kOvoc = 0xA9FE0001;  // 169.254.0.1
constexpr uint32_t kA = 0xA9FE0002;
constexpr uint32_t kB = 0xA9FE0003;

constexpr absl::string_view kRequest =
    "GET /tun HTTP/1.1\r\n"
    "Host: ovoc.example.net\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "\r\n";

// 20 bytes of which the hub looks at the two addresses only.
Bytes Packet(uint32_t source, uint32_t destination) {
  Bytes packet = {0x45, 0, 0, 20, 0, 0, 0, 0, 64, 1, 0, 0};
  for (const uint32_t address : {source, destination}) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      packet.push_back(static_cast<uint8_t>(address >> shift));
    }
  }
  return packet;
}

// An unmasked frame: tun-ws takes it.
Bytes Framed(const Bytes& packet) {
  Bytes frame = {0x82, static_cast<uint8_t>(packet.size())};
  frame.insert(frame.end(), packet.begin(), packet.end());
  return frame;
}

class HubTest : public testing::Test {
 protected:
  HubTest() : hub_(MakeHub()) {
    options_.rules.style = ServerStyle::kLegacyDirect;
    hub_.set_now(kStart);
  }

  Hub MakeHub() {
    AddressPool::Options pool;
    pool.prefix_length = 30;
    pool.broadcast = BroadcastUse::kGivenOut;
    absl::StatusOr<Hub> hub =
        Hub::Create(pool, [this](absl::Span<const uint8_t> packet) {
          device_.emplace_back(packet.begin(), packet.end());
        });
    EXPECT_TRUE(hub.ok()) << hub.status();
    return *std::move(hub);
  }

  // A peer that has logged in, or been refused, with its answer forgotten.
  std::unique_ptr<Peer> Connect() {
    auto peer = std::make_unique<Peer>(&options_, &hub_, nullptr, kStart);
    peer->OnBytes(
        {reinterpret_cast<const uint8_t*>(kRequest.data()), kRequest.size()},
        kStart, kStart);
    Output(*peer);
    return peer;
  }

  void Send(Peer& peer, const Bytes& packet) {
    peer.OnBytes(Framed(packet), kStart, kStart);
  }

  static Bytes Output(Peer& peer) {
    Bytes all;
    while (!peer.NextWrite().empty()) {
      const absl::Span<const uint8_t> next = peer.NextWrite();
      all.insert(all.end(), next.begin(), next.end());
      peer.Wrote(next.size());
    }
    return all;
  }

  std::vector<Bytes> device_;
  Peer::Options options_;
  Hub hub_;
};

TEST_F(HubTest, GivesAddressesInOrderAndTakesThemBack) {
  std::unique_ptr<Peer> a = Connect();
  std::unique_ptr<Peer> b = Connect();
  EXPECT_EQ(a->lease()->address.ToString(), "169.254.0.2");
  EXPECT_EQ(a->lease()->prefix_length, 30);
  EXPECT_EQ(b->lease()->address.ToString(), "169.254.0.3");
  EXPECT_EQ(hub_.peer_count(), 2u);
  // Recording 12: the third is refused.
  std::unique_ptr<Peer> c = Connect();
  EXPECT_FALSE(c->open());
  a.reset();
  EXPECT_EQ(hub_.peer_count(), 1u);
  c = Connect();
  ASSERT_TRUE(c->open());
  EXPECT_EQ(c->lease()->address.ToString(), "169.254.0.2");
}

TEST_F(HubTest, AnEndedPeerDoesNotTakeTheNextOnesAddressAway) {
  std::unique_ptr<Peer> a = Connect();
  a->OnStreamEnd(PeerEnd::kPeerClosed);
  std::unique_ptr<Peer> next = Connect();
  EXPECT_EQ(next->lease()->address, a->lease()->address);
  a.reset();
  EXPECT_EQ(hub_.peer_count(), 1u);
  hub_.OnDevicePacket(Packet(kOvoc, kA));
  EXPECT_EQ(Output(*next), Framed(Packet(kOvoc, kA)));
}

TEST_F(HubTest, PassesPacketsForOvocToTheDevice) {
  std::unique_ptr<Peer> a = Connect();
  Send(*a, Packet(kA, kOvoc));
  ASSERT_EQ(device_.size(), 1u);
  EXPECT_EQ(device_[0], Packet(kA, kOvoc));
  EXPECT_EQ(hub_.counters().to_device, 1u);
  EXPECT_TRUE(Output(*a).empty());
}

TEST_F(HubTest, PassesPacketsFromDeviceToDeviceWithTheirFrameHead) {
  std::unique_ptr<Peer> a = Connect();
  std::unique_ptr<Peer> b = Connect();
  Bytes frame = Framed(Packet(kA, kB));
  frame[0] = 0xc1;  // text with RSV1, as recording 24 has both
  a->OnBytes(frame, kStart, kStart);
  EXPECT_EQ(Output(*b), frame);
  EXPECT_TRUE(device_.empty());
  EXPECT_EQ(hub_.counters().peer_to_peer, 1u);
  // To itself too: the address is one in use.
  Send(*a, Packet(kA, kA));
  EXPECT_EQ(Output(*a), Framed(Packet(kA, kA)));
}

TEST_F(HubTest, DropsSilentlyWhatTheRealServerDrops) {
  std::unique_ptr<Peer> a = Connect();
  std::unique_ptr<Peer> b = Connect();
  const struct {
    const char* name;
    Bytes packet;
    uint64_t HubCounters::* counter;
  } kCases[] = {
      {"19 bytes", Bytes(19, 0x45), &HubCounters::dropped_short},
      {"nothing", {}, &HubCounters::dropped_short},
      {"another device's source", Packet(kB, kOvoc),
       &HubCounters::dropped_source},
      {"OVOC's source", Packet(kOvoc, kB), &HubCounters::dropped_source},
      {"IPv6 router solicitation", Bytes(48, 0x60),
       &HubCounters::dropped_source},
      {"address not in use", Packet(kA, 0xA9FE0063),
       &HubCounters::dropped_destination},
      {"network address", Packet(kA, 0xA9FE0000),
       &HubCounters::dropped_destination},
      {"limited broadcast", Packet(kA, 0xFFFFFFFF),
       &HubCounters::dropped_destination},
      {"multicast", Packet(kA, 0xE0000001), &HubCounters::dropped_destination},
      {"the Internet", Packet(kA, 0x08080808),
       &HubCounters::dropped_destination},
  };
  for (const auto& c : kCases) {
    const uint64_t before = hub_.counters().*c.counter;
    Send(*a, c.packet);
    EXPECT_EQ(hub_.counters().*c.counter, before + 1) << c.name;
    EXPECT_TRUE(device_.empty()) << c.name;
    EXPECT_TRUE(Output(*a).empty()) << c.name;
    EXPECT_TRUE(Output(*b).empty()) << c.name;
    EXPECT_TRUE(a->open()) << c.name;
  }
}

TEST_F(HubTest, ADepartedDeviceGetsNothing) {
  std::unique_ptr<Peer> a = Connect();
  std::unique_ptr<Peer> b = Connect();
  b->OnStreamEnd(PeerEnd::kPeerClosed);
  Send(*a, Packet(kA, kB));
  EXPECT_EQ(hub_.counters().dropped_destination, 1u);
  EXPECT_TRUE(Output(*b).empty());
}

TEST_F(HubTest, PassesOvocsPacketsToThePeerTheyAreFor) {
  std::unique_ptr<Peer> a = Connect();
  std::unique_ptr<Peer> b = Connect();
  hub_.OnDevicePacket(Packet(kOvoc, kB));
  // Also routed ones, whose source is not OVOC.
  hub_.OnDevicePacket(Packet(0x0A000001, kA));
  EXPECT_EQ(Output(*b), Framed(Packet(kOvoc, kB)));
  EXPECT_EQ(Output(*a), Framed(Packet(0x0A000001, kA)));
  EXPECT_EQ(hub_.counters().from_device, 2u);
}

TEST_F(HubTest, DropsWhatTheKernelSendsForNobody) {
  std::unique_ptr<Peer> a = Connect();
  hub_.OnDevicePacket(Packet(kOvoc, kB));
  EXPECT_EQ(hub_.counters().dropped_destination, 1u);
  hub_.OnDevicePacket(Bytes(10, 0x45));
  Bytes ipv6 = Packet(kOvoc, kA);
  ipv6[0] = 0x60;
  hub_.OnDevicePacket(ipv6);
  EXPECT_EQ(hub_.counters().dropped_short, 2u);
  EXPECT_TRUE(Output(*a).empty());
}

TEST_F(HubTest, CountsPacketsForAPeerThatDoesNotRead) {
  std::unique_ptr<Peer> a = Connect();
  for (int i = 0; i < 40000; ++i) {
    hub_.OnDevicePacket(Packet(kOvoc, kA));
  }
  EXPECT_GT(hub_.counters().dropped_full, 0u);
  EXPECT_EQ(hub_.counters().dropped_full, a->dropped_full());
  EXPECT_EQ(hub_.counters().from_device + hub_.counters().dropped_full, 40000u);
  EXPECT_LE(Output(*a).size(), kMaxPeerOutputBytes);
}

TEST(HubCreateTest, NeedsAPoolThatServesSomebody) {
  AddressPool::Options pool;
  pool.prefix_length = 31;
  EXPECT_FALSE(Hub::Create(pool, nullptr).ok());
}

}  // namespace
}  // namespace ovoc::conformance
