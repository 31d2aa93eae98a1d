// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/files/file_digests.h"

#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/trust_store.h"
#include "openssl/sha.h"
#include "tunnel/settings/files/read_file.h"

namespace ovoc::tunnel {

std::map<std::string, std::string> DigestFiles(
    const FileRoot& files, const Settings& settings,
    const std::string& system_roots) {
  std::map<std::string, std::string> named;
  if (settings.secured) {
    named = {{"TLSTrustedRoots", settings.trusted_roots.empty()
                                     ? system_roots
                                     : settings.trusted_roots},
             {"TLSCertificate", settings.certificate},
             {"TLSPrivateKey", settings.private_key}};
  }
  if (settings.proxy.has_value() && settings.proxy->secured) {
    named["WSTunProxyRoots"] =
        settings.proxy_roots.empty() ? system_roots : settings.proxy_roots;
  }
  std::map<std::string, std::string> digests;
  for (const auto& [name, path] : named) {
    const absl::StatusOr<FileContents> contents = ReadSmallFile(
        path, auth::kMaxTrustStoreBytes, FilePrivacy::kAny, files);
    if (contents.ok()) {
      std::string digest(SHA256_DIGEST_LENGTH, '\0');
      const absl::string_view bytes = contents->Text();
      SHA256(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(),
             reinterpret_cast<uint8_t*>(digest.data()));
      digests.emplace(name, std::move(digest));
    }
  }
  return digests;
}

}  // namespace ovoc::tunnel
