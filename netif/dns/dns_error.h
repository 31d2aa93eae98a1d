// SPDX-License-Identifier: Apache-2.0
//
// Why a DNS message is malformed, as a closed list.

#ifndef OVOC_NETIF_DNS_DNS_ERROR_H_
#define OVOC_NETIF_DNS_DNS_ERROR_H_

#include "absl/strings/string_view.h"

namespace ovoc::netif {

// DnsError is the first rule that a message broke, in the order in which its
// bytes are read. A message that ends early is malformed too. There is no "more
// to come" in DNS: a datagram is whole, and a TCP message has its length in
// front.
enum class DnsError {
  kNone,
  kTruncatedHeader,    // fewer than 12 bytes
  kQuestionCount,      // a standard query with more than one question
  kTruncatedQuestion,  // ends inside a question's type or class
  kTruncatedName,      // a label or pointer extends past its field
  kReservedLabelType,  // a length byte 0x40..0xBF
  kForwardPointer,     // a pointer to itself, forward, or into its own name
  kPointerIntoHeader,  // a pointer to one of the 12 header bytes
  kTooManyPointers,    // more pointers than a name can have labels
  kNameTooLong,        // more than 255 bytes, the root's zero included
  kTruncatedRecord,    // ends inside a record's fixed fields
  kRdataOverrun,       // RDLENGTH reaches past the message
  kBadAddressLength,   // A that is not 4, AAAA that is not 16 bytes
  kBadNameRdata,       // RDATA of a type made of names ends too early or late
  kBadOptRdata,        // OPT whose options do not fill RDATA exactly
  kBadOptOwner,        // OPT whose owner is not the root
  kMisplacedOpt,       // OPT outside of the additional section
  kDuplicateOpt,       // a second OPT; the last, by which dns_error.cc counts
};

// Describe names the rule and its RFC section. The text is static.
absl::string_view Describe(DnsError error);

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_DNS_ERROR_H_
