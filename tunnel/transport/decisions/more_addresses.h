// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_DECISIONS_MORE_ADDRESSES_H_
#define OVOC_TUNNEL_TRANSPORT_DECISIONS_MORE_ADDRESSES_H_

namespace ovoc::tunnel {

// MoreAddresses says whether the addresses of a name are all there, from the
// lookup that finds them to the race that connects to them (RFC 8305 3).
enum class MoreAddresses {
  kMayCome,  // those of the other family are still being looked up
  kNone,     // these are all
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_DECISIONS_MORE_ADDRESSES_H_
