// SPDX-License-Identifier: Apache-2.0
//
// Bounds-checked reading of rtnetlink(7)'s messages and attributes. Numbers are
// in the machine's own byte order.

#ifndef OVOC_NETIF_LINUX_RTNETLINK_CURSOR_H_
#define OVOC_NETIF_LINUX_RTNETLINK_CURSOR_H_

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "absl/types/span.h"

namespace ovoc::netif {

using NetlinkBytes = absl::Span<const uint8_t>;

// Aligned rounds up to where the next message or attribute begins.
constexpr size_t Aligned(size_t size) { return (size + 3) & ~size_t{3}; }

// Take copies a T off the front of *bytes, and skips the padding after it as
// far as there is any. False if *bytes is too short.
template <typename T>
bool Take(NetlinkBytes* bytes, T* value) {
  if (bytes->size() < sizeof(T)) {
    return false;
  }
  std::memcpy(value, bytes->data(), sizeof(T));
  // subspan throws beyond the end; the last padding may be left out.
  const size_t step = Aligned(sizeof(T));
  *bytes = step < bytes->size() ? bytes->subspan(step) : bytes->last(0);
  return true;
}

// TakeBody takes `length` bytes, without a header of header_bytes that was
// taken before, and skips the padding.
inline std::optional<NetlinkBytes> TakeBody(NetlinkBytes* bytes, size_t length,
                                            size_t header_bytes) {
  if (length < header_bytes || length - header_bytes > bytes->size()) {
    return std::nullopt;
  }
  const size_t size = length - header_bytes;
  const NetlinkBytes body = bytes->first(size);
  const size_t step = Aligned(size);
  *bytes = step < bytes->size() ? bytes->subspan(step) : bytes->last(0);
  return body;
}

// TakeMessage takes the header of a message and its body. False if it is cut
// short or longer than the datagram.
inline bool TakeMessage(NetlinkBytes* datagram, nlmsghdr* header,
                        NetlinkBytes* body) {
  if (!Take(datagram, header)) {
    return false;
  }
  const std::optional<NetlinkBytes> taken =
      TakeBody(datagram, header->nlmsg_len, sizeof(*header));
  *body = taken.value_or(NetlinkBytes());
  return taken.has_value();
}

// EachAttribute calls `read` with type and value of each attribute. False when
// one is malformed, by its length or by `read`.
template <typename Reader>
bool EachAttribute(NetlinkBytes body, const Reader& read) {
  while (!body.empty()) {
    rtattr attribute = {};
    if (!Take(&body, &attribute)) {
      return false;
    }
    const std::optional<NetlinkBytes> value =
        TakeBody(&body, attribute.rta_len, sizeof(attribute));
    if (!value.has_value() || !read(attribute.rta_type, *value)) {
      return false;
    }
  }
  return true;
}

// ReadNumber takes a value of exactly four bytes.
inline bool ReadNumber(NetlinkBytes value, uint32_t* number) {
  return value.size() == sizeof(*number) && Take(&value, number);
}

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_RTNETLINK_CURSOR_H_
