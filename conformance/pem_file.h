// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_PEM_FILE_H_
#define OVOC_CONFORMANCE_PEM_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ovoc::conformance {

// ReadPemFile returns the text of a file of certificates or of a key, of at
// most auth::kMaxTrustStoreBytes. It does not look for PEM in it, nor at who
// may read the file. InvalidArgument names what the file was given with
// (`option`, such as "--roots"), its path, and why it cannot be read.
[[nodiscard]] absl::StatusOr<std::string> ReadPemFile(absl::string_view option,
                                                      const std::string& path);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_PEM_FILE_H_
