// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/cares_difference.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/dns/testing/cares_decoder.h"
#include "conformance/dns/testing/decoded_record.h"
#include "conformance/dns/testing/ldns_decoder.h"
#include "conformance/dns/testing/message_walk.h"
#include "conformance/dns/testing/our_refusal.h"
#include "conformance/dns/testing/reduced_message.h"
#include "netif/dns/address_chain.h"
#include "netif/dns/dns_error.h"
#include "netif/dns/dns_message.h"

namespace ovoc::conformance {
namespace {

using netif::DnsError;
using netif::DnsMessage;
using netif::DnsType;
using Bytes = std::vector<uint8_t>;

constexpr uint16_t kCname = 5;
constexpr int kMostCnames = 16;

Bytes BytesOf(absl::Span<const uint8_t> bytes) {
  return Bytes(bytes.begin(), bytes.end());
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
        static_cast<int>(KeptLifetime(static_cast<uint32_t>(address.ttl)));
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

}  // namespace

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
