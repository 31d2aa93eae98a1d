// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_netlink.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>

#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_message.h"

namespace ovoc::fuzz {
namespace {

using netif::ReplyResult;

constexpr uint32_t kError = 2;  // NLMSG_ERROR
constexpr uint32_t kDone = 3;   // NLMSG_DONE
constexpr uint32_t kInterrupted = 0x10;
constexpr uint32_t kLocal = 2;  // IFA_LOCAL

// A number in the machine's byte order.
uint32_t Number(absl::Span<const uint8_t> bytes, size_t at, size_t size) {
  uint32_t number = 0;
  for (size_t i = 0; i < size; ++i) {
    const bool little = std::endian::native == std::endian::little;
    number = number << 8 | bytes[little ? at + size - 1 - i : at + i];
  }
  return number;
}

NaiveNetlink Fail(NaiveNetlink so_far, int error_number) {
  so_far.result = ReplyResult::kError;
  so_far.error_number = error_number;
  return so_far;
}

uint32_t Address(absl::Span<const uint8_t> bytes, size_t at) {
  uint32_t address = 0;  // in network order
  for (size_t i = at; i < at + 4; ++i) {
    address = address << 8 | bytes[i];
  }
  return address;
}

netif::Ipv4Prefix Prefix(uint32_t address, int length) {
  return *netif::Ipv4Prefix::Create(netif::Ipv4Address::FromHostOrder(address),
                                    length);
}

// Where the values of the attributes are, by type, the last of each; false
// when they are malformed.
bool FindAttributes(absl::Span<const uint8_t> bytes, size_t at,
                    std::map<uint32_t, absl::Span<const uint8_t>>* values) {
  while (at < bytes.size()) {
    if (bytes.size() - at < 4) {
      return false;
    }
    const size_t length = Number(bytes, at, 2);
    if (length < 4 || length > bytes.size() - at) {
      return false;
    }
    const absl::Span<const uint8_t> value = bytes.subspan(at + 4, length - 4);
    const uint32_t type = Number(bytes, at + 2, 2);
    // What is malformed stays so, whatever comes behind it.
    if (!values->contains(type) || values->at(type).size() == 4) {
      (*values)[type] = value;
    }
    at += (length + 3) / 4 * 4;
  }
  return true;
}

using Values = std::map<uint32_t, absl::Span<const uint8_t>>;

bool AreFourBytes(const Values& values, std::initializer_list<uint32_t> types) {
  return std::all_of(types.begin(), types.end(), [&values](uint32_t type) {
    return !values.contains(type) || values.at(type).size() == 4;
  });
}

uint32_t NumberOf(const Values& values, uint32_t type, uint32_t otherwise) {
  return values.contains(type) ? Number(values.at(type), 0, 4) : otherwise;
}

uint32_t AddressOf(const Values& values, uint32_t type) {
  return values.contains(type) ? Address(values.at(type), 0) : 0;
}

// RTM_NEWADDR; false when it is malformed.
bool TakeAddress(absl::Span<const uint8_t> body, NaiveNetlink* naive) {
  Values values;
  if (body.size() < 8) {
    return false;
  }
  if (body[0] != 2) {  // AF_INET
    return true;
  }
  if (!FindAttributes(body, 8, &values) || !AreFourBytes(values, {kLocal})) {
    return false;
  }
  if (!values.contains(kLocal)) {
    return true;
  }
  if (body[1] > 32) {
    return false;
  }
  naive->state.addresses.push_back(
      {.interface_index = static_cast<int>(Number(body, 4, 4)),
       .address = Prefix(AddressOf(values, kLocal), body[1]),
       .label = ""});
  return true;
}

// RTM_NEWROUTE; false when it is malformed.
bool TakeRoute(absl::Span<const uint8_t> body, int interface_index,
               NaiveNetlink* naive) {
  Values values;
  if (body.size() < 12) {
    return false;
  }
  if (body[0] != 2 || body[7] != 1) {  // AF_INET, RTN_UNICAST
    return true;
  }
  // RTA_DST, RTA_OIF, RTA_PRIORITY, RTA_PREFSRC, RTA_TABLE
  if (!FindAttributes(body, 12, &values) ||
      !AreFourBytes(values, {1, 4, 6, 7, 15}) || body[1] > 32) {
    return false;
  }
  if (NumberOf(values, 15, body[4]) == 254 &&
      NumberOf(values, 4, 0) == static_cast<uint32_t>(interface_index)) {
    naive->state.routes.push_back(
        {.destination = Prefix(AddressOf(values, 1), body[1]),
         .source = netif::Ipv4Address::FromHostOrder(AddressOf(values, 7)),
         .metric = NumberOf(values, 6, 0),
         .tos = body[3],
         .direct = body[6] == 253 && !values.contains(5) &&
                   !values.contains(18)});  // RTA_GATEWAY, RTA_VIA
  }
  return true;
}

// RTM_NEWLINK; false when it is malformed.
bool TakeLink(absl::Span<const uint8_t> body, int interface_index,
              NaiveNetlink* naive) {
  Values values;
  if (body.size() < 16 || !FindAttributes(body, 16, &values) ||
      !AreFourBytes(values, {4})) {  // IFLA_MTU
    return false;
  }
  if (Number(body, 4, 4) == static_cast<uint32_t>(interface_index)) {
    const uint32_t flags = Number(body, 8, 4);
    naive->state.link = {.up = flags % 2 == 1,            // IFF_UP
                         .running = flags / 64 % 2 == 1,  // IFF_RUNNING
                         .mtu_bytes = NumberOf(values, 4, 0)};
  }
  return true;
}

bool TakeMessage(uint32_t type, absl::Span<const uint8_t> body,
                 int interface_index, NaiveNetlink* naive) {
  switch (type) {
    case 16:
      return TakeLink(body, interface_index, naive);
    case 20:
      return TakeAddress(body, naive);
    case 24:
      return TakeRoute(body, interface_index, naive);
    // RTM_NEWNETCONF: NETCONFA_IFINDEX, NETCONFA_RP_FILTER,
    // NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN
    case 80: {
      Values values;
      return !body.empty() &&
             (body[0] != 2 || (FindAttributes(body, 4, &values) &&
                               AreFourBytes(values, {1, 3, 6})));
    }
    default:
      return true;
  }
}

NaiveNetlink ReadEnd(NaiveNetlink so_far, absl::Span<const uint8_t> body,
                     bool may_be_empty) {
  if (body.size() < 4 && !may_be_empty) {
    return Fail(so_far, EBADMSG);
  }
  const uint32_t code = body.size() < 4 ? 0 : Number(body, 0, 4);
  if (code == 0) {
    so_far.result = ReplyResult::kDone;
    return so_far;
  }
  return Fail(so_far, code > 0x80000000 ? static_cast<int>(0 - code) : EBADMSG);
}

}  // namespace

NaiveNetlink ReadNaiveNetlink(absl::Span<const uint8_t> datagram,
                              uint32_t sequence, int interface_index) {
  NaiveNetlink naive;
  while (!datagram.empty()) {
    if (datagram.size() < 16) {
      return Fail(naive, EBADMSG);
    }
    const size_t length = Number(datagram, 0, 4);
    if (length < 16 || length > datagram.size()) {
      return Fail(naive, EBADMSG);
    }
    const absl::Span<const uint8_t> body = datagram.subspan(16, length - 16);
    const uint32_t type = Number(datagram, 4, 2);
    if (Number(datagram, 8, 4) == sequence) {
      if ((Number(datagram, 6, 2) & kInterrupted) != 0) {
        return Fail(naive, EINTR);
      }
      if (type == kError || type == kDone) {
        return ReadEnd(naive, body, type == kDone);
      }
      if (!TakeMessage(type, body, interface_index, &naive)) {
        return Fail(naive, EBADMSG);
      }
    }
    datagram.remove_prefix(std::min((length + 3) / 4 * 4, datagram.size()));
  }
  return naive;
}

}  // namespace ovoc::fuzz
