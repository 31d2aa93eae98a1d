// SPDX-License-Identifier: Apache-2.0

#include "netif/rtnetlink_message.h"

// Before linux/ip.h, which otherwise defines what the C library defines too.
#include <netinet/in.h>
//
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"

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

// Take copies a T off the front of *bytes, and the padding behind it as far as
// there is any. False when *bytes is too short.
template <typename T>
bool Take(absl::Span<const uint8_t>* bytes, T* value) {
  if (bytes->size() < sizeof(T)) {
    return false;
  }
  std::memcpy(value, bytes->data(), sizeof(T));
  // subspan throws beyond the end; the last padding may be left out.
  const size_t step = Aligned(sizeof(T));
  *bytes = step < bytes->size() ? bytes->subspan(step) : bytes->last(0);
  return true;
}

// TakeBody takes `length` bytes, minus a header of header_bytes that is taken
// already, and the padding.
std::optional<absl::Span<const uint8_t>> TakeBody(
    absl::Span<const uint8_t>* bytes, size_t length, size_t header_bytes) {
  if (length < header_bytes || length - header_bytes > bytes->size()) {
    return std::nullopt;
  }
  const size_t size = length - header_bytes;
  const absl::Span<const uint8_t> body = bytes->first(size);
  const size_t step = Aligned(size);
  *bytes = step < bytes->size() ? bytes->subspan(step) : bytes->last(0);
  return body;
}

// AppendAddress reads the body of an RTM_NEWADDR. False when it is malformed.
bool AppendAddress(absl::Span<const uint8_t> body, int interface_index,
                   std::vector<Ipv4Prefix>* addresses) {
  ifaddrmsg message = {};
  if (!Take(&body, &message)) {
    return false;
  }
  if (message.ifa_family != AF_INET ||
      message.ifa_index != static_cast<uint32_t>(interface_index)) {
    return true;
  }
  while (!body.empty()) {
    rtattr attribute = {};
    if (!Take(&body, &attribute)) {
      return false;
    }
    const std::optional<absl::Span<const uint8_t>> value =
        TakeBody(&body, attribute.rta_len, sizeof(attribute));
    if (!value.has_value()) {
      return false;
    }
    if (attribute.rta_type != IFA_LOCAL) {
      continue;
    }
    const std::optional<IpAddress> address = IpAddress::FromBytes(*value);
    if (!address.has_value() || !address->is_v4()) {
      return false;
    }
    const std::optional<Ipv4Prefix> prefix =
        Ipv4Prefix::Create(address->v4(), message.ifa_prefixlen);
    if (!prefix.has_value()) {
      return false;
    }
    addresses->push_back(*prefix);
  }
  return true;
}

ReplyResult Fail(int reason, int* error_number) {
  *error_number = reason;
  return ReplyResult::kError;
}

// ReadResult reads the body of NLMSG_ERROR and NLMSG_DONE: 0 or a negated
// errno. Old kernels end a dump without one.
ReplyResult ReadResult(absl::Span<const uint8_t> body, bool may_be_empty,
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
  builder.EndAttribute(conf);
  builder.EndAttribute(inet);
  builder.EndAttribute(family);
  return builder.Finish();
}

std::vector<uint8_t> AddressRequest(uint32_t sequence, AddressChange change,
                                    int interface_index,
                                    const Ipv4Prefix& address) {
  const bool add = change == AddressChange::kAdd;
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

std::vector<uint8_t> AddressDumpRequest(uint32_t sequence) {
  MessageBuilder builder(RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, sequence);
  ifaddrmsg message = {};
  message.ifa_family = AF_INET;
  builder.Append(message);
  return builder.Finish();
}

ReplyResult ReadReply(absl::Span<const uint8_t> datagram, uint32_t sequence,
                      int interface_index, std::vector<Ipv4Prefix>* addresses,
                      int* error_number) {
  while (!datagram.empty()) {
    nlmsghdr header = {};
    if (!Take(&datagram, &header)) {
      return Fail(EBADMSG, error_number);
    }
    const std::optional<absl::Span<const uint8_t>> body =
        TakeBody(&datagram, header.nlmsg_len, sizeof(header));
    if (!body.has_value()) {
      return Fail(EBADMSG, error_number);
    }
    if (header.nlmsg_seq != sequence) {
      continue;
    }
    if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) {
      return Fail(EINTR, error_number);
    }
    if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) {
      return ReadResult(*body, header.nlmsg_type == NLMSG_DONE, error_number);
    }
    if (header.nlmsg_type == RTM_NEWADDR &&
        !AppendAddress(*body, interface_index, addresses)) {
      return Fail(EBADMSG, error_number);
    }
  }
  return ReplyResult::kMore;
}

}  // namespace ovoc::netif
