// SPDX-License-Identifier: Apache-2.0
//
// Domain names as values in their wire form.

#ifndef OVOC_NETIF_DNS_DNS_NAME_H_
#define OVOC_NETIF_DNS_DNS_NAME_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "netif/dns/dns_cursor.h"
#include "netif/dns/dns_error.h"

namespace ovoc::netif {

inline constexpr size_t kMaxDnsLabelBytes = 63;  // RFC 1035 2.3.4
inline constexpr size_t kMaxDnsNameBytes = 255;  // RFC 1035 2.3.4, wire form

// A name has at most 127 labels, so no honest encoder needs more pointers. This
// bounds the work that a chain of pointers to pointers can cause.
inline constexpr int kMaxDnsPointers = 127;

// DnsName is a domain name: uncompressed labels, each with its length in
// front, ended by the root's zero byte. It owns its bytes and never allocates.
// Names read from a message may hold any bytes (RFC 2181 11).
class DnsName {
 public:
  DnsName() = default;  // the root

  // FromText makes a host name from text such as "ovoc.example" or
  // "ovoc.example.": labels of 1..63 letters, digits, hyphens (not first or
  // last) and underscores, at most 255 bytes on the wire. The name is absolute
  // with or without the last dot; there is no search list. A name that is not
  // ASCII must be given as A-labels ("xn--..."). The root, the empty text and
  // anything else are InvalidArgument, with what was found and the limit.
  static absl::StatusOr<DnsName> FromText(absl::string_view text);

  // Decode reads a name, compressed or not, from *cursor and moves the cursor
  // past it. After an error *cursor and *name are unchanged. The bytes at the
  // cursor must fit its limit. Pointers may go anywhere after the header and
  // strictly before the labels that led to them.
  //
  // Results: kNone, kTruncatedName, kReservedLabelType, kForwardPointer,
  // kPointerIntoHeader, kTooManyPointers, kNameTooLong.
  static DnsError Decode(DnsCursor* cursor, DnsName* name);

  // wire is 1..255 bytes and lives as long as this object.
  absl::Span<const uint8_t> wire() const { return {bytes_.data(), size_}; }
  bool IsRoot() const { return size_ == 1; }

  // IsWithin is true for ancestor itself and for every name below it.
  bool IsWithin(const DnsName& ancestor) const;

  // ToLower turns ASCII letters to lower case.
  DnsName ToLower() const;

  // ToString is the name without a last dot, "." for the root. Bytes that are
  // not printable ASCII become \DDD; '.', '"' and '\' inside a label get a
  // backslash (RFC 1035 5.1), so the text is safe in a log.
  std::string ToString() const;

  // EqualsExactly compares every byte, == ignores the case of ASCII letters.
  bool EqualsExactly(const DnsName& other) const;
  friend bool operator==(const DnsName& a, const DnsName& b);

 private:
  // Append adds a label, 0..63 bytes. False, and no change, over 255 bytes.
  bool Append(absl::Span<const uint8_t> label);
  void Clear() { size_ = 0; }

  std::array<uint8_t, kMaxDnsNameBytes> bytes_ = {};
  size_t size_ = 1;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_DNS_NAME_H_
