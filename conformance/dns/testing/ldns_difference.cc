// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/ldns_difference.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/dns/testing/decoded_record.h"
#include "conformance/dns/testing/ldns_decoder.h"
#include "conformance/dns/testing/our_refusal.h"
#include "conformance/dns/testing/reduced_message.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"

namespace ovoc::conformance {
namespace {

using netif::DnsError;
using netif::DnsMessage;
using netif::DnsType;
using Bytes = std::vector<uint8_t>;

Bytes BytesOf(absl::Span<const uint8_t> bytes) {
  return Bytes(bytes.begin(), bytes.end());
}

std::vector<DecodedRecord> RecordsOf(const DnsMessage& message) {
  std::vector<DecodedRecord> records;
  records.reserve(message.answers.size());
  for (const netif::DnsRecord& record : message.answers) {
    records.push_back(
        {BytesOf(record.owner.wire()), static_cast<uint16_t>(record.type),
         static_cast<uint32_t>(absl::ToInt64Seconds(record.ttl)),
         BytesOf(record.type == DnsType::kCname ? record.target.wire()
                                                : record.address.bytes())});
  }
  return records;
}

// Whether ours has the records of theirs, the first 64 of them.
bool HasRecordsOf(const DnsMessage& ours, std::vector<DecodedRecord> theirs) {
  for (DecodedRecord& record : theirs) {
    record.ttl = KeptLifetime(record.ttl);
  }
  const size_t kept = std::min(theirs.size(), netif::kMaxKeptDnsRecords);
  if (ours.answers_dropped != theirs.size() - kept) {
    return false;
  }
  theirs.resize(kept);
  return RecordsOf(ours) == theirs;
}

}  // namespace

Difference CompareWithLdns(absl::Span<const uint8_t> message) {
  DnsMessage ours;
  const DnsError error = netif::DecodeDnsMessage(message, &ours);
  const LdnsVerdict theirs = DecodeWithLdns(message);
  const std::string detail = VerdictsText(error, theirs.error);
  if (error != DnsError::kNone && !theirs.error.empty()) {
    return {};
  }
  if (error == DnsError::kNone && theirs.error.empty() &&
      HasRecordsOf(ours, theirs.answers)) {
    return {};
  }
  if (error != DnsError::kNone) {
    const DifferenceClass refused = RefusedFor(error, message);
    if (refused != DifferenceClass::kUnexplained) {
      return {refused, detail};
    }
  }
  // ldns goes on where the fields of a type end, not where RDATA does, so such
  // a type may make it refuse, or take, or shift what stands behind.
  const LdnsVerdict again = DecodeWithLdns(WithoutOtherTypes(message));
  const bool explained =
      error == DnsError::kNone
          ? again.error.empty() && HasRecordsOf(ours, again.answers)
          : !again.error.empty();
  return {explained ? DifferenceClass::kRdataOfOtherTypes
                    : DifferenceClass::kUnexplained,
          detail};
}

}  // namespace ovoc::conformance
