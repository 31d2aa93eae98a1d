// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_HARDENING_TLS_FLOOD_H_
#define OVOC_CONFORMANCE_HARDENING_TLS_FLOOD_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "conformance/hardening/record_forger.h"

namespace ovoc::conformance {

// TlsFlood is a kind of TLS records without data that a hostile server sends
// after the login, in any number.
struct TlsFlood {
  absl::string_view name;
  uint16_t version;  // TLS1_2_VERSION or TLS1_3_VERSION
  // Appends records that can be sent again and again; how many messages, or
  // records without a message, they are.
  size_t (*append)(RecordForger* forger, std::vector<uint8_t>* out);
};

// All of them.
absl::Span<const TlsFlood> TlsFloods();

// The one of that name, or null.
const TlsFlood* FindTlsFlood(absl::string_view name);

// What anybody on the path can send instead of a ServerHello: pairs of an empty
// handshake record and a warning.
std::vector<uint8_t> HandshakeFlood(size_t pairs);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_HARDENING_TLS_FLOOD_H_
