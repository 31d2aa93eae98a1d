// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_COMMAND_LINE_LIBRARY_VERSION_H_
#define OVOC_TUNNEL_COMMAND_LINE_LIBRARY_VERSION_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// BoringSslVersion names the BoringSSL that this program was built with, as
// tunnel/release/sbom.py finds it in the binary. One of
//   BoringSSL 14.0.0+r45 (revision COMMIT)   of third_party/sources.lock
//   BoringSSL of another origin (API 43)     brought by --override_repository:
//                                            of it only BORINGSSL_API_VERSION
//                                            is known
absl::string_view BoringSslVersion();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_COMMAND_LINE_LIBRARY_VERSION_H_
