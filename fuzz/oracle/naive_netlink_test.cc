// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_netlink.h"

// Before linux/ip.h, which otherwise defines what the C library defines too.
#include <netinet/in.h>
//
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netconf.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gtest/gtest.h"
#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_message.h"
#include "netif/linux/rtnetlink_request.h"

namespace ovoc::fuzz {
namespace {

using netif::InterfaceRoute;
using netif::Ipv4Address;
using netif::Ipv4Prefix;
using netif::ReplyResult;
using Bytes = std::vector<uint8_t>;

constexpr uint32_t kSequence = 7;
constexpr int kOurs = 3;  // the interface
const Bytes kAddress = {169, 254, 0, 2};

// The messages below are made with the kernel's own structs and numbers, which
// the oracle does without.
template <typename T>
Bytes BytesOf(const T& value) {
  const auto* const begin = reinterpret_cast<const uint8_t*>(&value);
  return {begin, begin + sizeof(value)};
}

Bytes Joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
    all.resize((all.size() + 3) / 4 * 4);  // NLMSG_ALIGN, RTA_ALIGN
  }
  return all;
}

Bytes Attribute(uint16_t type, const Bytes& value) {
  const rtattr header = {static_cast<uint16_t>(sizeof(rtattr) + value.size()),
                         type};
  Bytes attribute = BytesOf(header);
  attribute.insert(attribute.end(), value.begin(), value.end());
  return attribute;
}

Bytes Number(uint32_t number) { return BytesOf(number); }

Bytes Message(uint16_t type, const Bytes& body, uint16_t flags = 0,
              uint32_t sequence = kSequence) {
  nlmsghdr header = {};
  header.nlmsg_len = static_cast<uint32_t>(sizeof(header) + body.size());
  header.nlmsg_type = type;
  header.nlmsg_flags = flags;
  header.nlmsg_seq = sequence;
  Bytes message = BytesOf(header);
  message.insert(message.end(), body.begin(), body.end());
  return message;
}

NaiveNetlink Read(const Bytes& datagram) {
  return ReadNaiveNetlink(datagram, kSequence, kOurs);
}

// What is wrong with one message; 0 when nothing is.
int ErrorOf(uint16_t type, const Bytes& body) {
  const NaiveNetlink read = Read(Message(type, body));
  EXPECT_EQ(read.result == ReplyResult::kError, read.error_number != 0);
  return read.error_number;
}

TEST(NaiveNetlinkTest, ReadsAnAddress) {
  const Ipv4Prefix address =
      Ipv4Prefix::Parse("169.254.0.2/18").value_or(Ipv4Prefix());
  const Bytes message =
      netif::AddressRequest(7, netif::Change::kAdd, 3, address);
  const NaiveNetlink ours = ReadNaiveNetlink(message, 7, 3);
  EXPECT_EQ(ours.result, ReplyResult::kMore);
  ASSERT_EQ(ours.state.addresses.size(), 1u);
  EXPECT_EQ(ours.state.addresses[0].address, address);
  EXPECT_EQ(ours.state.addresses[0].interface_index, 3);
  EXPECT_TRUE(ReadNaiveNetlink(message, 8, 3).state.addresses.empty());
}

TEST(NaiveNetlinkTest, ReadsARouteIntoOurInterfaceOnly) {
  const InterfaceRoute route = {
      .destination = *Ipv4Prefix::Parse("169.254.0.1/32"),
      .source = Ipv4Address::FromHostOrder(0xA9FE0002)};
  const Bytes message = netif::RouteRequest(7, netif::Change::kAdd, 3, route);
  const NaiveNetlink ours = ReadNaiveNetlink(message, 7, 3);
  EXPECT_EQ(ours.state.routes, std::vector<InterfaceRoute>{route});
  EXPECT_TRUE(ReadNaiveNetlink(message, 7, 4).state.routes.empty());
}

TEST(NaiveNetlinkTest, CutAnywhereItIsMalformed) {
  const Bytes message = netif::AddressDumpRequest(7);
  for (size_t size = 1; size < message.size(); ++size) {
    const Bytes part(message.begin(),
                     message.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(ReadNaiveNetlink(part, 7, 3).error_number, EBADMSG) << size;
  }
  EXPECT_EQ(ReadNaiveNetlink({}, 7, 3).result, ReplyResult::kMore);
}

Bytes AddressBody(uint8_t family, uint8_t prefix_length,
                  const std::vector<Bytes>& attributes) {
  ifaddrmsg message = {};
  message.ifa_family = family;
  message.ifa_prefixlen = prefix_length;
  message.ifa_index = 0x01020304;
  return Joined({BytesOf(message), Joined(attributes)});
}

TEST(NaiveNetlinkAddressTest, TakesTheLocalOneOfAnyDevice) {
  // Of a point-to-point link IFA_ADDRESS is the other end.
  const NaiveNetlink read = Read(
      Message(RTM_NEWADDR, AddressBody(AF_INET, 32,
                                       {Attribute(IFA_ADDRESS, {192, 0, 2, 1}),
                                        Attribute(IFA_LOCAL, kAddress),
                                        Attribute(IFA_LABEL, {'o', 'v', 0})})));
  ASSERT_EQ(read.state.addresses.size(), 1u);
  EXPECT_EQ(read.state.addresses[0].interface_index, 0x01020304);
  EXPECT_EQ(read.state.addresses[0].address.ToString(), "169.254.0.2/32");
  EXPECT_EQ(read.state.addresses[0].label, "");
}

TEST(NaiveNetlinkAddressTest, PassesOverWhatIsNoneOfIpv4) {
  const Bytes sixteen(16, 1);
  for (const Bytes& body :
       {AddressBody(AF_INET6, 64, {Attribute(IFA_LOCAL, sixteen)}),
        AddressBody(AF_INET, 24, {Attribute(IFA_ADDRESS, kAddress)}),
        AddressBody(AF_INET, 33, {}), AddressBody(AF_INET, 24, {})}) {
    EXPECT_EQ(ErrorOf(RTM_NEWADDR, body), 0);
    EXPECT_TRUE(Read(Message(RTM_NEWADDR, body)).state.addresses.empty());
  }
}

TEST(NaiveNetlinkAddressTest, RefusesWhatIsNoAddress) {
  const Bytes local = Attribute(IFA_LOCAL, kAddress);
  EXPECT_EQ(ErrorOf(RTM_NEWADDR, AddressBody(AF_INET, 32, {local})), 0);
  EXPECT_EQ(ErrorOf(RTM_NEWADDR, AddressBody(AF_INET, 33, {local})), EBADMSG);
  for (const size_t size : {0u, 3u, 5u, 16u}) {
    const Bytes wrong = Attribute(IFA_LOCAL, Bytes(size, 1));
    EXPECT_EQ(ErrorOf(RTM_NEWADDR, AddressBody(AF_INET, 24, {wrong})), EBADMSG)
        << size;
    // A right one behind it does not mend it.
    EXPECT_EQ(ErrorOf(RTM_NEWADDR, AddressBody(AF_INET, 24, {wrong, local})),
              EBADMSG)
        << size;
  }
  EXPECT_EQ(ErrorOf(RTM_NEWADDR, Bytes(sizeof(ifaddrmsg) - 1, 2)), EBADMSG);
}

TEST(NaiveNetlinkAddressTest, OfTwoTheLastCounts) {
  const NaiveNetlink read = Read(
      Message(RTM_NEWADDR, AddressBody(AF_INET, 24,
                                       {Attribute(IFA_LOCAL, {192, 0, 2, 1}),
                                        Attribute(IFA_LOCAL, kAddress)})));
  ASSERT_EQ(read.state.addresses.size(), 1u);
  EXPECT_EQ(read.state.addresses[0].address.ToString(), "169.254.0.2/24");
}

TEST(NaiveNetlinkAddressTest, RefusesAttributesThatDoNotFit) {
  const Bytes local = Attribute(IFA_LOCAL, kAddress);
  constexpr uint16_t kLengths[] = {0, 3, 9, 0xFFFF};
  for (const uint16_t length : kLengths) {
    Bytes wrong = local;
    const Bytes written = BytesOf(length);
    wrong[0] = written[0];
    wrong[1] = written[1];
    EXPECT_EQ(ErrorOf(RTM_NEWADDR, AddressBody(AF_INET, 24, {wrong})), EBADMSG)
        << length;
  }
  for (size_t stray = 1; stray < 4; ++stray) {
    Bytes body = AddressBody(AF_INET, 24, {local});
    body.insert(body.end(), stray, 0);
    EXPECT_EQ(ErrorOf(RTM_NEWADDR, body), EBADMSG) << stray;
  }
  // The padding of the last attribute may be left out.
  Bytes body = AddressBody(AF_INET, 24, {local});
  const Bytes label = Attribute(IFA_LABEL, {'a'});
  body.insert(body.end(), label.begin(), label.end());
  EXPECT_EQ(ErrorOf(RTM_NEWADDR, body), 0);
}

// A unicast route of the main table into our interface, and what is changed.
rtmsg RouteHead() {
  rtmsg message = {};
  message.rtm_family = AF_INET;
  message.rtm_type = RTN_UNICAST;
  message.rtm_table = RT_TABLE_MAIN;
  message.rtm_scope = RT_SCOPE_LINK;
  return message;
}

const Bytes kIntoOurs = Attribute(RTA_OIF, Number(kOurs));

std::vector<InterfaceRoute> Routes(const rtmsg& head,
                                   const std::vector<Bytes>& attributes) {
  const NaiveNetlink read =
      Read(Message(RTM_NEWROUTE, Joined({BytesOf(head), Joined(attributes)})));
  EXPECT_EQ(read.result, ReplyResult::kMore);
  return read.state.routes;
}

TEST(NaiveNetlinkRouteTest, ReadsEachAttribute) {
  rtmsg head = RouteHead();
  head.rtm_dst_len = 18;
  head.rtm_tos = 0x10;
  const std::vector<InterfaceRoute> routes =
      Routes(head, {Attribute(RTA_DST, {169, 254, 0, 0}), kIntoOurs,
                    Attribute(RTA_PRIORITY, Number(0x01020304)),
                    Attribute(RTA_PREFSRC, kAddress)});
  ASSERT_EQ(routes.size(), 1u);
  EXPECT_EQ(routes[0].destination.ToString(), "169.254.0.0/18");
  EXPECT_EQ(routes[0].source.ToString(), "169.254.0.2");
  EXPECT_EQ(routes[0].metric, 0x01020304u);
  EXPECT_EQ(routes[0].tos, 0x10);
  EXPECT_TRUE(routes[0].direct);
}

TEST(NaiveNetlinkRouteTest, ADefaultRouteHasNoDestination) {
  const std::vector<InterfaceRoute> routes = Routes(RouteHead(), {kIntoOurs});
  ASSERT_EQ(routes.size(), 1u);
  EXPECT_EQ(routes[0], InterfaceRoute());
}

TEST(NaiveNetlinkRouteTest, IsDirectWithoutGatewayInTheScopeOfTheLink) {
  const auto is_direct = [](const rtmsg& head, const Bytes& attribute) {
    const std::vector<InterfaceRoute> routes =
        Routes(head, {kIntoOurs, attribute});
    return routes.size() == 1 && routes[0].direct;
  };
  const Bytes metric = Attribute(RTA_PRIORITY, Number(1));
  EXPECT_TRUE(is_direct(RouteHead(), metric));
  EXPECT_FALSE(is_direct(RouteHead(), Attribute(RTA_GATEWAY, kAddress)));
  EXPECT_FALSE(is_direct(RouteHead(), Attribute(RTA_VIA, Bytes(18, 1))));
  rtmsg head = RouteHead();
  head.rtm_scope = RT_SCOPE_UNIVERSE;
  EXPECT_FALSE(is_direct(head, metric));
  head.rtm_scope = RT_SCOPE_HOST;
  EXPECT_FALSE(is_direct(head, metric));
}

TEST(NaiveNetlinkRouteTest, TheTablesAttributeCountsMoreThanItsOctet) {
  const Bytes main = Attribute(RTA_TABLE, Number(RT_TABLE_MAIN));
  const Bytes other = Attribute(RTA_TABLE, Number(1000));
  EXPECT_EQ(Routes(RouteHead(), {kIntoOurs, main}).size(), 1u);
  EXPECT_EQ(Routes(RouteHead(), {kIntoOurs, other}).size(), 0u);
  rtmsg head = RouteHead();
  head.rtm_table = RT_TABLE_COMPAT;  // of a table above 255
  EXPECT_EQ(Routes(head, {kIntoOurs}).size(), 0u);
  EXPECT_EQ(Routes(head, {kIntoOurs, other}).size(), 0u);
  EXPECT_EQ(Routes(head, {kIntoOurs, main}).size(), 1u);
}

TEST(NaiveNetlinkRouteTest, PassesOverOtherRoutes) {
  EXPECT_EQ(Routes(RouteHead(), {}).size(), 0u) << "no interface";
  EXPECT_EQ(Routes(RouteHead(), {Attribute(RTA_OIF, Number(4))}).size(), 0u);
  rtmsg head = RouteHead();
  head.rtm_family = AF_INET6;
  EXPECT_EQ(Routes(head, {kIntoOurs}).size(), 0u);
  for (const uint8_t type : {RTN_LOCAL, RTN_BROADCAST, RTN_BLACKHOLE}) {
    head = RouteHead();
    head.rtm_type = type;
    EXPECT_EQ(Routes(head, {kIntoOurs}).size(), 0u) << int{type};
  }
}

TEST(NaiveNetlinkRouteTest, RefusesWhatIsNoRoute) {
  const auto error = [](const rtmsg& head, const std::vector<Bytes>& more) {
    return ErrorOf(RTM_NEWROUTE, Joined({BytesOf(head), Joined(more)}));
  };
  rtmsg head = RouteHead();
  head.rtm_dst_len = 33;
  EXPECT_EQ(error(head, {kIntoOurs}), EBADMSG);
  for (const uint16_t type :
       {RTA_DST, RTA_OIF, RTA_PRIORITY, RTA_PREFSRC, RTA_TABLE}) {
    EXPECT_EQ(error(RouteHead(), {Attribute(type, {1, 2, 3})}), EBADMSG)
        << type;
    EXPECT_EQ(error(RouteHead(), {Attribute(type, Bytes(8, 0))}), EBADMSG)
        << type;
  }
  EXPECT_EQ(error(RouteHead(), {Attribute(RTA_FLOW, {1})}), 0);
  EXPECT_EQ(ErrorOf(RTM_NEWROUTE, Bytes(sizeof(rtmsg) - 1, 2)), EBADMSG);
}

std::optional<netif::LinkState> Link(int index, uint32_t flags,
                                     const std::vector<Bytes>& attributes) {
  ifinfomsg message = {};
  message.ifi_index = index;
  message.ifi_flags = flags;
  const NaiveNetlink read = Read(
      Message(RTM_NEWLINK, Joined({BytesOf(message), Joined(attributes)})));
  EXPECT_EQ(read.result, ReplyResult::kMore);
  return read.state.link;
}

TEST(NaiveNetlinkLinkTest, ReadsFlagsAndMtuOfOurInterface) {
  const Bytes mtu = Attribute(IFLA_MTU, Number(0x00010203));
  struct Row {
    uint32_t flags;
    bool up;
    bool running;
  };
  constexpr uint32_t kOthers = ~uint32_t{IFF_UP | IFF_RUNNING};
  constexpr Row kRows[] = {{0, false, false},
                           {IFF_UP, true, false},
                           {IFF_RUNNING, false, true},
                           {IFF_UP | IFF_RUNNING, true, true},
                           {kOthers, false, false}};
  for (const Row& row : kRows) {
    const netif::LinkState expected = {
        .up = row.up, .running = row.running, .mtu_bytes = 0x00010203};
    EXPECT_EQ(Link(kOurs, row.flags, {mtu}), expected) << row.flags;
    EXPECT_EQ(Link(4, row.flags, {mtu}), std::nullopt) << row.flags;
  }
  EXPECT_EQ(Link(kOurs, 0, {}), netif::LinkState());
}

TEST(NaiveNetlinkLinkTest, RefusesAWrongMtuOfAnyInterface) {
  ifinfomsg message = {};
  message.ifi_index = 4;
  EXPECT_EQ(ErrorOf(RTM_NEWLINK,
                    Joined({BytesOf(message), Attribute(IFLA_MTU, {1, 2})})),
            EBADMSG);
  EXPECT_EQ(ErrorOf(RTM_NEWLINK, Bytes(sizeof(ifinfomsg) - 1, 0)), EBADMSG);
}

TEST(NaiveNetlinkNetconfTest, JudgesTheThreeNumbersThatAreRead) {
  const auto error = [](uint8_t family, const Bytes& attribute) {
    return ErrorOf(RTM_NEWNETCONF,
                   Joined({BytesOf(netconfmsg{family}), attribute}));
  };
  for (const uint16_t type : {NETCONFA_IFINDEX, NETCONFA_RP_FILTER,
                              NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN}) {
    EXPECT_EQ(error(AF_INET, Attribute(type, Number(1))), 0) << type;
    EXPECT_EQ(error(AF_INET, Attribute(type, {1})), EBADMSG) << type;
    EXPECT_EQ(error(AF_INET6, Attribute(type, {1})), 0) << type;
  }
  EXPECT_EQ(error(AF_INET, Attribute(NETCONFA_FORWARDING, {1})), 0);
  EXPECT_EQ(ErrorOf(RTM_NEWNETCONF, {}), EBADMSG);
}

TEST(NaiveNetlinkEndTest, AnEndIsZeroOrANegatedErrno) {
  struct Row {
    int32_t code;
    int error;  // 0: done
  };
  constexpr Row kRows[] = {
      {0, 0},       {-EEXIST, EEXIST},    {-EPERM, EPERM},
      {1, EBADMSG}, {INT32_MAX, EBADMSG}, {INT32_MIN, EBADMSG}};
  for (const Row& row : kRows) {
    for (const uint16_t type : {uint16_t{NLMSG_ERROR}, uint16_t{NLMSG_DONE}}) {
      const NaiveNetlink read = Read(Message(type, BytesOf(row.code)));
      EXPECT_EQ(read.error_number, row.error) << row.code;
      EXPECT_EQ(read.result,
                row.error == 0 ? ReplyResult::kDone : ReplyResult::kError)
          << row.code;
    }
  }
}

TEST(NaiveNetlinkEndTest, OnlyADumpMayEndWithoutANumber) {
  EXPECT_EQ(Read(Message(NLMSG_DONE, {})).result, ReplyResult::kDone);
  EXPECT_EQ(Read(Message(NLMSG_DONE, {1, 2, 3})).result, ReplyResult::kDone);
  EXPECT_EQ(Read(Message(NLMSG_ERROR, {})).error_number, EBADMSG);
  EXPECT_EQ(Read(Message(NLMSG_ERROR, {0, 0, 0})).error_number, EBADMSG);
}

TEST(NaiveNetlinkEndTest, AnInterruptedDumpIsToBeAskedForAgain) {
  const Bytes interrupted = Message(NLMSG_DONE, Number(0), NLM_F_DUMP_INTR);
  EXPECT_EQ(Read(interrupted).error_number, EINTR);
  EXPECT_EQ(Read(Message(NLMSG_DONE, Number(0), NLM_F_MULTI)).error_number, 0);
  const Bytes others = Message(NLMSG_DONE, Number(0), NLM_F_DUMP_INTR, 8);
  EXPECT_EQ(Read(others).result, ReplyResult::kMore);
}

TEST(NaiveNetlinkDatagramTest, ReadsUpToTheFirstEnd) {
  ifinfomsg ours = {};
  ours.ifi_index = kOurs;
  const Bytes link = Message(RTM_NEWLINK, BytesOf(ours));
  const Bytes done = Message(NLMSG_DONE, Number(0));
  const Bytes failed =
      Message(NLMSG_ERROR, Number(static_cast<uint32_t>(-EPERM)));
  EXPECT_TRUE(Read(Joined({link, done})).state.link.has_value());
  EXPECT_FALSE(Read(Joined({done, link})).state.link.has_value());
  EXPECT_EQ(Read(Joined({done, failed})).result, ReplyResult::kDone);
  const NaiveNetlink read = Read(Joined({link, failed, done}));
  EXPECT_EQ(read.error_number, EPERM);
  EXPECT_TRUE(read.state.link.has_value()) << "what came before stays";
}

TEST(NaiveNetlinkDatagramTest, OthersMessagesArePassedOver) {
  const Bytes done = Message(NLMSG_DONE, Number(0));
  // The padding of an odd length belongs to no message.
  const Bytes odd = Message(RTM_NEWADDR, {2, 3, 4}, 0, 8);
  EXPECT_EQ(Read(Joined({odd, done})).result, ReplyResult::kDone);
  EXPECT_EQ(Read(Joined({Message(NLMSG_NOOP, {1}), done})).result,
            ReplyResult::kDone);
  const Bytes failed = Message(NLMSG_ERROR, {}, 0, 8);
  EXPECT_EQ(Read(failed).result, ReplyResult::kMore);
}

TEST(NaiveNetlinkDatagramTest, AMessageFitsItsDatagram) {
  for (const uint32_t length : {0u, 15u, 21u, 0xFFFFFFFFu}) {
    Bytes message = Message(NLMSG_DONE, Number(0), 0, 8);
    const Bytes written = BytesOf(length);
    std::copy(written.begin(), written.end(), message.begin());
    EXPECT_EQ(Read(message).error_number, EBADMSG) << length;
  }
}

}  // namespace
}  // namespace ovoc::fuzz
