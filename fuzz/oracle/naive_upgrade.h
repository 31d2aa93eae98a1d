// SPDX-License-Identifier: Apache-2.0
//
// What the answer to an upgrade request means, field by field: the plain
// judgement that CheckUpgradeResponse and ParseOverlayAssignment are compared
// with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_UPGRADE_H_
#define OVOC_FUZZ_ORACLE_NAIVE_UPGRADE_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "auth/upgrade_response.h"
#include "fuzz/oracle/naive_head.h"
#include "netif/ip_address.h"
#include "netif/overlay_assignment.h"

namespace ovoc::fuzz {

struct NaiveUpgrade {
  auth::UpgradeVerdict verdict = auth::UpgradeVerdict::kInvalid;
  netif::Ipv4Prefix overlay;  // 0.0.0.0/0: none that the rule allows
};

// JudgeNaively takes a head that is kDone. `accept` is what the server has to
// answer to our key.
NaiveUpgrade JudgeNaively(const NaiveHead& head, absl::string_view accept,
                          const netif::OverlayRule& rule);

// SwitchesProtocols is true when the head is what RFC 6455 4.1 asks of an
// answer to a request that offered one subprotocol, or none (empty).
bool SwitchesProtocols(const NaiveHead& head, absl::string_view accept,
                       absl::string_view offered);

// NaiveOverlay reads the two fields of the tunnel, the address with the C
// library; nullopt when the device must not take what they say.
std::optional<netif::Ipv4Prefix> NaiveOverlay(absl::string_view address,
                                              absl::string_view prefix,
                                              const netif::OverlayRule& rule);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_UPGRADE_H_
