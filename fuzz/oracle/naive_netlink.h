// SPDX-License-Identifier: Apache-2.0
//
// Datagrams of rtnetlink(7) read a second time, for an oracle: by offsets
// instead of the kernel's structs.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_NETLINK_H_
#define OVOC_FUZZ_ORACLE_NAIVE_NETLINK_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "netif/linux/rtnetlink_message.h"

namespace ovoc::fuzz {

struct NaiveNetlink {
  netif::ReplyResult result = netif::ReplyResult::kMore;
  int error_number = 0;
  netif::InterfaceState state;  // without labels
};

// ReadNaiveNetlink is what netif::ReadReply should say of one datagram.
NaiveNetlink ReadNaiveNetlink(absl::Span<const uint8_t> datagram,
                              uint32_t sequence, int interface_index);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_NETLINK_H_
