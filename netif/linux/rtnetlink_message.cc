// SPDX-License-Identifier: Apache-2.0

#include "netif/linux/rtnetlink_message.h"

// Before linux/ip.h, which otherwise defines what the C library defines too.
#include <netinet/in.h>
//
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netconf.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_cursor.h"

namespace ovoc::netif {
namespace {

bool ReadAddress(NetlinkBytes value, Ipv4Address* address) {
  const std::optional<IpAddress> parsed = IpAddress::FromBytes(value);
  if (!parsed.has_value() || !parsed->is_v4()) {
    return false;
  }
  *address = parsed->v4();
  return true;
}

// A label ends with a zero, which is left out.
std::string ReadLabel(NetlinkBytes value) {
  std::string label(value.begin(), value.end());
  return label.substr(0, label.find('\0'));
}

// AppendAddress reads the body of an RTM_NEWADDR. False when it is malformed.
bool AppendAddress(NetlinkBytes body, InterfaceState* state) {
  ifaddrmsg message = {};
  if (!Take(&body, &message)) {
    return false;
  }
  if (message.ifa_family != AF_INET) {
    return true;
  }
  InterfaceAddress found;
  found.interface_index = static_cast<int>(message.ifa_index);
  bool has_address = false;
  Ipv4Address address;
  const bool read = EachAttribute(body, [&](uint16_t type, NetlinkBytes value) {
    if (type == IFA_LABEL) {
      found.label = ReadLabel(value);
    }
    if (type != IFA_LOCAL) {
      return true;
    }
    has_address = true;
    return ReadAddress(value, &address);
  });
  const std::optional<Ipv4Prefix> prefix =
      Ipv4Prefix::Create(address, message.ifa_prefixlen);
  if (!read || (has_address && !prefix.has_value())) {
    return false;
  }
  if (has_address) {
    found.address = *prefix;
    state->addresses.push_back(std::move(found));
  }
  return true;
}

// RouteFields is what the attributes of a route say.
struct RouteFields {
  Ipv4Address destination;
  uint32_t interface_index = 0;
  uint32_t table = 0;
  InterfaceRoute route;
};

bool ReadRouteAttribute(uint16_t type, NetlinkBytes value,
                        RouteFields* fields) {
  switch (type) {
    case RTA_DST:
      return ReadAddress(value, &fields->destination);
    case RTA_PREFSRC:
      return ReadAddress(value, &fields->route.source);
    case RTA_OIF:
      return ReadNumber(value, &fields->interface_index);
    case RTA_PRIORITY:
      return ReadNumber(value, &fields->route.metric);
    case RTA_TABLE:
      return ReadNumber(value, &fields->table);
    case RTA_GATEWAY:
    case RTA_VIA:
      fields->route.direct = false;
      return true;
    default:
      return true;
  }
}

// AppendRoute reads the body of an RTM_NEWROUTE. False when it is malformed.
bool AppendRoute(NetlinkBytes body, int interface_index,
                 InterfaceState* state) {
  rtmsg message = {};
  if (!Take(&body, &message)) {
    return false;
  }
  if (message.rtm_family != AF_INET || message.rtm_type != RTN_UNICAST) {
    return true;
  }
  RouteFields fields;
  fields.table = message.rtm_table;
  fields.route.tos = message.rtm_tos;
  fields.route.direct = message.rtm_scope == RT_SCOPE_LINK;
  if (!EachAttribute(body, [&fields](uint16_t type, NetlinkBytes value) {
        return ReadRouteAttribute(type, value, &fields);
      })) {
    return false;
  }
  const std::optional<Ipv4Prefix> destination =
      Ipv4Prefix::Create(fields.destination, message.rtm_dst_len);
  if (!destination.has_value()) {
    return false;
  }
  if (fields.table == RT_TABLE_MAIN &&
      fields.interface_index == static_cast<uint32_t>(interface_index)) {
    fields.route.destination = *destination;
    state->routes.push_back(fields.route);
  }
  return true;
}

// ReadLink reads the body of an RTM_NEWLINK. False when it is malformed.
bool ReadLink(NetlinkBytes body, int interface_index, InterfaceState* state) {
  ifinfomsg message = {};
  if (!Take(&body, &message)) {
    return false;
  }
  LinkState link;
  link.up = (message.ifi_flags & IFF_UP) != 0;
  link.running = (message.ifi_flags & IFF_RUNNING) != 0;
  KnownLink known = {message.ifi_index, "", link.up,
                     (message.ifi_flags & IFF_LOOPBACK) != 0};
  const bool read = EachAttribute(body, [&](uint16_t type, NetlinkBytes value) {
    if (type == IFLA_IFNAME) {
      known.name = ReadLabel(value);
    }
    return type != IFLA_MTU || ReadNumber(value, &link.mtu_bytes);
  });
  if (!read) {
    return false;
  }
  if (message.ifi_index == interface_index) {
    state->link = link;
  }
  state->links.push_back(std::move(known));
  return true;
}

// AppendFilter reads the body of an RTM_NEWNETCONF. False when it is malformed.
bool AppendFilter(NetlinkBytes body, InterfaceState* state) {
  netconfmsg message = {};
  if (!Take(&body, &message)) {
    return false;
  }
  if (message.ncm_family != AF_INET) {
    return true;
  }
  uint32_t index = 0;
  uint32_t ignored = 0;
  std::optional<uint32_t> filter;
  const bool read = EachAttribute(body, [&](uint16_t type, NetlinkBytes value) {
    if (type == NETCONFA_RP_FILTER) {
      filter = 0;
      return ReadNumber(value, &*filter);
    }
    if (type == NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN) {
      return ReadNumber(value, &ignored);
    }
    return type != NETCONFA_IFINDEX || ReadNumber(value, &index);
  });
  if (read && filter.has_value()) {
    state->path_filters.push_back(
        {static_cast<int>(index), static_cast<int>(*filter)});
  }
  if (ignored != 0 && static_cast<int>(index) == kAllInterfaces) {
    state->linkdown_routes_ignored = true;
  }
  return read;
}

bool ReadMessage(uint16_t type, NetlinkBytes body, int interface_index,
                 InterfaceState* state) {
  switch (type) {
    case RTM_NEWADDR:
      return AppendAddress(body, state);
    case RTM_NEWROUTE:
      return AppendRoute(body, interface_index, state);
    case RTM_NEWLINK:
      return ReadLink(body, interface_index, state);
    case RTM_NEWNETCONF:
      return AppendFilter(body, state);
    default:
      return true;
  }
}

ReplyResult Fail(int reason, int* error_number) {
  *error_number = reason;
  return ReplyResult::kError;
}

// ReadResult reads the body of NLMSG_ERROR and NLMSG_DONE: 0 or a negated
// errno. Old kernels end a dump without one.
ReplyResult ReadResult(NetlinkBytes body, bool may_be_empty,
                       int* error_number) {
  int32_t result = 0;
  if (!Take(&body, &result) && !may_be_empty) {
    return Fail(EBADMSG, error_number);
  }
  if (result == 0) {
    return ReplyResult::kDone;
  }
  const bool is_errno =
      result < 0 && result != std::numeric_limits<int32_t>::min();
  return Fail(is_errno ? -result : EBADMSG, error_number);
}

// IsNews says whether one message is about the device or an address. A route
// that replaces another is told of as one of the new device alone: ours may be
// the other.
bool IsNews(const nlmsghdr& header, NetlinkBytes body, int interface_index) {
  InterfaceState state;
  switch (header.nlmsg_type) {
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return true;
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
      return (header.nlmsg_flags & NLM_F_REPLACE) != 0 ||
             !AppendRoute(body, interface_index, &state) ||
             !state.routes.empty();
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return !ReadLink(body, interface_index, &state) || state.link.has_value();
    default:
      return false;
  }
}

}  // namespace

ReplyResult ReadReply(NetlinkBytes datagram, uint32_t sequence,
                      int interface_index, InterfaceState* state,
                      int* error_number) {
  while (!datagram.empty()) {
    nlmsghdr header = {};
    NetlinkBytes body;
    if (!TakeMessage(&datagram, &header, &body)) {
      return Fail(EBADMSG, error_number);
    }
    if (header.nlmsg_seq != sequence) {
      continue;
    }
    if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) {
      return Fail(EINTR, error_number);
    }
    if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) {
      return ReadResult(body, header.nlmsg_type == NLMSG_DONE, error_number);
    }
    if (!ReadMessage(header.nlmsg_type, body, interface_index, state)) {
      return Fail(EBADMSG, error_number);
    }
  }
  return ReplyResult::kMore;
}

bool ConcernsInterface(NetlinkBytes datagram, int interface_index) {
  while (!datagram.empty()) {
    nlmsghdr header = {};
    NetlinkBytes body;
    if (!TakeMessage(&datagram, &header, &body) ||
        IsNews(header, body, interface_index)) {
      return true;
    }
  }
  return false;
}

}  // namespace ovoc::netif
