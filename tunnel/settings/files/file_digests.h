// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SETTINGS_FILES_FILE_DIGESTS_H_
#define OVOC_TUNNEL_SETTINGS_FILES_FILE_DIGESTS_H_

#include <map>
#include <string>

#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// DigestFiles returns the SHA-256 digest of each file that a TLS setting names,
// by the name of the setting. `system_roots` stands for TLSTrustedRoots and
// WSTunProxyRoots when they are not set. The files of a connection that has no
// TLS, to OVOC or to a proxy, are left out. Call it before the files are read
// for use: if a file changes in between, the next reload then sees the change.
// A file that cannot be read has no digest.
std::map<std::string, std::string> DigestFiles(const FileRoot& files,
                                               const Settings& settings,
                                               const std::string& system_roots);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_FILES_FILE_DIGESTS_H_
