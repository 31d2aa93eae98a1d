// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_CALLERS_FOLDER_H_
#define OVOC_CONFORMANCE_CALLERS_FOLDER_H_

#include "absl/status/status.h"

namespace ovoc::conformance {

// EnterCallersFolder changes to the folder that the user was in: `bazel run`
// starts programs elsewhere and tells it in BUILD_WORKING_DIRECTORY (Bazel's
// manual, "run"), and a relative file name is the user's. OK without that
// variable; else the error names the folder. For main only.
[[nodiscard]] absl::Status EnterCallersFolder();

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_CALLERS_FOLDER_H_
