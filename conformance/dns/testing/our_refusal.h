// SPDX-License-Identifier: Apache-2.0
//
// Why our DNS decoder refuses a message that others may take.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_OUR_REFUSAL_H_
#define OVOC_CONFORMANCE_DNS_TESTING_OUR_REFUSAL_H_

#include <cstdint>

#include "absl/types/span.h"
#include "conformance/dns/testing/decoder_difference.h"
#include "netif/dns/dns_error.h"

namespace ovoc::conformance {

// RefusedFor names the rule by which our decoder refuses a message:
// kTwoQuestions to kOddOpt if the second reading (message_walk) finds it broken
// too, otherwise kUnexplained.
DifferenceClass RefusedFor(netif::DnsError error,
                           absl::Span<const uint8_t> message);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_OUR_REFUSAL_H_
