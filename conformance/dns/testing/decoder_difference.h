// SPDX-License-Identifier: Apache-2.0
//
// Where our DNS decoder differs from those of others, and why.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_DECODER_DIFFERENCE_H_
#define OVOC_CONFORMANCE_DNS_TESTING_DECODER_DIFFERENCE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "netif/dns/dns_error.h"

namespace ovoc::conformance {

// DifferenceClass is a difference that was examined and found right. It is
// recognised by what a second reading (message_walk) finds in the message,
// never only by what our decoder says of it.
enum class DifferenceClass {
  kNone,  // no difference
  // Ours refuses, the other takes it.
  kTwoQuestions,      // RFC 9619 4
  kForwardPointer,    // RFC 1035 4.1.4: to a prior occurrence
  kHeaderPointer,     // likewise: no name stands in the header
  kTooManyPointers,   // more than a name can have labels
  kLongName,          // RFC 1035 2.3.4: 255 bytes
  kRdataOfOtherSize,  // of a known type: 3.3, 3.4.1 and others
  kOddOpt,            // RFC 6891 6.1.1, 6.1.2
  kUnreadSections,    // c-ares reads questions and answers only
  // Either.
  kRdataOfOtherTypes,  // ldns reads RDATA of types that are nothing to us
  // Ours takes it, the other refuses.
  kNotOneQuestion,    // c-ares wants one, as the resolver does
  kTargetNoHostName,  // c-ares holds targets to the letters of host names
  kFiftyPointers,     // c-ares takes 50 at most
  // Both take it and find other addresses.
  kOrderOfRecords,   // c-ares wants a chain in order and takes any CNAME
  kLoopOrLongChain,  // c-ares follows loops
  kManyAnswers,      // ours keeps 64 records and 8 addresses, the first ones
  kNulLabel,         // c-ares ends a name at a label that is a NUL
  kUnexplained,
};

// NameOf is the name without its k. The text is static.
absl::string_view NameOf(DifferenceClass difference);

struct Difference {
  DifferenceClass kind = DifferenceClass::kNone;
  std::string detail;  // what each says, where they differ
};

// VerdictsText says for a detail what our decoder and the other one found
// wrong; `theirs` is empty if the other one found nothing.
std::string VerdictsText(netif::DnsError ours, absl::string_view theirs);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_DECODER_DIFFERENCE_H_
