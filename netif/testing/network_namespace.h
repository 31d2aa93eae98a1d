// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_TESTING_NETWORK_NAMESPACE_H_
#define OVOC_NETIF_TESTING_NETWORK_NAMESPACE_H_

#include "absl/status/status.h"

namespace ovoc::netif {

// EnterNewNetworkNamespace moves the process into a network namespace of its
// own where it has CAP_NET_ADMIN; without privilege a user namespace is made
// too. Once per process and before any thread starts: from SetUpTestSuite. An
// error is a reason to skip the test, in words for its reader.
absl::Status EnterNewNetworkNamespace();

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_TESTING_NETWORK_NAMESPACE_H_
