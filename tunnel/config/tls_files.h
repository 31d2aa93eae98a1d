// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CONFIG_TLS_FILES_H_
#define OVOC_TUNNEL_CONFIG_TLS_FILES_H_

#include <memory>
#include <string>
#include <vector>

#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/named_errors.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/settings/settings.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::tunnel {

// The bundle of root CAs that stands for TLSTrustedRoots, and for
// WSTunProxyRoots, if that is not set.
inline constexpr char kSystemRoots[] = "/etc/ssl/certs/ca-certificates.crt";

// LoadServerTls reads TLSTrustedRoots, TLSCertificate and TLSPrivateKey and
// makes the client's side of TLS to OVOC of them, as WSTunVerifyPeer,
// WSTunVerifyHostName and `policy` say. What is wrong with a file goes into
// `errors`, and what is returned is then of no use. A key that others may read
// is added to `warnings`.
std::unique_ptr<TlsClient> LoadServerTls(const FileRoot& files,
                                         const Settings& settings,
                                         Policy policy,
                                         std::vector<std::string>* warnings,
                                         NamedErrors* errors);

// LoadProxyTls is the same toward the proxy. Its certificate must verify by
// WSTunProxyRoots, and be for its name, whatever the settings allow OVOC; it
// gets no client certificate. Null also if the settings have no https:// proxy.
std::unique_ptr<TlsClient> LoadProxyTls(const FileRoot& files,
                                        const Settings& settings, Policy policy,
                                        NamedErrors* errors);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CONFIG_TLS_FILES_H_
