// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_error.h"

#include "absl/strings/string_view.h"

namespace ovoc::netif {

absl::string_view Describe(DnsError error) {
  switch (error) {
    case DnsError::kNone:
      return "ok";
    case DnsError::kTruncatedHeader:
      return "the message is shorter than the 12-byte header (RFC 1035 4.1.1)";
    case DnsError::kQuestionCount:
      return "a query has more than one question (RFC 9619 4)";
    case DnsError::kTruncatedQuestion:
      return "the message ends inside a question (RFC 1035 4.1.2)";
    case DnsError::kTruncatedName:
      return "a name extends past the end of its field (RFC 1035 3.1)";
    case DnsError::kReservedLabelType:
      return "a label has the reserved type 01 or 10 (RFC 1035 4.1.4)";
    case DnsError::kForwardPointer:
      return "a compression pointer does not point backwards (RFC 1035 4.1.4)";
    case DnsError::kPointerIntoHeader:
      return "a compression pointer points into the header (RFC 1035 4.1.4)";
    case DnsError::kTooManyPointers:
      return "a name has more than 127 compression pointers (RFC 1035 4.1.4)";
    case DnsError::kNameTooLong:
      return "a name is longer than 255 bytes (RFC 1035 2.3.4)";
    case DnsError::kTruncatedRecord:
      return "the message ends inside a record's fixed fields (RFC 1035 4.1.3)";
    case DnsError::kRdataOverrun:
      return "RDLENGTH extends past the end of the message (RFC 1035 4.1.3)";
    case DnsError::kBadAddressLength:
      return "an A record is not 4 bytes long (RFC 1035 3.4.1), or an AAAA "
             "record is not 16 (RFC 3596 2.2)";
    case DnsError::kBadNameRdata:
      return "RDATA that holds names is too short or too long (RFC 1035 3.3)";
    case DnsError::kBadOptRdata:
      return "the OPT options do not fill their RDATA (RFC 6891 6.1.2)";
    case DnsError::kBadOptOwner:
      return "the owner of the OPT record is not the root (RFC 6891 6.1.2)";
    case DnsError::kMisplacedOpt:
      return "an OPT record is outside the additional section (RFC 6891 6.1.1)";
    case DnsError::kDuplicateOpt:
      return "there is more than one OPT record (RFC 6891 6.1.1)";
  }
  return "unknown";
}

}  // namespace ovoc::netif
