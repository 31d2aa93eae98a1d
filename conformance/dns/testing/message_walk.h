// SPDX-License-Identifier: Apache-2.0
//
// A second reading of DNS messages, by byte loops and RFC 1035 alone. It finds
// what is unusual about a message. It decides nothing; it explains differences.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_MESSAGE_WALK_H_
#define OVOC_CONFORMANCE_DNS_TESTING_MESSAGE_WALK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace ovoc::conformance {

// NamePlace is a name and its position in a message.
struct NamePlace {
  bool whole = false;  // it can be read to its root's zero
  size_t end = 0;      // behind it where it stands, when whole
  size_t bytes = 0;    // its uncompressed length, the root's zero included
  int pointers = 0;
  bool points_forward = false;      // to itself or behind, as it was read
  bool points_into_header = false;  // one of the first 12 bytes
  bool has_nul_label = false;       // a label of one byte that is zero
  bool is_host_name = true;         // only letters, digits, and "-_/"
};

// WalkName follows pointers to wherever they lead, 1000 at most.
NamePlace WalkName(absl::Span<const uint8_t> message, size_t offset);

// RecordPlace is a record and its position. Sections: 1 answer, 2 authority, 3
// additional.
struct RecordPlace {
  int section = 1;
  NamePlace owner;
  size_t type_offset = 0;
  uint16_t type = 0;
  uint16_t dns_class = 0;
  uint32_t ttl = 0;
  size_t rdata = 0;        // offset
  size_t rdata_bytes = 0;  // RDLENGTH
  // For a type made of names: the last name, with the oddities of all of them.
  NamePlace target;
  bool fits_type = true;  // RDATA is of the size that its type wants
};

struct MessagePlaces {
  std::vector<NamePlace> questions;
  std::vector<RecordPlace> records;
};

// WalkMessage reads as far as it can, up to the first thing that is cut off.
MessagePlaces WalkMessage(absl::Span<const uint8_t> message);

// NamesOf is every question, then owner and target of every record.
std::vector<NamePlace> NamesOf(const MessagePlaces& places);

// IsMadeOfNames is true for NS, CNAME, SOA, PTR, MX, SRV and DNAME.
bool IsMadeOfNames(uint16_t type);

// Number16 is two bytes of the message; bytes that it does not have count as
// zero.
uint16_t Number16(absl::Span<const uint8_t> message, size_t offset);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_MESSAGE_WALK_H_
