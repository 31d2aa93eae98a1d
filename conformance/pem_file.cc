// SPDX-License-Identifier: Apache-2.0
#include "conformance/pem_file.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "auth/trust_store.h"
#include "tunnel/settings/files/read_file.h"

namespace ovoc::conformance {

absl::StatusOr<std::string> ReadPemFile(absl::string_view option,
                                        const std::string& path) {
  const absl::StatusOr<tunnel::FileContents> file = tunnel::ReadSmallFile(
      path, auth::kMaxTrustStoreBytes, tunnel::FilePrivacy::kAny);
  if (!file.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, ": ", path, " ", file.status().message()));
  }
  return std::string(file->Text());
}

}  // namespace ovoc::conformance
