// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_CALLERS_FOLDER_H_
#define OVOC_CONFORMANCE_CALLERS_FOLDER_H_

#include "absl/status/status.h"

namespace ovoc::conformance {

// EnterCallersFolder changes to the folder that the user was in. `bazel run`
// starts programs in another folder and passes the user's in
// BUILD_WORKING_DIRECTORY (Bazel's manual, "run"), and a relative file name is
// meant from there. OK if the variable is not set; otherwise an error names the
// folder. Only for main.
[[nodiscard]] absl::Status EnterCallersFolder();

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_CALLERS_FOLDER_H_
