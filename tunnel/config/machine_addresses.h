// SPDX-License-Identifier: Apache-2.0
//
// The addresses that this machine currently has for a client's settings. Its
// files and its interfaces may change. Zones are numbers.

#ifndef OVOC_TUNNEL_CONFIG_MACHINE_ADDRESSES_H_
#define OVOC_TUNNEL_CONFIG_MACHINE_ADDRESSES_H_

#include <string>
#include <vector>

#include "netif/ip_address.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// NameServersInUse returns the name servers of the settings, or those of
// /etc/resolv.conf if the settings have none. If there are none either and a
// name is looked up, it returns netif::kDefaultNameServer. Where all servers
// are addresses, or a proxy that is one leads to them, nothing is looked up,
// but the tunnel leaves the name servers out all the same. Each address is
// there once.
std::vector<netif::IpAddress> NameServersInUse(const FileRoot& files,
                                               const Settings& settings);

// KnownAddresses returns for each server of WSTunServer, in their order, its
// addresses that are known without DNS: the server itself if it is an address,
// otherwise those that /etc/hosts has for the name. The file comes before DNS,
// as in the default nsswitch.conf(5). A file that cannot be read, or has more
// than 4 MiB, counts as empty. Each address of a server is there once.
std::vector<std::vector<netif::IpAddress>> KnownAddresses(
    const FileRoot& files, const Settings& settings);

// KnownProxyAddresses returns the same for the proxy; empty without one.
std::vector<netif::IpAddress> KnownProxyAddresses(const FileRoot& files,
                                                  const Settings& settings);

// UnreadFiles returns a warning for each of the two files that `settings` need
// and that exists but cannot be read, for example because it is too large
// (/etc/resolv.conf: 64 KiB) or in UTF-16. The form is "FILE: PROBLEM, so it
// counts as empty; REMEDY".
std::vector<std::string> UnreadFiles(const FileRoot& files,
                                     const Settings& settings);

// MissingZones returns a warning, in the form of DescribeSettingError, for each
// setting whose address has a zone that does not name an existing interface.
// This is not an error, because the interface may still come.
std::vector<std::string> MissingZones(const Settings& settings);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CONFIG_MACHINE_ADDRESSES_H_
