// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_LINUX_RTNETLINK_EXCHANGE_H_
#define OVOC_NETIF_LINUX_RTNETLINK_EXCHANGE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/linux/rtnetlink_message.h"

namespace ovoc::netif {

// Each request has its own socket, so its number need not differ from others'.
inline constexpr uint32_t kRtnetlinkSequence = 1;

// The kernel makes no larger datagrams for a dump (netlink(7), 32 KiB).
inline constexpr size_t kRtnetlinkBytes = 32768;

// Exchange sends a request of number kRtnetlinkSequence to the kernel, in the
// network namespace of the calling thread, and reads its answer to the end. 0
// or an errno. What the answer says is added to *state. A dump that something
// changed under is asked for again.
int Exchange(absl::Span<const uint8_t> request, int interface_index,
             InterfaceState* state);

// FindInterface is the device's index. InvalidArgument if the text cannot be a
// name, NotFound if there is no such device.
absl::StatusOr<int> FindInterface(absl::string_view name);

// StepError says which step of setting up the device failed, and which
// capability is missing if that is the cause.
absl::Status StepError(int error_number, absl::string_view step,
                       absl::string_view name);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_LINUX_RTNETLINK_EXCHANGE_H_
