// SPDX-License-Identifier: Apache-2.0
//
// Values that several messages between keeper and worker have, as fields.

#ifndef OVOC_TUNNEL_KEEPER_MESSAGE_VALUES_H_
#define OVOC_TUNNEL_KEEPER_MESSAGE_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "netif/ip_address.h"
#include "tunnel/keeper/message_fields.h"

namespace ovoc::tunnel {

// A value of an enumeration that ends at `last`; else nullopt.
template <typename Enum>
std::optional<Enum> Enumerated(uint64_t value, Enum last) {
  return value <= static_cast<uint64_t>(last)
             ? std::optional<Enum>(static_cast<Enum>(value))
             : std::nullopt;
}

inline bool IsFlag(uint64_t value) { return value <= 1; }

// Printable ASCII (0x20..0x7e), at least one byte.
bool IsPrintable(absl::string_view text);

// Whether there is one (1 byte), seconds since 1970 (8).
void PutTime(const std::optional<absl::Time>& time, FieldWriter* out);
// Makes the time of the two fields behind each other. False: there is none, but
// seconds; or they are after the year 9999.
bool SetTime(bool is_there, uint64_t seconds, std::optional<absl::Time>* out);

// Address (4), prefix length (1). nullopt: a length above 32.
void PutOverlay(const netif::Ipv4Prefix& overlay, FieldWriter* out);
std::optional<netif::Ipv4Prefix> ReadOverlay(FieldReader* in);

// Length (1), the address in network order, its zone (text, empty for none).
// nullopt: it is none.
void PutAddress(const netif::IpAddress& address, FieldWriter* out);
std::optional<netif::IpAddress> ReadAddress(FieldReader* in);

// How many (1), the addresses; at most `max_count`, which is below 256. Those
// above it are left out.
void PutAddresses(absl::Span<const netif::IpAddress> addresses,
                  size_t max_count, FieldWriter* out);
// What MalformedMessage says of a list: that it is too long, that a member is
// no address.
struct AddressListErrors {
  absl::string_view too_many;
  absl::string_view no_address;
};
absl::StatusOr<std::vector<netif::IpAddress>> ReadAddresses(
    size_t max_count, const AddressListErrors& errors, FieldReader* in);

// Code (1), text of at most `max_bytes`, empty for OK. nullopt: it is none.
void PutResult(const absl::Status& result, size_t max_bytes, FieldWriter* out);
std::optional<absl::Status> ReadResult(size_t max_bytes, FieldReader* in);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_MESSAGE_VALUES_H_
