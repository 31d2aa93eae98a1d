// SPDX-License-Identifier: Apache-2.0
//
// What the answer to an upgrade request means, field by field: the plain
// judgement that CheckUpgradeResponse is compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_UPGRADE_H_
#define OVOC_FUZZ_ORACLE_NAIVE_UPGRADE_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "auth/overlay_assignment.h"
#include "auth/upgrade_response.h"
#include "fuzz/oracle/naive_head.h"

namespace ovoc::fuzz {

struct NaiveUpgrade {
  auth::UpgradeVerdict verdict = auth::UpgradeVerdict::kInvalid;
  auth::OverlayAssignment overlay;  // of kAccepted
};

// JudgeNaively takes a head that is kDone. `accept` is what the server has to
// answer to our key.
NaiveUpgrade JudgeNaively(const NaiveHead& head, absl::string_view accept,
                          const auth::OverlayRule& rule);

// SwitchesProtocols is true when the head is what RFC 6455 4.1 asks of an
// answer to a request that offered one subprotocol, or none (empty).
bool SwitchesProtocols(const NaiveHead& head, absl::string_view accept,
                       absl::string_view offered);

// NaiveOverlay reads the two fields of the tunnel, the address with the C
// library; nullopt when the device must not take what they say.
std::optional<auth::OverlayAssignment> NaiveOverlay(
    absl::string_view address, absl::string_view prefix,
    const auth::OverlayRule& rule);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_UPGRADE_H_
