// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_DNS_TESTING_DECODED_RECORD_H_
#define OVOC_CONFORMANCE_DNS_TESTING_DECODED_RECORD_H_

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ovoc::conformance {

// DecodedRecord is an A, AAAA or CNAME record of class IN in the answer section
// as some decoder has read it.
struct DecodedRecord {
  std::vector<uint8_t> owner;  // uncompressed, exactly as received
  uint16_t type = 0;
  uint32_t ttl = 0;           // seconds, as received
  std::vector<uint8_t> data;  // an address, or the target uncompressed

  friend bool operator==(const DecodedRecord&, const DecodedRecord&) = default;
};

// KeptLifetime is the lifetime in seconds that our decoder keeps: 0 if the top
// bit is set (RFC 2181 8), and at most a day.
inline uint32_t KeptLifetime(uint32_t ttl) {
  return ttl >= 0x80000000u ? 0 : std::min<uint32_t>(ttl, 24 * 60 * 60);
}

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_DECODED_RECORD_H_
