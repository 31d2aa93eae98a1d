// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_DNS_TESTING_LDNS_DECODER_H_
#define OVOC_CONFORMANCE_DNS_TESTING_LDNS_DECODER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "conformance/dns/testing/decoded_record.h"

namespace ovoc::conformance {

struct LdnsVerdict {
  std::string error;  // empty: the message is well-formed
  std::vector<DecodedRecord> answers;
};

// DecodeWithLdns is what NLnet Labs' ldns makes of a message.
LdnsVerdict DecodeWithLdns(absl::Span<const uint8_t> message);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_LDNS_DECODER_H_
