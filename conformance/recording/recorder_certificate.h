// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_RECORDING_RECORDER_CERTIFICATE_H_
#define OVOC_CONFORMANCE_RECORDING_RECORDER_CERTIFICATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ovoc::conformance {

// RecorderCertificate is what the recorder presents to a device. It is made
// anew for each run (EC P-256, SHA-256, valid for 30 days), and its keys are
// never written to a file.
struct RecorderCertificate {
  std::string root;         // PEM; to be trusted by the device
  std::string chain;        // PEM; the leaf alone
  std::string private_key;  // PEM; the leaf's
};

// MakeRecorderCertificate makes one for `names`: the host names and IP
// addresses by which the device may reach the recorder. InvalidArgument names
// the one that is neither, or says that there is none.
[[nodiscard]] absl::StatusOr<RecorderCertificate> MakeRecorderCertificate(
    const std::vector<std::string>& names);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_RECORDING_RECORDER_CERTIFICATE_H_
