// SPDX-License-Identifier: Apache-2.0
#include "conformance/callers_folder.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace ovoc::conformance {

absl::Status EnterCallersFolder() {
  const char* const folder = std::getenv("BUILD_WORKING_DIRECTORY");
  if (folder == nullptr || chdir(folder) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(
      errno, absl::StrCat("cannot enter BUILD_WORKING_DIRECTORY ", folder));
}

}  // namespace ovoc::conformance
