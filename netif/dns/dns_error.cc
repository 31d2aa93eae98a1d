// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_error.h"

#include "absl/strings/string_view.h"

namespace ovoc::netif {

absl::string_view Describe(DnsError error) {
  switch (error) {
    case DnsError::kNone:
      return "ok";
    case DnsError::kTruncatedHeader:
      return "message shorter than the 12-byte header (RFC 1035 4.1.1)";
    case DnsError::kQuestionCount:
      return "more than one question in a query (RFC 9619 4)";
    case DnsError::kTruncatedQuestion:
      return "message ends inside a question (RFC 1035 4.1.2)";
    case DnsError::kTruncatedName:
      return "name reaches past the end of its space (RFC 1035 3.1)";
    case DnsError::kReservedLabelType:
      return "label type 01 or 10 is reserved (RFC 1035 4.1.4)";
    case DnsError::kForwardPointer:
      return "compression pointer does not point backwards (RFC 1035 4.1.4)";
    case DnsError::kPointerIntoHeader:
      return "compression pointer into the header (RFC 1035 4.1.4)";
    case DnsError::kTooManyPointers:
      return "more than 127 compression pointers in a name (RFC 1035 4.1.4)";
    case DnsError::kNameTooLong:
      return "name longer than 255 bytes (RFC 1035 2.3.4)";
    case DnsError::kTruncatedRecord:
      return "message ends inside a record's fixed fields (RFC 1035 4.1.3)";
    case DnsError::kRdataOverrun:
      return "RDLENGTH reaches past the message (RFC 1035 4.1.3)";
    case DnsError::kBadAddressLength:
      return "A of other than 4 bytes (RFC 1035 3.4.1) or AAAA of other than "
             "16 (RFC 3596 2.2)";
    case DnsError::kBadNameRdata:
      return "RDATA with names is too short or too long (RFC 1035 3.3)";
    case DnsError::kBadOptRdata:
      return "OPT options do not fill RDATA (RFC 6891 6.1.2)";
    case DnsError::kBadOptOwner:
      return "OPT owner is not the root (RFC 6891 6.1.2)";
    case DnsError::kMisplacedOpt:
      return "OPT outside of the additional section (RFC 6891 6.1.1)";
    case DnsError::kDuplicateOpt:
      return "more than one OPT (RFC 6891 6.1.1)";
  }
  return "unknown";
}

}  // namespace ovoc::netif
