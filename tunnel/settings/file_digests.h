// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SETTINGS_FILE_DIGESTS_H_
#define OVOC_TUNNEL_SETTINGS_FILE_DIGESTS_H_

#include <map>
#include <string>

#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// DigestFiles is the SHA-256 of each file that a TLS setting names, by the
// setting; `system_roots` stands for a TLSTrustedRoots that is not given. Taken
// before the files are read for use: one that changes in between is another one
// for the next reload. What cannot be read has no digest.
std::map<std::string, std::string> DigestFiles(const FileRoot& files,
                                               const Settings& settings,
                                               const std::string& system_roots);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_FILE_DIGESTS_H_
