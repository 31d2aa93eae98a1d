// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_error.h"

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"

namespace ovoc::netif {
namespace {

// kDuplicateOpt is the last of the enum.
constexpr size_t kDnsErrorCount =
    static_cast<size_t>(DnsError::kDuplicateOpt) + 1;

struct Row {
  DnsError error;
  absl::string_view text;
};

constexpr std::array<Row, kDnsErrorCount> kRows = {{
    {DnsError::kNone, "ok"},
    {DnsError::kTruncatedHeader,
     "the message is shorter than the 12-byte header (RFC 1035 4.1.1)"},
    {DnsError::kQuestionCount,
     "a query has more than one question (RFC 9619 4)"},
    {DnsError::kTruncatedQuestion,
     "the message ends inside a question (RFC 1035 4.1.2)"},
    {DnsError::kTruncatedName,
     "a name extends past the end of its field (RFC 1035 3.1)"},
    {DnsError::kReservedLabelType,
     "a label has the reserved type 01 or 10 (RFC 1035 4.1.4)"},
    {DnsError::kForwardPointer,
     "a compression pointer does not point backwards (RFC 1035 4.1.4)"},
    {DnsError::kPointerIntoHeader,
     "a compression pointer points into the header (RFC 1035 4.1.4)"},
    {DnsError::kTooManyPointers,
     "a name has more than 127 compression pointers (RFC 1035 4.1.4)"},
    {DnsError::kNameTooLong,
     "a name is longer than 255 bytes (RFC 1035 2.3.4)"},
    {DnsError::kTruncatedRecord,
     "the message ends inside a record's fixed fields (RFC 1035 4.1.3)"},
    {DnsError::kRdataOverrun,
     "RDLENGTH extends past the end of the message (RFC 1035 4.1.3)"},
    {DnsError::kBadAddressLength,
     "an A record is not 4 bytes long (RFC 1035 3.4.1), or an AAAA "
     "record is not 16 (RFC 3596 2.2)"},
    {DnsError::kBadNameRdata,
     "RDATA that holds names is too short or too long (RFC 1035 3.3)"},
    {DnsError::kBadOptRdata,
     "the OPT options do not fill their RDATA (RFC 6891 6.1.2)"},
    {DnsError::kBadOptOwner,
     "the owner of the OPT record is not the root (RFC 6891 6.1.2)"},
    {DnsError::kMisplacedOpt,
     "an OPT record is outside the additional section (RFC 6891 6.1.1)"},
    {DnsError::kDuplicateOpt,
     "there is more than one OPT record (RFC 6891 6.1.1)"},
}};

constexpr bool RowsAreInOrder() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<size_t>(kRows[i].error) != i || kRows[i].text.empty()) {
      return false;
    }
  }
  return true;
}
static_assert(RowsAreInOrder(), "one row per DnsError, in its order");

}  // namespace

absl::string_view Describe(DnsError error) {
  const auto row = static_cast<size_t>(error);
  return row < kRows.size() ? kRows[row].text : "unknown";
}

}  // namespace ovoc::netif
