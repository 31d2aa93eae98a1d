// SPDX-License-Identifier: Apache-2.0
//
// The addresses that this machine has for a client's settings by now, zones as
// numbers: what its files say and which interfaces it has may change.

#ifndef OVOC_TUNNEL_MACHINE_ADDRESSES_H_
#define OVOC_TUNNEL_MACHINE_ADDRESSES_H_

#include <string>
#include <vector>

#include "netif/ip_address.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {

// NameServersInUse is those of the settings, or those of /etc/resolv.conf when
// the settings have none and the server is a name; netif::kDefaultNameServer
// when the file has none either. Each once.
std::vector<netif::IpAddress> NameServersInUse(const FileRoot& files,
                                               const Settings& settings);

// KnownAddresses is what is known of the server without DNS: WSTunServer when
// it is an address, else what /etc/hosts has for the name. The file comes
// before DNS, as nsswitch.conf(5) has it unless it is changed; one that cannot
// be read, or has more than 4 MiB, is as good as none. Each once.
std::vector<netif::IpAddress> KnownAddresses(const FileRoot& files,
                                             const Settings& settings);

// UnreadFiles has a warning for each of the two files that is looked at for
// `settings`, is there, and cannot be read, such as one that is too large
// (/etc/resolv.conf: 64 KiB) or in UTF-16: "FILE: PROBLEM, so it counts as
// empty; REMEDY".
std::vector<std::string> UnreadFiles(const FileRoot& files,
                                     const Settings& settings);

// MissingZones has a warning, in the form of DescribeSettingError, for each
// setting whose address has a zone that is the name of no interface by now. It
// is no error: the interface may come.
std::vector<std::string> MissingZones(const Settings& settings);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MACHINE_ADDRESSES_H_
