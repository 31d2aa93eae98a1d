// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_DESCRIPTORS_H_
#define OVOC_TUNNEL_KEEPER_WORKER_DESCRIPTORS_H_

#include <string>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// The device as a worker has it, behind its channel (kChannelDescriptor).
inline constexpr int kTunDescriptor = 4;

// ArrangeDescriptors leaves this process, a worker, its descriptors and no
// other: standard input, output and error, which are all the file at
// `null_path`, the channel, and the device. `null_path` is that of /dev/null as
// seen from the working folder. FailedPrecondition: no worker of this machine
// can have them, and the message says what is missing. Unavailable: try again.
// An error leaves `channel_fd` open unless the kernel could not copy it.
absl::Status ArrangeDescriptors(const std::string& null_path, int channel_fd,
                                int tun_fd);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_DESCRIPTORS_H_
