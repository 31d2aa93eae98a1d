// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/decoder_difference.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "conformance/dns/testing/cares_decoder.h"
#include "conformance/dns/testing/decoded_record.h"
#include "conformance/dns/testing/ldns_decoder.h"
#include "conformance/dns/testing/message_walk.h"
#include "netif/address_chain.h"
#include "netif/dns_error.h"
#include "netif/dns_message.h"

namespace ovoc::conformance {
namespace {

using netif::DnsError;
using netif::DnsMessage;
using netif::DnsType;
using Bytes = std::vector<uint8_t>;

constexpr uint16_t kCname = 5;
constexpr uint16_t kOpt = 41;
constexpr uint16_t kPrivateType = 0xFF00;  // RFC 6895 3.1
constexpr int kMostCnames = 16;
constexpr uint32_t kDaySeconds = 24 * 60 * 60;

// The lifetime that ours makes of one: RFC 2181 8, and a day at most.
uint32_t Lifetime(uint32_t ttl) {
  return ttl >= 0x80000000u ? 0 : std::min(ttl, kDaySeconds);
}

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
    record.ttl = Lifetime(record.ttl);
  }
  const size_t kept = std::min(theirs.size(), netif::kMaxKeptDnsRecords);
  if (ours.answers_dropped != theirs.size() - kept) {
    return false;
  }
  theirs.resize(kept);
  return RecordsOf(ours) == theirs;
}

bool IsReadByOurs(const RecordPlace& record) {
  return record.type == kOpt ||
         (record.dns_class == 1 && (record.type == 1 || record.type == 28 ||
                                    IsMadeOfNames(record.type)));
}

// The message with what ours does not look at made a private type's.
Bytes WithoutOtherTypes(absl::Span<const uint8_t> message) {
  Bytes changed = BytesOf(message);
  for (const RecordPlace& record : WalkMessage(message).records) {
    if (!IsReadByOurs(record) && record.type_offset != 0) {
      changed[record.type_offset] = kPrivateType >> 8;
      changed[record.type_offset + 1] = kPrivateType & 0xFF;
    }
  }
  return changed;
}

std::vector<NamePlace> NamesOf(const MessagePlaces& places) {
  std::vector<NamePlace> names = places.questions;
  for (const RecordPlace& record : places.records) {
    names.push_back(record.owner);
    names.push_back(record.target);
  }
  return names;
}

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

// RefusedFor names the rule that ours refuses a message by, once the second
// reading finds it broken too.
DifferenceClass RefusedFor(DnsError error, absl::Span<const uint8_t> message) {
  const DifferenceClass kind = ClassOf(error);
  return IsBroken(kind, message) ? kind : DifferenceClass::kUnexplained;
}

std::string VerdictsText(DnsError ours, absl::string_view theirs) {
  return absl::StrCat("ours: ", netif::Describe(ours),
                      "; theirs: ", theirs.empty() ? "ok" : theirs);
}

Bytes Lower(Bytes name) {
  for (uint8_t& byte : name) {
    byte =
        byte >= 'A' && byte <= 'Z' ? static_cast<uint8_t>(byte | 0x20) : byte;
  }
  return name;
}

// OrderOf says what is odd about the chain of an answer as ldns reads it: kNone
// when every CNAME is the next link and addresses come last.
DifferenceClass OrderOf(const std::vector<DecodedRecord>& records,
                        Bytes current, uint16_t type) {
  std::vector<Bytes> seen = {current};
  std::vector<Bytes> passed;  // owners of addresses that are not the current
  bool found = false;
  int cnames = 0;
  for (const DecodedRecord& record : records) {
    const Bytes owner = Lower(record.owner);
    if (record.type == type) {
      found |= owner == current;
      if (owner != current) {
        passed.push_back(owner);
      }
    }
    if (record.type != kCname) {
      continue;
    }
    current = Lower(record.data);
    if (owner != seen.back() || found) {
      return DifferenceClass::kOrderOfRecords;
    }
    if (absl::c_linear_search(seen, current) || ++cnames > kMostCnames) {
      return DifferenceClass::kLoopOrLongChain;
    }
    seen.push_back(current);
  }
  const bool late = absl::c_any_of(passed, [&seen](const Bytes& owner) {
    return absl::c_linear_search(seen, owner);
  });
  return late ? DifferenceClass::kOrderOfRecords : DifferenceClass::kNone;
}

// No host has such an address: 0/8, 224/3; ::, ff00::/8, ::ffff:0:0/96.
bool IsUsable(const Bytes& address) {
  if (address.size() == 4) {
    return address[0] != 0 && address[0] < 224;
  }
  const bool zeros = std::all_of(address.begin(), address.begin() + 10,
                                 [](uint8_t byte) { return byte == 0; });
  const bool mapped = zeros && address[10] == 0xFF && address[11] == 0xFF;
  return address[0] != 0xFF && !mapped &&
         !std::all_of(address.begin(), address.end(),
                      [](uint8_t byte) { return byte == 0; });
}

// What the resolver keeps of what c-ares found.
std::vector<CaresAddress> Usable(const std::vector<CaresAddress>& all) {
  std::vector<CaresAddress> kept;
  for (CaresAddress address : all) {
    address.ttl =
        static_cast<int>(Lifetime(static_cast<uint32_t>(address.ttl)));
    const bool known = absl::c_any_of(kept, [&](const CaresAddress& old) {
      return old.bytes == address.bytes;
    });
    if (IsUsable(address.bytes) && !known) {
      kept.push_back(address);
    }
  }
  return kept;
}

Difference CompareAddresses(absl::Span<const uint8_t> message,
                            const DnsMessage& ours, const CaresVerdict& theirs,
                            uint16_t type) {
  netif::AddressChain chain(static_cast<DnsType>(type), ours.question->name,
                            kMostCnames);
  chain.Follow(ours);
  std::vector<CaresAddress> mine;
  for (const netif::ResolvedAddress& found : chain.addresses()) {
    mine.push_back({BytesOf(found.address.bytes()),
                    static_cast<int>(absl::ToInt64Seconds(found.ttl))});
  }
  std::vector<CaresAddress> usable = Usable(theirs.addresses);
  const bool many =
      ours.answers_dropped > 0 || usable.size() > netif::kMaxAddressesPerFamily;
  if (usable == mine) {
    return {};
  }
  if (many && mine.size() <= usable.size() &&
      std::equal(mine.begin(), mine.end(), usable.begin())) {
    return {DifferenceClass::kManyAnswers, ""};
  }
  const std::string detail =
      absl::StrCat(mine.size(), " addresses, theirs ", usable.size());
  for (const NamePlace& name : NamesOf(WalkMessage(message))) {
    if (name.has_nul_label) {
      return {DifferenceClass::kNulLabel, detail};
    }
  }
  const DifferenceClass order =
      OrderOf(DecodeWithLdns(WithoutOtherTypes(message)).answers,
              Lower(BytesOf(ours.question->name.wire())), type);
  return {
      order == DifferenceClass::kNone ? DifferenceClass::kUnexplained : order,
      detail};
}

// Why c-ares refuses the answer section that ours takes.
DifferenceClass RefusedByCares(absl::Span<const uint8_t> message) {
  if (Number16(message, 4) != 1) {
    return DifferenceClass::kNotOneQuestion;
  }
  const MessagePlaces places = WalkMessage(message);
  for (const RecordPlace& record : places.records) {
    if (record.section == 1 && record.type == kCname && record.dns_class == 1 &&
        !record.target.is_host_name) {
      return DifferenceClass::kTargetNoHostName;
    }
  }
  const bool many = absl::c_any_of(NamesOf(places), [](const NamePlace& name) {
    return name.pointers > 50;
  });
  return many ? DifferenceClass::kFiftyPointers : DifferenceClass::kUnexplained;
}

// The header, the questions and the answers of a message.
Bytes WithoutOtherSections(absl::Span<const uint8_t> message) {
  Bytes changed = BytesOf(message);
  if (changed.size() >= 12) {
    std::fill(changed.begin() + 8, changed.begin() + 12, uint8_t{0});
  }
  return changed;
}

}  // namespace

absl::string_view NameOf(DifferenceClass difference) {
  switch (difference) {
    case DifferenceClass::kNone:
      return "None";
    case DifferenceClass::kTwoQuestions:
      return "TwoQuestions";
    case DifferenceClass::kForwardPointer:
      return "ForwardPointer";
    case DifferenceClass::kHeaderPointer:
      return "HeaderPointer";
    case DifferenceClass::kTooManyPointers:
      return "TooManyPointers";
    case DifferenceClass::kLongName:
      return "LongName";
    case DifferenceClass::kRdataOfOtherSize:
      return "RdataOfOtherSize";
    case DifferenceClass::kOddOpt:
      return "OddOpt";
    case DifferenceClass::kUnreadSections:
      return "UnreadSections";
    case DifferenceClass::kRdataOfOtherTypes:
      return "RdataOfOtherTypes";
    case DifferenceClass::kNotOneQuestion:
      return "NotOneQuestion";
    case DifferenceClass::kTargetNoHostName:
      return "TargetNoHostName";
    case DifferenceClass::kFiftyPointers:
      return "FiftyPointers";
    case DifferenceClass::kOrderOfRecords:
      return "OrderOfRecords";
    case DifferenceClass::kLoopOrLongChain:
      return "LoopOrLongChain";
    case DifferenceClass::kManyAnswers:
      return "ManyAnswers";
    case DifferenceClass::kNulLabel:
      return "NulLabel";
    case DifferenceClass::kUnexplained:
      return "Unexplained";
  }
  return "unknown";
}

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

Difference CompareWithCares(absl::Span<const uint8_t> message, uint16_t type) {
  const Bytes answer = WithoutOtherSections(message);
  DnsMessage whole;
  DnsMessage ours;
  const DnsError whole_error = netif::DecodeDnsMessage(message, &whole);
  const DnsError error = netif::DecodeDnsMessage(answer, &ours);
  const CaresVerdict theirs = DecodeWithCares(message, type);
  const std::string detail = VerdictsText(error, theirs.error);
  if (error != DnsError::kNone) {
    return theirs.error.empty() ? Difference{RefusedFor(error, answer), detail}
                                : Difference();
  }
  if (!theirs.error.empty()) {
    return whole_error == DnsError::kNone
               ? Difference{RefusedByCares(answer), detail}
               : Difference();
  }
  Difference difference = CompareAddresses(answer, ours, theirs, type);
  if (difference.kind == DifferenceClass::kNone &&
      whole_error != DnsError::kNone) {
    difference.kind = DifferenceClass::kUnreadSections;
  }
  return difference;
}

}  // namespace ovoc::conformance
