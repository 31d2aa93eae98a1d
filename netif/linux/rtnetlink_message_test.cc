// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/rtnetlink_message.h"

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_request.h"

namespace ovoc::netif {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint32_t kSequence = 0x01020304;
constexpr int kIndex = 7;

// Message types and attributes as numbers, so that the test does not share a
// mistake with the code.
constexpr uint16_t kError = 2;           // NLMSG_ERROR
constexpr uint16_t kDone = 3;            // NLMSG_DONE
constexpr uint16_t kNewAddress = 20;     // RTM_NEWADDR
constexpr uint16_t kAddress = 1;         // IFA_ADDRESS
constexpr uint16_t kLocal = 2;           // IFA_LOCAL
constexpr uint16_t kLabel = 3;           // IFA_LABEL
constexpr uint16_t kMulti = 0x2;         // NLM_F_MULTI
constexpr uint16_t kInterrupted = 0x10;  // NLM_F_DUMP_INTR

Ipv4Prefix Prefix(const std::string& text) {
  return Ipv4Prefix::Parse(text).value_or(Ipv4Prefix());
}

// Native appends a number in the machine's byte order.
void Native(uint64_t value, size_t size, Bytes* out) {
  for (size_t i = 0; i < size; ++i) {
    const size_t shift =
        std::endian::native == std::endian::little ? i : size - 1 - i;
    out->push_back(static_cast<uint8_t>(value >> (8 * shift)));
  }
}

void Pad(Bytes* out) {
  while (out->size() % 4 != 0) {
    out->push_back(0);
  }
}

Bytes Message(uint16_t type, uint16_t flags, uint32_t sequence,
              const Bytes& body) {
  Bytes out;
  Native(16 + body.size(), 4, &out);  // length with the header
  Native(type, 2, &out);
  Native(flags, 2, &out);
  Native(sequence, 4, &out);
  Native(0, 4, &out);  // port, 0 in requests
  out.insert(out.end(), body.begin(), body.end());
  Pad(&out);
  return out;
}

Bytes Attribute(uint16_t type, const Bytes& value) {
  Bytes out;
  Native(4 + value.size(), 2, &out);  // length with the header
  Native(type, 2, &out);
  out.insert(out.end(), value.begin(), value.end());
  Pad(&out);
  return out;
}

Bytes AddressBody(uint8_t family, uint8_t prefix_length, uint32_t index,
                  const std::vector<Bytes>& attributes) {
  Bytes out = {family, prefix_length, 0 /* flags */, 0 /* scope */};
  Native(index, 4, &out);
  for (const Bytes& attribute : attributes) {
    out.insert(out.end(), attribute.begin(), attribute.end());
  }
  return out;
}

// What the kernel reports for 169.254.0.2/18 on device 7.
Bytes OurAddress() {
  return Message(
      kNewAddress, kMulti, kSequence,
      AddressBody(2, 18, kIndex,
                  {Attribute(kAddress, {169, 254, 0, 2}),
                   Attribute(kLocal, {169, 254, 0, 2}),
                   Attribute(kLabel, {'o', 'v', 'o', 'c', '0', 0})}));
}

Bytes Result(uint16_t type, int32_t result) {
  Bytes body;
  Native(static_cast<uint32_t>(result), 4, &body);
  if (type == kError) {
    body.resize(4 + 16, 0);  // the header of the request follows
  }
  return Message(type, 0, kSequence, body);
}

Bytes Concatenate(const std::vector<Bytes>& parts) {
  Bytes out;
  for (const Bytes& part : parts) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

struct Outcome {
  ReplyResult result = ReplyResult::kMore;
  int error_number = 0;
  InterfaceState state;

  // Those of the device.
  std::vector<Ipv4Prefix> addresses() const {
    std::vector<Ipv4Prefix> ours;
    for (const InterfaceAddress& found : state.addresses) {
      if (found.interface_index == kIndex) {
        ours.push_back(found.address);
      }
    }
    return ours;
  }
};

Outcome Read(const Bytes& datagram) {
  Outcome outcome;
  outcome.result = ReadReply(datagram, kSequence, kIndex, &outcome.state,
                             &outcome.error_number);
  return outcome;
}

TEST(RtnetlinkMessageTest, TheLinkRequestTurnsOnAndSetsMtuAndRules) {
  Bytes body = {0, 0};       // family unspecified, padding
  Native(0, 2, &body);       // device type
  Native(kIndex, 4, &body);  // index
  Native(1, 4, &body);       // flags: IFF_UP
  Native(1, 4, &body);       // change mask: IFF_UP alone
  Native(8, 2, &body);       // attribute length
  Native(4, 2, &body);       // IFLA_MTU
  Native(1400, 4, &body);
  Native(28, 2, &body);
  Native(0x8000 | 26, 2, &body);  // IFLA_AF_SPEC, nested
  Native(24, 2, &body);
  Native(0x8000 | 2, 2, &body);  // AF_INET, nested
  Native(20, 2, &body);
  Native(0x8000 | 1, 2, &body);  // IFLA_INET_CONF, nested
  Native(8, 2, &body);
  Native(20, 2, &body);  // IPV4_DEVCONF_PROMOTE_SECONDARIES
  Native(1, 4, &body);
  Native(8, 2, &body);
  Native(29, 2, &body);  // IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN
  Native(0, 4, &body);
  // RTM_NEWLINK; NLM_F_REQUEST | NLM_F_ACK
  EXPECT_EQ(LinkRequest(kSequence, kIndex, 1400),
            Message(16, 0x5, kSequence, body));
}

TEST(RtnetlinkMessageTest, AddressRequestsNameTheAddressTwiceAndThePrefix) {
  const Bytes body = AddressBody(2, 18, kIndex,
                                 {Attribute(kLocal, {169, 254, 0, 2}),
                                  Attribute(kAddress, {169, 254, 0, 2})});
  // RTM_NEWADDR; REQUEST 0x1 | ACK 0x4 | EXCL 0x200 | CREATE 0x400
  EXPECT_EQ(
      AddressRequest(kSequence, Change::kAdd, kIndex, Prefix("169.254.0.2/18")),
      Message(20, 0x605, kSequence, body));
  // RTM_DELADDR; REQUEST | ACK
  EXPECT_EQ(AddressRequest(kSequence, Change::kDelete, kIndex,
                           Prefix("169.254.0.2/18")),
            Message(21, 0x5, kSequence, body));
}

TEST(RtnetlinkMessageTest, TheDumpRequestsAskForIpv4AndForAllDevices) {
  // RTM_GETADDR; NLM_F_REQUEST 0x1 | NLM_F_DUMP 0x300
  EXPECT_EQ(AddressDumpRequest(kSequence),
            Message(22, 0x301, kSequence, AddressBody(2, 0, 0, {})));
  Bytes body(12, 0);
  body[0] = 2;  // AF_INET, and nothing else
  EXPECT_EQ(RouteDumpRequest(kSequence),
            Message(26 /* RTM_GETROUTE */, 0x301, kSequence, body));
  body.resize(4);  // one byte, and padding
  EXPECT_EQ(PathFilterDumpRequest(kSequence),
            Message(82 /* RTM_GETNETCONF */, 0x301, kSequence, body));
  EXPECT_EQ(LinkDumpRequest(kSequence),
            Message(18 /* RTM_GETLINK */, 0x301, kSequence, Bytes(16, 0)));
}

TEST(RtnetlinkMessageTest, ReadsAnAcknowledgementAndErrors) {
  struct Case {
    const char* name;
    Bytes datagram;
    ReplyResult result;
    int error_number;
  };
  const Case kCases[] = {
      {"nothing", {}, ReplyResult::kMore, 0},
      {"acknowledged", Result(kError, 0), ReplyResult::kDone, 0},
      {"EPERM", Result(kError, -EPERM), ReplyResult::kError, EPERM},
      {"EEXIST", Result(kError, -EEXIST), ReplyResult::kError, EEXIST},
      {"end of dump", Result(kDone, 0), ReplyResult::kDone, 0},
      {"failed dump", Result(kDone, -ENOMEM), ReplyResult::kError, ENOMEM},
      {"end without a result", Message(kDone, 0, kSequence, {}),
       ReplyResult::kDone, 0},
      {"error without a result", Message(kError, 0, kSequence, {}),
       ReplyResult::kError, EBADMSG},
      {"positive error", Result(kError, 5), ReplyResult::kError, EBADMSG},
      {"an error that cannot be negated",
       Result(kError, std::numeric_limits<int32_t>::min()), ReplyResult::kError,
       EBADMSG},
      {"another request's error", Message(kError, 0, 99, {1, 0, 0, 0}),
       ReplyResult::kMore, 0},
      {"another request's, then ours",
       Concatenate({Message(kDone, 0, 99, {}), Result(kError, -EBUSY)}),
       ReplyResult::kError, EBUSY},
      {"a message of no interest", Message(1, 0, kSequence, {}),
       ReplyResult::kMore, 0},
      {"interrupted dump",
       Message(kDone, kMulti | kInterrupted, kSequence, {0, 0, 0, 0}),
       ReplyResult::kError, EINTR},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const Outcome outcome = Read(c.datagram);
    EXPECT_EQ(outcome.result, c.result);
    EXPECT_EQ(outcome.error_number, c.error_number);
    EXPECT_TRUE(outcome.addresses().empty());
  }
}

TEST(RtnetlinkMessageTest, CollectsTheIpv4AddressesOfEachDevice) {
  const Bytes ipv6(16, 0xFE);
  const Bytes datagram = Concatenate({
      Message(kNewAddress, kMulti, kSequence,
              AddressBody(2, 8, 1, {Attribute(kLocal, {127, 0, 0, 1})})),
      OurAddress(),
      Message(kNewAddress, kMulti, kSequence,
              AddressBody(10, 64, kIndex, {Attribute(kLocal, ipv6)})),
      Message(kNewAddress, kMulti, kSequence,
              AddressBody(2, 32, kIndex, {Attribute(kLocal, {10, 0, 0, 1})})),
      Message(kNewAddress, kMulti, 99,  // another request's
              AddressBody(2, 32, kIndex, {Attribute(kLocal, {10, 0, 0, 2})})),
  });
  const std::vector<Ipv4Prefix> expected = {Prefix("169.254.0.2/18"),
                                            Prefix("10.0.0.1/32")};
  const Outcome open = Read(datagram);
  ASSERT_EQ(open.state.addresses.size(), 3u);
  EXPECT_EQ(open.state.addresses[0],
            (InterfaceAddress{1, Prefix("127.0.0.1/8"), ""}));
  EXPECT_EQ(open.state.addresses[1].label, "ovoc0");
  EXPECT_EQ(open.result, ReplyResult::kMore);
  EXPECT_EQ(open.addresses(), expected);
  const Outcome closed = Read(Concatenate({datagram, Result(kDone, 0)}));
  EXPECT_EQ(closed.result, ReplyResult::kDone);
  EXPECT_EQ(closed.addresses(), expected);
}

TEST(RtnetlinkMessageTest, ReadsBackTheAddressesItAsksFor) {
  for (int length = 0; length <= 32; ++length) {
    const Ipv4Prefix address =
        Prefix("169.254.200.77/" + std::to_string(length));
    ASSERT_EQ(address.length(), length);
    // A request to add and a report of an address have the same form.
    const Outcome outcome =
        Read(AddressRequest(kSequence, Change::kAdd, kIndex, address));
    EXPECT_EQ(outcome.result, ReplyResult::kMore);
    EXPECT_EQ(outcome.addresses(), std::vector<Ipv4Prefix>({address}));
  }
}

// A route as the kernel reports it.
Bytes RouteMessage(uint8_t length, uint8_t table, uint8_t scope, uint8_t type,
                   const std::vector<Bytes>& attributes) {
  Bytes body = {2 /* AF_INET */, length, 0 /* source */, 0 /* TOS */,
                table,           3,      scope,          type};
  Native(0, 4, &body);  // flags
  for (const Bytes& attribute : attributes) {
    body.insert(body.end(), attribute.begin(), attribute.end());
  }
  return Message(24 /* RTM_NEWROUTE */, kMulti, kSequence, body);
}

Bytes NumberAttribute(uint16_t type, uint32_t number) {
  Bytes value;
  Native(number, 4, &value);
  return Attribute(type, value);
}

TEST(RtnetlinkMessageTest, ReadsTheRoutesOfTheMainTableIntoTheDevice) {
  const Bytes to_ovoc = Attribute(1 /* RTA_DST */, {169, 254, 0, 1});
  const Bytes device = NumberAttribute(4 /* RTA_OIF */, kIndex);
  const Bytes source = Attribute(7 /* RTA_PREFSRC */, {169, 254, 0, 2});
  const Outcome outcome = Read(Concatenate({
      RouteMessage(32, 254, 253, 1, {to_ovoc, device, source}),
      // With a metric and a gateway; the table as an attribute.
      RouteMessage(24, 252, 0, 1,
                   {NumberAttribute(15 /* RTA_TABLE */, 254), to_ovoc, device,
                    Attribute(5 /* RTA_GATEWAY */, {10, 0, 0, 1}),
                    NumberAttribute(6 /* RTA_PRIORITY */, 100)}),
      RouteMessage(0, 254, 253, 1, {device}),  // the default
      RouteMessage(32, 254, 253, 1, {to_ovoc, NumberAttribute(4, 1)}),
      RouteMessage(32, 255, 254, 2, {to_ovoc, device}),  // local table
      RouteMessage(32, 254, 253, 3, {to_ovoc, device}),  // broadcast
      RouteMessage(32, 100, 253, 1, {to_ovoc, device}),  // another table
  }));
  EXPECT_EQ(outcome.result, ReplyResult::kMore);
  ASSERT_EQ(outcome.state.routes.size(), 3u);
  EXPECT_EQ(outcome.state.routes[0],
            (InterfaceRoute{.destination = Prefix("169.254.0.1/32"),
                            .source = Prefix("169.254.0.2/32").address()}));
  EXPECT_EQ(outcome.state.routes[1].metric, 100u);
  EXPECT_FALSE(outcome.state.routes[1].direct);
  EXPECT_EQ(outcome.state.routes[2].destination, Prefix("0.0.0.0/0"));
}

TEST(RtnetlinkMessageTest, ReadsFlagsAndMtuOfTheDeviceAlone) {
  const auto link = [](int index, uint32_t flags, uint32_t mtu) {
    Bytes body = {0, 0};
    Native(0, 2, &body);
    Native(static_cast<uint32_t>(index), 4, &body);
    Native(flags, 4, &body);
    Native(0, 4, &body);
    const Bytes attribute = NumberAttribute(4 /* IFLA_MTU */, mtu);
    body.insert(body.end(), attribute.begin(), attribute.end());
    return Message(16 /* RTM_NEWLINK */, 0, kSequence, body);
  };
  EXPECT_EQ(Read(link(kIndex, 0x1, 1400)).state.link,
            (LinkState{true, false, 1400}));
  EXPECT_EQ(Read(link(kIndex, 0x41, 1400)).state.link,
            (LinkState{true, true, 1400}));
  EXPECT_EQ(Read(link(kIndex, 0x1090, 600)).state.link,
            (LinkState{false, false, 600}));
  EXPECT_EQ(Read(link(1, 0x1, 1500)).state.link, std::nullopt);
  EXPECT_TRUE(ConcernsInterface(link(kIndex, 1, 1400), kIndex));
  EXPECT_FALSE(ConcernsInterface(link(1, 1, 1400), kIndex));
}

TEST(RtnetlinkMessageTest, RefusesMalformedRoutesAndLinks) {
  const Bytes device = NumberAttribute(4, kIndex);
  const Bytes kCases[] = {
      Message(24, kMulti, kSequence, {2, 32, 0, 0}),
      RouteMessage(33, 254, 253, 1, {device}),
      RouteMessage(32, 254, 253, 1, {device, Attribute(1, {1, 2, 3})}),
      RouteMessage(32, 254, 253, 1, {device, Attribute(6, {1, 2})}),
      RouteMessage(32, 254, 253, 1, {Attribute(4, {1, 2, 3, 4, 5, 6, 7, 8})}),
      Message(16, 0, kSequence, {0, 0, 0, 0, 7, 0, 0, 0}),
  };
  for (const Bytes& datagram : kCases) {
    const Outcome outcome = Read(datagram);
    EXPECT_EQ(outcome.result, ReplyResult::kError);
    EXPECT_EQ(outcome.error_number, EBADMSG);
    EXPECT_TRUE(outcome.state.routes.empty());
    EXPECT_TRUE(ConcernsInterface(datagram, kIndex)) << "look again";
  }
}

TEST(RtnetlinkMessageTest, KnowsNewsOfTheDeviceAndOfAnyAddress) {
  const auto address = [](int index) {
    return AddressRequest(0, Change::kDelete, index, Prefix("10.0.0.1/8"));
  };
  EXPECT_TRUE(ConcernsInterface(address(kIndex), kIndex));
  EXPECT_TRUE(ConcernsInterface(address(1), kIndex));
  const InterfaceRoute route = {.destination = Prefix("169.254.0.1/32")};
  EXPECT_TRUE(ConcernsInterface(RouteRequest(0, Change::kDelete, kIndex, route),
                                kIndex));
  EXPECT_FALSE(
      ConcernsInterface(RouteRequest(0, Change::kDelete, 1, route), kIndex));
  Bytes others = RouteRequest(0, Change::kAdd, 1, route);
  Bytes flags;
  Native(0, 2, &flags);
  std::copy(flags.begin(), flags.end(), others.begin() + 6);
  EXPECT_FALSE(ConcernsInterface(others, kIndex));
  flags.clear();
  Native(0x100, 2, &flags);  // NLM_F_REPLACE
  std::copy(flags.begin(), flags.end(), others.begin() + 6);
  EXPECT_TRUE(ConcernsInterface(others, kIndex)) << "it may replace ours";
  EXPECT_FALSE(ConcernsInterface(AddressDumpRequest(0), kIndex));
  EXPECT_FALSE(ConcernsInterface({}, kIndex));
  const Bytes half = {1, 2, 3};
  EXPECT_TRUE(ConcernsInterface(half, kIndex));
}

TEST(RtnetlinkMessageTest, ReadsBackTheRoutesItAsksFor) {
  for (int length = 0; length <= 32; ++length) {
    const InterfaceRoute route = {
        .destination = *Ipv4Prefix::Create(
            Prefix("169.254.200.77/" + std::to_string(length)).NetworkAddress(),
            length),
        .source = Prefix("169.254.0.2/32").address()};
    const Outcome outcome =
        Read(RouteRequest(kSequence, Change::kAdd, kIndex, route));
    EXPECT_EQ(outcome.state.routes, std::vector<InterfaceRoute>({route}));
  }
}

TEST(RtnetlinkMessageTest, RequestsAreSizedAndNumberedAsAsked) {
  const Bytes kRequests[] = {
      LinkRequest(kSequence, kIndex, 68),
      LinkRequest(kSequence, kIndex, 65535),
      AddressRequest(kSequence, Change::kDelete, kIndex, Ipv4Prefix()),
      AddressDumpRequest(kSequence),
      RouteDumpRequest(kSequence),
      RouteRequest(kSequence, Change::kAdd, kIndex, InterfaceRoute()),
      LinkStateRequest(kSequence, kIndex),
  };
  for (const Bytes& request : kRequests) {
    Bytes head;
    Native(request.size(), 4, &head);
    EXPECT_EQ(absl::MakeConstSpan(request).first(4), absl::MakeSpan(head));
    Bytes number;
    Native(kSequence, 4, &number);
    EXPECT_EQ(absl::MakeConstSpan(request).subspan(8, 4),
              absl::MakeSpan(number));
    EXPECT_EQ(request.size() % 4, 0u);
  }
}

TEST(RtnetlinkMessageTest, RefusesMalformedAddresses) {
  struct Case {
    const char* name;
    Bytes body;
  };
  Bytes short_attribute = AddressBody(2, 18, kIndex, {});
  Native(3, 2, &short_attribute);  // shorter than its own header
  Native(kLocal, 2, &short_attribute);
  Bytes long_attribute = AddressBody(2, 18, kIndex, {});
  Native(9, 2, &long_attribute);  // one byte more than there is
  Native(kLocal, 2, &long_attribute);
  Native(0, 4, &long_attribute);
  const Case kCases[] = {
      {"no body", {}},
      {"half a body", {2, 18, 0, 0}},
      {"attribute shorter than its header", short_attribute},
      {"attribute longer than the message", long_attribute},
      {"half an attribute header", {2, 18, 0, 0, kIndex, 0, 0, 0, 8, 0}},
      {"three bytes of address",
       AddressBody(2, 18, kIndex, {Attribute(kLocal, {1, 2, 3})})},
      {"sixteen bytes of address",
       AddressBody(2, 18, kIndex, {Attribute(kLocal, Bytes(16, 1))})},
      {"prefix of 33",
       AddressBody(2, 33, kIndex, {Attribute(kLocal, {1, 2, 3, 4})})},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Bytes body = c.body;
    if (std::endian::native == std::endian::big && body.size() == 10) {
      body = {2, 18, 0, 0, 0, 0, 0, kIndex, 0, 8};
    }
    const Outcome outcome = Read(Message(kNewAddress, kMulti, kSequence, body));
    EXPECT_EQ(outcome.result, ReplyResult::kError);
    EXPECT_EQ(outcome.error_number, EBADMSG);
    EXPECT_TRUE(outcome.addresses().empty());
  }
}

TEST(RtnetlinkMessageTest, RefusesADatagramCutInsideAMessage) {
  const Bytes whole = OurAddress();
  for (size_t cut = 1; cut < whole.size(); ++cut) {
    const Bytes datagram(whole.begin(),
                         whole.begin() + static_cast<ptrdiff_t>(cut));
    const Outcome outcome = Read(datagram);
    // The padding behind the last attribute belongs to the message's length.
    EXPECT_EQ(outcome.result, ReplyResult::kError) << cut;
    EXPECT_EQ(outcome.error_number, EBADMSG) << cut;
  }
}

TEST(RtnetlinkMessageTest, RefusesALengthShorterThanTheHeaderOrEndless) {
  for (const uint64_t length :
       {uint64_t{0}, uint64_t{15}, uint64_t{17}, uint64_t{0xFFFFFFFF}}) {
    Bytes datagram;
    Native(length, 4, &datagram);
    datagram.resize(16, 0);
    const Outcome outcome = Read(datagram);
    EXPECT_EQ(outcome.result, ReplyResult::kError) << length;
    EXPECT_EQ(outcome.error_number, EBADMSG) << length;
  }
}

}  // namespace
}  // namespace ovoc::netif
