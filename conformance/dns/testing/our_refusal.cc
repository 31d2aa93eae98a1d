// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/our_refusal.h"

#include <cstddef>
#include <cstdint>

#include "absl/algorithm/container.h"
#include "absl/types/span.h"
#include "conformance/dns/testing/decoder_difference.h"
#include "conformance/dns/testing/message_walk.h"
#include "netif/dns/dns_error.h"

namespace ovoc::conformance {
namespace {

using netif::DnsError;

constexpr uint16_t kOpt = 41;

bool HasOddOpt(absl::Span<const uint8_t> message, const MessagePlaces& places) {
  int opts = 0;
  for (const RecordPlace& record : places.records) {
    if (record.type != kOpt) {
      continue;
    }
    size_t at = record.rdata;
    const size_t end = record.rdata + record.rdata_bytes;
    while (at + 4 <= end) {
      at += 4u + Number16(message, at + 2);
    }
    if (record.section != 3 || ++opts > 1 || record.owner.bytes != 1 ||
        at != end) {
      return true;
    }
  }
  return false;
}

bool AnyName(const MessagePlaces& places, bool (*is_odd)(const NamePlace&)) {
  return absl::c_any_of(NamesOf(places), is_odd);
}

// IsBroken says whether the second reading finds what `kind` is about.
bool IsBroken(DifferenceClass kind, absl::Span<const uint8_t> message) {
  const MessagePlaces places = WalkMessage(message);
  if (kind == DifferenceClass::kTwoQuestions) {
    return (message[2] & 0x78) == 0 && Number16(message, 4) > 1;
  }
  if (kind == DifferenceClass::kForwardPointer) {
    return AnyName(places,
                   [](const auto& name) { return name.points_forward; });
  }
  if (kind == DifferenceClass::kHeaderPointer) {
    return AnyName(places,
                   [](const auto& name) { return name.points_into_header; });
  }
  if (kind == DifferenceClass::kTooManyPointers) {
    return AnyName(places,
                   [](const auto& name) { return name.pointers > 127; });
  }
  if (kind == DifferenceClass::kLongName) {
    return AnyName(places, [](const auto& name) { return name.bytes > 255; });
  }
  if (kind == DifferenceClass::kRdataOfOtherSize) {
    return absl::c_any_of(places.records,
                          [](const auto& record) { return !record.fits_type; });
  }
  return kind == DifferenceClass::kOddOpt && HasOddOpt(message, places);
}

// ClassOf is the class of messages that ours refuses for this error and others
// may take; an error without one is an error to all.
DifferenceClass ClassOf(DnsError error) {
  switch (error) {
    case DnsError::kQuestionCount:
      return DifferenceClass::kTwoQuestions;
    case DnsError::kForwardPointer:
      return DifferenceClass::kForwardPointer;
    case DnsError::kPointerIntoHeader:
      return DifferenceClass::kHeaderPointer;
    case DnsError::kTooManyPointers:
      return DifferenceClass::kTooManyPointers;
    case DnsError::kNameTooLong:
      return DifferenceClass::kLongName;
    case DnsError::kBadAddressLength:
    case DnsError::kBadNameRdata:
    case DnsError::kTruncatedName:
    case DnsError::kReservedLabelType:
      return DifferenceClass::kRdataOfOtherSize;
    case DnsError::kBadOptRdata:
    case DnsError::kBadOptOwner:
    case DnsError::kMisplacedOpt:
    case DnsError::kDuplicateOpt:
      return DifferenceClass::kOddOpt;
    case DnsError::kNone:
    case DnsError::kTruncatedHeader:
    case DnsError::kTruncatedQuestion:
    case DnsError::kTruncatedRecord:
    case DnsError::kRdataOverrun:
      return DifferenceClass::kUnexplained;
  }
  return DifferenceClass::kUnexplained;
}

}  // namespace

DifferenceClass RefusedFor(DnsError error, absl::Span<const uint8_t> message) {
  const DifferenceClass kind = ClassOf(error);
  return IsBroken(kind, message) ? kind : DifferenceClass::kUnexplained;
}

}  // namespace ovoc::conformance
