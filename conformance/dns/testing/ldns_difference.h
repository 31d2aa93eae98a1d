// SPDX-License-Identifier: Apache-2.0
//
// Our DNS decoder against ldns 1.8.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_LDNS_DIFFERENCE_H_
#define OVOC_CONFORMANCE_DNS_TESTING_LDNS_DIFFERENCE_H_

#include <cstdint>

#include "absl/types/span.h"
#include "conformance/dns/testing/decoder_difference.h"

namespace ovoc::conformance {

// CompareWithLdns compares our decoder with ldns: the verdict, and the A, AAAA
// and CNAME records of the answer section with owners and lifetimes.
Difference CompareWithLdns(absl::Span<const uint8_t> message);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_LDNS_DIFFERENCE_H_
