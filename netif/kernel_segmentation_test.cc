// SPDX-License-Identifier: Apache-2.0
//
// Holds cutting and joining against the kernel, in network namespaces of the
// test's own. Forwarding: a burst that comes in by a device with bursts and
// goes out by one without is cut by the kernel. Hosts: real sockets talk
// through a device whose bursts are cut and joined here.

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/burst.h"
#include "netif/checksum.h"
#include "netif/coalescing.h"
#include "netif/ip_address.h"
#include "netif/ipv4_packet.h"
#include "netif/linux/linux_interface_config.h"
#include "netif/linux/unique_fd.h"
#include "netif/overlay.h"
#include "netif/segmentation.h"
#include "netif/testing/flow_packet.h"
#include "netif/testing/network_namespace.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {
namespace {

using Packets = std::vector<std::vector<uint8_t>>;

constexpr int kPatienceMs = 5000;  // far above what the kernel needs
constexpr int kMtuBytes = 1500;
constexpr uint32_t kLeft = 0x0A010001;   // 10.1.0.1/24
constexpr uint32_t kRight = 0x0A020001;  // 10.2.0.1/24

// Linux 6.2, linux/if_tun.h: UDP segmentation for IPv4 and IPv6, which Linux
// has together or not at all.
constexpr unsigned kTunUso = 0x20 | 0x40;
constexpr int kUdpSegment = 103;  // UDP_SEGMENT, linux/udp.h

enum class Kind { kPlain, kBursts };

// Tun is a TUN device that is up, in the namespace of its maker.
class Tun {
 public:
  // Open says why there is none; OK else.
  absl::Status Open(const std::string& name, Kind kind, uint32_t address) {
    kind_ = kind;
    fd_.Reset(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
    ifreq request = {};
    std::copy(name.begin(), name.end(), request.ifr_name);
    const int flags = IFF_TUN | IFF_NO_PI | IFF_TUN_EXCL |
                      (kind == Kind::kBursts ? IFF_VNET_HDR : 0);
    request.ifr_flags = static_cast<int16_t>(flags);
    if (!fd_.valid() || ioctl(fd_.get(), TUNSETIFF, &request) != 0) {
      return absl::ErrnoToStatus(errno, "no TUN devices here");
    }
    if (kind == Kind::kBursts) {
      const unsigned offload = TUN_F_CSUM | TUN_F_TSO4;
      has_uso_ = ioctl(fd_.get(), TUNSETOFFLOAD, offload | kTunUso) == 0;
      if (!has_uso_ && ioctl(fd_.get(), TUNSETOFFLOAD, offload) != 0) {
        return absl::ErrnoToStatus(errno, "TUNSETOFFLOAD");
      }
    }
    return LinuxInterfaceConfig().Configure(
        name,
        Overlay({.address = Ipv4Address::FromHostOrder(address),
                 .prefix_length = 24}),
        kMtuBytes);
  }

  bool has_uso() const { return has_uso_; }
  int fd() const { return fd_.get(); }

  // Read gives the next IPv4 packet; an empty one when there is none.
  FlowBurst Read() {
    while (true) {
      FlowBurst burst;
      std::vector<uint8_t> bytes(kVirtioNetHeaderBytes + kMaxBurstBytes);
      const ssize_t size = read(fd_.get(), bytes.data(), bytes.size());
      if (size < 0) {
        return burst;
      }
      bytes.resize(static_cast<size_t>(size));
      if (kind_ == Kind::kBursts) {
        burst.header = DecodeVirtioNetHeader(bytes);
        bytes.erase(bytes.begin(), bytes.begin() + kVirtioNetHeaderBytes);
      }
      burst.packet = std::move(bytes);
      if (burst.packet[0] >> 4 == 4) {  // the kernel may speak of IPv6 first
        return burst;
      }
    }
  }

  void Write(const Burst& burst) {
    std::vector<uint8_t> bytes;
    if (kind_ == Kind::kBursts) {
      bytes.resize(kVirtioNetHeaderBytes);
      EncodeVirtioNetHeader(burst.header, absl::MakeSpan(bytes));
    }
    bytes.insert(bytes.end(), burst.packet.begin(), burst.packet.end());
    ASSERT_EQ(write(fd_.get(), bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()))
        << absl::ErrnoToStatus(errno, "write");
  }

 private:
  UniqueFd fd_;
  Kind kind_ = Kind::kPlain;
  bool has_uso_ = false;
};

Packets Cut(const Burst& burst) {
  Segmenter segmenter;
  const SegmentationError error = segmenter.Begin(burst);
  EXPECT_EQ(error, SegmentationError::kNone) << Describe(error);
  Packets packets;
  while (!segmenter.done()) {
    packets.emplace_back(segmenter.next_bytes());
    segmenter.Next(absl::MakeSpan(packets.back()));
  }
  return packets;
}

class KernelSegmentationTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (namespace_ == nullptr) {
      namespace_ = new absl::Status(EnterNewNetworkNamespace());
    }
  }

  void SetUp() override {
    if (!namespace_->ok()) {
      GTEST_SKIP() << *namespace_;
    }
  }

  static absl::Status* namespace_;
};

absl::Status* KernelSegmentationTest::namespace_ = nullptr;

// ---- A burst that the kernel forwards ----

class ForwardingTest : public KernelSegmentationTest {
 protected:
  void SetUp() override {
    KernelSegmentationTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    for (const absl::Status& status :
         {in_.Open("bursts0", Kind::kBursts, kLeft),
          out_.Open("plain0", Kind::kPlain, kRight)}) {
      if (!status.ok()) {
        GTEST_SKIP() << status;
      }
    }
    const UniqueFd fd(
        open("/proc/sys/net/ipv4/ip_forward", O_WRONLY | O_CLOEXEC));
    if (!fd.valid() || write(fd.get(), "1", 1) != 1) {
      GTEST_SKIP() << absl::ErrnoToStatus(errno, "cannot forward packets");
    }
  }

  // Forward gives what comes out at the other end.
  Packets Forward(const Burst& burst) {
    in_.Write(burst);
    Packets packets;
    pollfd entry = {out_.fd(), POLLIN, 0};
    if (poll(&entry, 1, kPatienceMs) == 1) {
      while (true) {
        packets.push_back(out_.Read().packet);
        if (packets.back().empty()) {
          packets.pop_back();
          break;
        }
      }
    }
    return packets;
  }

  // ExpectTheSame compares the kernel's packets with ours. It takes one from
  // the TTL before it cuts, so that ours have to be cut from that.
  void ExpectTheSame(const char* name, const FlowBurst& burst) {
    const Packets theirs = Forward(burst.view());
    FlowBurst forwarded = burst;
    --forwarded.packet[8];
    MendIpv4Checksum(&forwarded.packet);
    EXPECT_EQ(Cut(forwarded.view()), theirs) << name;
    EXPECT_FALSE(theirs.empty()) << name;
  }

  Tun in_;
  Tun out_;
};

FlowPacket Through(uint8_t protocol, size_t payload_bytes) {
  FlowPacket packet;
  packet.protocol = protocol;
  packet.source = kLeft + 1;
  packet.destination = kRight + 1;
  packet.payload = Noise(payload_bytes);
  return packet;
}

struct Variant {
  const char* name;
  void (*change)(FlowPacket*);
};

const Variant kVariants[] = {
    {"nothing", [](FlowPacket*) {}},
    {"DSCP and ECN", [](FlowPacket* p) { p->traffic_class = 0xB9; }},
    {"the last TTL but one", [](FlowPacket* p) { p->ttl = 2; }},
    {"no DF", [](FlowPacket* p) { p->flags = 0; }},
    {"the identification wraps",
     [](FlowPacket* p) { p->identification = 0xFFFE; }},
    {"IP options", [](FlowPacket* p) { p->ip_options = {1, 1, 1, 0}; }},
    {"the most IP options", [](FlowPacket* p) { p->ip_options.resize(40, 1); }},
    {"zeros", [](FlowPacket* p) { p->payload.assign(p->payload.size(), 0); }},
    {"ones", [](FlowPacket* p) { p->payload.assign(p->payload.size(), 0xFF); }},
};

const Variant kTcpVariants[] = {
    {"PSH", [](FlowPacket* p) { p->tcp_flags = 0x18; }},
    {"FIN and PSH", [](FlowPacket* p) { p->tcp_flags = 0x19; }},
    {"CWR and ECE", [](FlowPacket* p) { p->tcp_flags = 0xD0; }},
    {"all flags but SYN and RST", [](FlowPacket* p) { p->tcp_flags = 0xF9; }},
    {"urgent data",
     [](FlowPacket* p) { p->tcp_flags = 0x30, p->urgent = 0x1234; }},
    {"the sequence number wraps",
     [](FlowPacket* p) { p->sequence = 0xFFFFFF00; }},
    {"the sequence number's lower half wraps",
     [](FlowPacket* p) { p->sequence = 0x1234FF00; }},
    {"timestamps",
     [](FlowPacket* p) {
       p->tcp_options = {1, 1, 8, 10, 0, 0, 16, 1, 0, 0, 32, 2};
     }},
    {"the most TCP options",
     [](FlowPacket* p) { p->tcp_options.resize(40, 1); }},
};

TEST_F(ForwardingTest, CutsSegmentsAsTheKernelDoes) {
  for (const Variant& variant : kVariants) {
    FlowPacket packet = Through(6, 3001);
    variant.change(&packet);
    ExpectTheSame(variant.name, Join(packet, 1000));
  }
  for (const Variant& variant : kTcpVariants) {
    FlowPacket packet = Through(6, 3001);
    variant.change(&packet);
    ExpectTheSame(variant.name, Join(packet, 1001));
  }
}

TEST_F(ForwardingTest, CutsSegmentsOfEachSizeAsTheKernelDoes) {
  ExpectTheSame("one byte more", Join(Through(6, 1461), 1460));
  ExpectTheSame("two full ones", Join(Through(6, 2920), 1460));
  ExpectTheSame("single bytes", Join(Through(6, 200), 1));
  ExpectTheSame("odd sizes", Join(Through(6, 1000), 333));
  ExpectTheSame("the largest", Join(Through(6, 65535 - 40), 1460));
}

TEST_F(ForwardingTest, CutsDatagramsAsTheKernelDoes) {
  if (!in_.has_uso()) {
    GTEST_SKIP() << "the kernel has no UDP segmentation for TUN devices";
  }
  for (const Variant& variant : kVariants) {
    FlowPacket packet = Through(17, 3001);
    variant.change(&packet);
    ExpectTheSame(variant.name, Join(packet, 1000));
  }
  ExpectTheSame("one byte more", Join(Through(17, 1473), 1472));
  ExpectTheSame("two full ones", Join(Through(17, 2944), 1472));
  ExpectTheSame("single bytes", Join(Through(17, 64), 1));
  ExpectTheSame("odd sizes", Join(Through(17, 1000), 333));
  ExpectTheSame("the largest", Join(Through(17, 65535 - 28), 1472));
}

TEST_F(ForwardingTest, ADatagramWhoseChecksumIsZeroAsTheKernelDoes) {
  FlowPacket packet = Through(17, 0);
  packet.payload = {0, 0};
  const std::vector<uint8_t> bytes = Encode(packet);
  packet.payload = {bytes[26], bytes[27], bytes[26], bytes[27], 1};
  if (in_.has_uso()) {
    ExpectTheSame("a burst", Join(packet, 2));
  }
  packet.payload.resize(2);
  FlowBurst whole = Join(packet, 0);
  whole.header.gso = GsoType::kNone;
  ExpectTheSame("alone", whole);
}

TEST_F(ForwardingTest, CompletesChecksumsAsTheKernelDoes) {
  for (const uint8_t protocol : {uint8_t{6}, uint8_t{17}}) {
    for (const size_t payload_bytes :
         {size_t{0}, size_t{1}, size_t{2}, size_t{999}, size_t{1400}}) {
      FlowBurst whole = Join(Through(protocol, payload_bytes), 0);
      whole.header.gso = GsoType::kNone;
      ExpectTheSame("alone", whole);
    }
  }
}

// ---- Sockets of two hosts ----

// Pipe is a left host with a device with bursts, a right one with a plain one,
// and what carries packets between the two: all that is left of a tunnel.
class TwoHostsTest : public KernelSegmentationTest {
 protected:
  TwoHostsTest()
      : coalescer_(Coalescer::Options(), [this](const Burst& burst) {
          joined_ += Cut(burst).size() > 1;
          left_.Write(burst);
        }) {}

  void SetUp() override {
    KernelSegmentationTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    home_.Reset(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
    if (unshare(CLONE_NEWNET) != 0) {
      GTEST_SKIP() << absl::ErrnoToStatus(errno, "no second namespace");
    }
    right_space_.Reset(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
    const absl::Status right = right_.Open("plain0", Kind::kPlain, kLeft + 1);
    ASSERT_EQ(setns(home_.get(), CLONE_NEWNET), 0);
    const absl::Status left = left_.Open("bursts0", Kind::kBursts, kLeft);
    for (const absl::Status& status : {left, right}) {
      if (!status.ok()) {
        GTEST_SKIP() << status;
      }
    }
  }

  // A socket of a host, bound to port 5000 of its address.
  UniqueFd LeftSocket(int type) const { return Bound(type, kLeft); }
  UniqueFd RightSocket(int type) const {
    EXPECT_EQ(setns(right_space_.get(), CLONE_NEWNET), 0);
    UniqueFd fd = Bound(type, kLeft + 1);
    EXPECT_EQ(setns(home_.get(), CLONE_NEWNET), 0);
    return fd;
  }

  // Carry moves all packets that are there, or waits for some to come.
  void Carry() {
    pollfd entries[] = {{left_.fd(), POLLIN, 0}, {right_.fd(), POLLIN, 0}};
    ASSERT_GT(poll(entries, 2, kPatienceMs), 0) << "nothing comes";
    for (FlowBurst burst = left_.Read(); !burst.packet.empty();
         burst = left_.Read()) {
      const Packets packets = Cut(burst.view());
      cut_ += packets.size() > 1;
      for (const std::vector<uint8_t>& packet : packets) {
        ExpectRight(packet);
        right_.Write({VirtioNetHeader(), packet});
      }
    }
    for (FlowBurst burst = right_.Read(); !burst.packet.empty();
         burst = right_.Read()) {
      coalescer_.Add(burst.packet);
    }
    coalescer_.Flush();
  }

  size_t cut_ = 0;     // bursts of several packets from the left
  size_t joined_ = 0;  // the same to the left
  Tun left_;
  Tun right_;

 private:
  static UniqueFd Bound(int type, uint32_t address) {
    UniqueFd fd(socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const sockaddr_in to = At(address);
    EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to),
              0);
    return fd;
  }

  static void ExpectRight(absl::Span<const uint8_t> bytes) {
    Ipv4Packet packet;
    ASSERT_EQ(Ipv4Packet::Parse(bytes, &packet), Ipv4Error::kNone);
    ASSERT_LE(bytes.size(), static_cast<size_t>(kMtuBytes));
    const uint32_t pseudo = PseudoHeaderSum(
        packet.source(), packet.destination(), packet.protocol(),
        static_cast<uint16_t>(packet.payload().size()));
    EXPECT_EQ(InternetChecksum(packet.payload(), pseudo), 0);
  }

 protected:
  static sockaddr_in At(uint32_t address) {
    sockaddr_in at = {};
    at.sin_family = AF_INET;
    at.sin_port = htons(5000);
    at.sin_addr.s_addr = htonl(address);
    return at;
  }

 private:
  UniqueFd home_;
  UniqueFd right_space_;
  Coalescer coalescer_;
};

// Pours `data` into one socket and gives what comes out of the other.
template <typename Wait>
std::vector<uint8_t> Pour(const std::vector<uint8_t>& data, int from, int to,
                          Wait wait) {
  std::vector<uint8_t> received;
  std::vector<uint8_t> buffer(1 << 16);
  size_t sent = 0;
  while (received.size() < data.size() && !testing::Test::HasFailure()) {
    const ssize_t out = send(from, data.data() + sent, data.size() - sent, 0);
    sent += out > 0 ? static_cast<size_t>(out) : 0;
    wait();
    ssize_t in = recv(to, buffer.data(), buffer.size(), 0);
    for (; in > 0; in = recv(to, buffer.data(), buffer.size(), 0)) {
      received.insert(received.end(), buffer.begin(), buffer.begin() + in);
    }
  }
  return received;
}

TEST_F(TwoHostsTest, AStreamArrivesUnchangedInBothDirections) {
  const UniqueFd listener = RightSocket(SOCK_STREAM);
  ASSERT_EQ(listen(listener.get(), 1), 0);
  const UniqueFd left = LeftSocket(SOCK_STREAM);
  const sockaddr_in to = At(kLeft + 1);
  EXPECT_EQ(
      connect(left.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)),
      -1);
  EXPECT_EQ(errno, EINPROGRESS);
  UniqueFd right;
  while (!right.valid() && !HasFailure()) {
    Carry();
    right.Reset(accept4(listener.get(), nullptr, nullptr,
                        SOCK_NONBLOCK | SOCK_CLOEXEC));
  }
  const std::vector<uint8_t> data = Noise(4 << 20);
  EXPECT_EQ(Pour(data, left.get(), right.get(), [this] { Carry(); }), data);
  EXPECT_GT(cut_, 0u) << "the kernel made no bursts";
  EXPECT_EQ(Pour(data, right.get(), left.get(), [this] { Carry(); }), data);
  EXPECT_GT(joined_, 0u) << "no bursts were made for the kernel";
}

TEST_F(TwoHostsTest, DatagramsArriveUnchangedInBothDirections) {
  if (!left_.has_uso()) {
    GTEST_SKIP() << "the kernel has no UDP segmentation for TUN devices";
  }
  constexpr int kSegmentBytes = 1401;
  const std::vector<uint8_t> data = Noise(20 * kSegmentBytes + 7);
  const UniqueFd left = LeftSocket(SOCK_DGRAM);
  const UniqueFd right = RightSocket(SOCK_DGRAM);
  struct Way {
    int from;
    int to;
    uint32_t address;
  };
  for (const Way& way : {Way{left.get(), right.get(), kLeft + 1},
                         Way{right.get(), left.get(), kLeft}}) {
    const sockaddr_in to = At(way.address);
    ASSERT_EQ(
        connect(way.from, reinterpret_cast<const sockaddr*>(&to), sizeof(to)),
        0);
    ASSERT_EQ(setsockopt(way.from, IPPROTO_UDP, kUdpSegment, &kSegmentBytes,
                         sizeof(kSegmentBytes)),
              0);
    ASSERT_EQ(send(way.from, data.data(), data.size(), 0),
              static_cast<ssize_t>(data.size()));
    Carry();
    std::vector<uint8_t> received;
    for (size_t i = 0; i <= 20; ++i) {
      std::vector<uint8_t> buffer(kMaxBurstBytes);
      const ssize_t size = recv(way.to, buffer.data(), buffer.size(), 0);
      ASSERT_EQ(size, i < 20 ? kSegmentBytes : 7) << i;
      received.insert(received.end(), buffer.begin(), buffer.begin() + size);
    }
    EXPECT_EQ(received, data);
  }
  EXPECT_EQ(cut_, 1u);
  EXPECT_EQ(joined_, 1u);
}

}  // namespace
}  // namespace ovoc::netif
