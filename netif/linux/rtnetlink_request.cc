// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/rtnetlink_request.h"

// Before linux/ip.h, which otherwise defines what the C library defines too.
#include <netinet/in.h>
//
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/netconf.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_message.h"

namespace ovoc::netif {
namespace {

// Aligned rounds up to where the next message or attribute begins.
constexpr size_t Aligned(size_t size) { return (size + 3) & ~size_t{3}; }

// MessageBuilder appends to one netlink message. Sizes are of messages made
// here, some dozen bytes, so they fit their 16-bit fields.
class MessageBuilder {
 public:
  MessageBuilder(uint16_t type, uint16_t flags, uint32_t sequence) {
    nlmsghdr header = {};
    header.nlmsg_type = type;
    header.nlmsg_flags = flags;
    header.nlmsg_seq = sequence;
    Append(header);
  }

  template <typename T>
  void Append(const T& value) {
    const size_t at = bytes_.size();
    bytes_.resize(at + Aligned(sizeof(T)), 0);
    std::memcpy(bytes_.data() + at, &value, sizeof(T));
  }

  template <typename T>
  void AppendAttribute(uint16_t type, const T& value) {
    const size_t nest = BeginAttribute(type);
    Append(value);
    EndAttribute(nest);
  }

  // BeginAttribute opens an attribute that what follows belongs to, until
  // EndAttribute gets the result.
  size_t BeginAttribute(uint16_t type) {
    const size_t at = bytes_.size();
    rtattr attribute = {};
    attribute.rta_type = type;
    Append(attribute);
    return at;
  }

  void EndAttribute(size_t begin) {
    const uint16_t length = static_cast<uint16_t>(bytes_.size() - begin);
    std::memcpy(bytes_.data() + begin + offsetof(rtattr, rta_len), &length,
                sizeof(length));
  }

  std::vector<uint8_t> Finish() {
    const uint32_t length = static_cast<uint32_t>(bytes_.size());
    std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_len), &length,
                sizeof(length));
    return bytes_;
  }

 private:
  std::vector<uint8_t> bytes_;
};

// DumpRequest asks for all there is of one kind. A Body begins with its family,
// as rtgenmsg does.
template <typename Body>
std::vector<uint8_t> DumpRequest(uint16_t type, uint8_t family,
                                 uint32_t sequence) {
  const rtgenmsg begin = {family};
  Body body = {};
  std::memcpy(&body, &begin, sizeof(begin));
  MessageBuilder builder(type, NLM_F_REQUEST | NLM_F_DUMP, sequence);
  builder.Append(body);
  return builder.Finish();
}

}  // namespace

std::vector<uint8_t> LinkRequest(uint32_t sequence, int interface_index,
                                 int mtu_bytes) {
  MessageBuilder builder(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, sequence);
  ifinfomsg message = {};
  message.ifi_family = AF_UNSPEC;
  message.ifi_index = interface_index;
  message.ifi_flags = IFF_UP;
  message.ifi_change = IFF_UP;
  builder.Append(message);
  builder.AppendAttribute(IFLA_MTU, static_cast<uint32_t>(mtu_bytes));
  const size_t family = builder.BeginAttribute(IFLA_AF_SPEC | NLA_F_NESTED);
  const size_t inet = builder.BeginAttribute(AF_INET | NLA_F_NESTED);
  const size_t conf = builder.BeginAttribute(IFLA_INET_CONF | NLA_F_NESTED);
  // Without it the kernel deletes a prefix's second address with its first.
  builder.AppendAttribute(IPV4_DEVCONF_PROMOTE_SECONDARIES, uint32_t{1});
  // Else another interface takes OVOC's packets while the tunnel is down.
  builder.AppendAttribute(IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN,
                          uint32_t{0});
  builder.EndAttribute(conf);
  builder.EndAttribute(inet);
  builder.EndAttribute(family);
  return builder.Finish();
}

std::vector<uint8_t> AddressRequest(uint32_t sequence, Change change,
                                    int interface_index,
                                    const Ipv4Prefix& address) {
  const bool add = change == Change::kAdd;
  const int flags =
      NLM_F_REQUEST | NLM_F_ACK | (add ? NLM_F_CREATE | NLM_F_EXCL : 0);
  MessageBuilder builder(add ? RTM_NEWADDR : RTM_DELADDR,
                         static_cast<uint16_t>(flags), sequence);
  ifaddrmsg message = {};
  message.ifa_family = AF_INET;
  message.ifa_prefixlen = static_cast<uint8_t>(address.length());
  message.ifa_scope = RT_SCOPE_UNIVERSE;
  message.ifa_index = static_cast<uint32_t>(interface_index);
  builder.Append(message);
  builder.AppendAttribute(IFA_LOCAL, address.address().bytes());
  builder.AppendAttribute(IFA_ADDRESS, address.address().bytes());
  return builder.Finish();
}

std::vector<uint8_t> RouteRequest(uint32_t sequence, Change change,
                                  int interface_index,
                                  const InterfaceRoute& route) {
  const bool add = change == Change::kAdd;
  MessageBuilder builder(add ? RTM_NEWROUTE : RTM_DELROUTE,
                         static_cast<uint16_t>(NLM_F_REQUEST | NLM_F_ACK |
                                               (add ? NLM_F_CREATE : 0)),
                         sequence);
  rtmsg message = {};
  message.rtm_family = AF_INET;
  message.rtm_dst_len = static_cast<uint8_t>(route.destination.length());
  message.rtm_tos = route.tos;
  message.rtm_table = RT_TABLE_MAIN;
  message.rtm_protocol = add ? RTPROT_BOOT : RTPROT_UNSPEC;  // as ip-route(8)
  message.rtm_scope = add ? RT_SCOPE_LINK : RT_SCOPE_NOWHERE;
  message.rtm_type = RTN_UNICAST;
  builder.Append(message);
  builder.AppendAttribute(RTA_DST, route.destination.NetworkAddress().bytes());
  builder.AppendAttribute(RTA_OIF, static_cast<uint32_t>(interface_index));
  builder.AppendAttribute(RTA_PRIORITY, route.metric);
  if (route.source != Ipv4Address()) {
    builder.AppendAttribute(RTA_PREFSRC, route.source.bytes());
  }
  return builder.Finish();
}

std::vector<uint8_t> AddressDumpRequest(uint32_t sequence) {
  return DumpRequest<ifaddrmsg>(RTM_GETADDR, AF_INET, sequence);
}

std::vector<uint8_t> RouteDumpRequest(uint32_t sequence) {
  return DumpRequest<rtmsg>(RTM_GETROUTE, AF_INET, sequence);
}

std::vector<uint8_t> LinkDumpRequest(uint32_t sequence) {
  return DumpRequest<ifinfomsg>(RTM_GETLINK, AF_UNSPEC, sequence);
}

std::vector<uint8_t> PathFilterDumpRequest(uint32_t sequence) {
  return DumpRequest<netconfmsg>(RTM_GETNETCONF, AF_INET, sequence);
}

std::vector<uint8_t> LinkStateRequest(uint32_t sequence, int interface_index) {
  MessageBuilder builder(RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, sequence);
  ifinfomsg message = {};
  message.ifi_family = AF_UNSPEC;
  message.ifi_index = interface_index;
  builder.Append(message);
  return builder.Finish();
}

}  // namespace ovoc::netif
