// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_WORKER_DESCRIPTORS_H_
#define OVOC_TUNNEL_KEEPER_WORKER_DESCRIPTORS_H_

#include <string>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// The worker's descriptor of the device. It follows that of the channel
// (kChannelDescriptor).
inline constexpr int kTunDescriptor = 4;

// ArrangeDescriptors leaves this process, a worker, only its descriptors:
// standard input, output and error, which are all the file at `null_path`; the
// channel; and the device. `null_path` is the path of /dev/null as seen from
// the working folder. FailedPrecondition if no worker on this machine can have
// them; the message says what is missing. Unavailable if it may help to try
// again. After an error `channel_fd` is still open, unless the kernel could not
// copy it.
absl::Status ArrangeDescriptors(const std::string& null_path, int channel_fd,
                                int tun_fd);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_WORKER_DESCRIPTORS_H_
