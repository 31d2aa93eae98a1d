// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_netlink.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/rtnetlink_message.h"

namespace ovoc::fuzz {
namespace {

using netif::ReplyResult;

constexpr uint32_t kError = 2;        // NLMSG_ERROR
constexpr uint32_t kDone = 3;         // NLMSG_DONE
constexpr uint32_t kNewAddress = 20;  // RTM_NEWADDR
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

// The attributes of an address message; false when they are malformed.
bool ReadAttributes(absl::Span<const uint8_t> bytes, int prefix_length,
                    NaiveNetlink* naive) {
  for (size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < 4) {
      return false;
    }
    const size_t length = Number(bytes, at, 2);
    if (length < 4 || length > bytes.size() - at) {
      return false;
    }
    if (Number(bytes, at + 2, 2) == kLocal) {
      if (length != 8 || prefix_length > 32) {
        return false;
      }
      uint32_t address = 0;  // in network order
      for (size_t i = at + 4; i < at + 8; ++i) {
        address = address << 8 | bytes[i];
      }
      naive->addresses.push_back(*netif::Ipv4Prefix::Create(
          netif::Ipv4Address::FromHostOrder(address), prefix_length));
    }
    at += (length + 3) / 4 * 4;
  }
  return true;
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
      if (type == kNewAddress && body.size() < 8) {
        return Fail(naive, EBADMSG);
      }
      const bool is_ours =
          type == kNewAddress && body[0] == 2 &&  // AF_INET
          Number(body, 4, 4) == static_cast<uint32_t>(interface_index);
      if (is_ours && !ReadAttributes(body.subspan(8), body[1], &naive)) {
        return Fail(naive, EBADMSG);
      }
    }
    datagram.remove_prefix(std::min((length + 3) / 4 * 4, datagram.size()));
  }
  return naive;
}

}  // namespace ovoc::fuzz
