// SPDX-License-Identifier: Apache-2.0
//
// The fields of values that occur in several messages between keeper and
// worker.

#ifndef OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_VALUES_H_
#define OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_VALUES_H_

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
#include "tunnel/keeper/messages/message_fields.h"

namespace ovoc::tunnel {

// The most bytes of some texts.
inline constexpr size_t kMaxDetailBytes = 512;   // of Progress, of a result
inline constexpr size_t kMaxEndpointBytes = 64;  // "[IPv6]:PORT" is 47

// Enumerated returns the value of an enumeration whose last one is `last`, or
// nullopt if there is no such value.
template <typename Enum>
std::optional<Enum> Enumerated(uint64_t value, Enum last) {
  return value <= static_cast<uint64_t>(last)
             ? std::optional<Enum>(static_cast<Enum>(value))
             : std::nullopt;
}

inline bool IsFlag(uint64_t value) { return value <= 1; }

// IsPrintable returns whether the text is printable ASCII (0x20..0x7e) and not
// empty.
bool IsPrintable(absl::string_view text);

// PutTime writes whether there is a time (1 byte) and the seconds since 1970 (8
// bytes).
void PutTime(const std::optional<absl::Time>& time, FieldWriter* out);
// SetTime turns these two fields back into a time. It returns false if there is
// no time but the seconds are not 0, or if the time is after the year 9999.
bool SetTime(bool is_there, uint64_t seconds, std::optional<absl::Time>* out);

// The address (4 bytes) and the prefix length (1 byte). ReadOverlay returns
// nullopt if the length is above 32.
void PutOverlay(const netif::Ipv4Prefix& overlay, FieldWriter* out);
std::optional<netif::Ipv4Prefix> ReadOverlay(FieldReader* in);
// Takes one that may be absent. False: it is, but is not the empty prefix.
bool SetOverlay(bool is_there, const netif::Ipv4Prefix& overlay,
                std::optional<netif::Ipv4Prefix>* out);

// The length of the address (1 byte), the address in network order, and its
// zone (a text, empty for none). ReadAddress returns nullopt if that is not an
// address.
void PutAddress(const netif::IpAddress& address, FieldWriter* out);
std::optional<netif::IpAddress> ReadAddress(FieldReader* in);

// The number of addresses (1 byte), and the addresses. At most `max_count` of
// them are written, which must be below 256.
void PutAddresses(absl::Span<const netif::IpAddress> addresses,
                  size_t max_count, FieldWriter* out);
// AddressListErrors has the texts for MalformedMessage: one for a list that is
// too long, one for a member that is not an address.
struct AddressListErrors {
  absl::string_view too_many;
  absl::string_view no_address;
};
absl::StatusOr<std::vector<netif::IpAddress>> ReadAddresses(
    size_t max_count, const AddressListErrors& errors, FieldReader* in);

// The code and the cause (end_cause.h; 1 byte each) and a text of at most
// `max_bytes`. OK has neither cause nor text. ReadResult returns nullopt if
// there is no such code or cause.
void PutResult(const absl::Status& result, size_t max_bytes, FieldWriter* out);
std::optional<absl::Status> ReadResult(size_t max_bytes, FieldReader* in);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_VALUES_H_
