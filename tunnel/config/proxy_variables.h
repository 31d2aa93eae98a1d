// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CONFIG_PROXY_VARIABLES_H_
#define OVOC_TUNNEL_CONFIG_PROXY_VARIABLES_H_

#include "tunnel/settings/proxy_environment.h"

namespace ovoc::tunnel {

// TakeProxyVariables returns https_proxy or HTTPS_PROXY, and no_proxy or
// NO_PROXY, of this process's environment. As with curl, the first of the two
// wins, and an empty one is as good as none. It overwrites the value of a proxy
// where the kernel has put it, as it may hold a password. Call it before
// FreshStart empties the environment.
ProxyEnvironment TakeProxyVariables();

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CONFIG_PROXY_VARIABLES_H_
