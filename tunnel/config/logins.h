// SPDX-License-Identifier: Apache-2.0
//
// Who the client is to OVOC and to a proxy.

#ifndef OVOC_TUNNEL_CONFIG_LOGINS_H_
#define OVOC_TUNNEL_CONFIG_LOGINS_H_

#include <memory>

#include "auth/basic_credentials.h"
#include "tunnel/settings/named_errors.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// TakeServerLogin makes the credentials for OVOC. The password moves out of
// `settings`. Null if the settings have none, because its file could not be
// read, or if Basic credentials cannot hold it, which `errors` gets.
std::unique_ptr<auth::BasicCredentials> TakeServerLogin(Settings* settings,
                                                        NamedErrors* errors);

// TakeProxyLogin does the same for the proxy. Null if there is no proxy, or
// its URL has no login.
std::unique_ptr<auth::BasicCredentials> TakeProxyLogin(Settings* settings,
                                                       NamedErrors* errors);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CONFIG_LOGINS_H_
