// SPDX-License-Identifier: Apache-2.0
//
// What people write where the address of a server is wanted.

#ifndef OVOC_TUNNEL_SETTINGS_ADDRESS_HINT_H_
#define OVOC_TUNNEL_SETTINGS_ADDRESS_HINT_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// AddressHint is what is wrong with a value, to follow the value ("is a URL"),
// and what to do about it. The texts are ours: nothing of the value, which may
// hold a password, is in them. Both are empty where nothing is known of it.
struct AddressHint {
  absl::string_view problem;
  absl::string_view remedy;
};

// AddressOf is whose address was wanted. A name server has no name, and its
// port and path are not ours to choose.
enum class AddressOf {
  kServer,      // WSTunServer
  kNameServer,  // DNSPriServerIP, DNSSecServerIP
};

// HintForAddress is about a value that such a setting does not take.
AddressHint HintForAddress(absl::string_view value, AddressOf whose);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_ADDRESS_HINT_H_
