// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/reduced_message.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "conformance/dns/testing/message_walk.h"

namespace ovoc::conformance {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint16_t kOpt = 41;
constexpr uint16_t kPrivateType = 0xFF00;  // RFC 6895 3.1

bool IsReadByOurs(const RecordPlace& record) {
  return record.type == kOpt ||
         (record.dns_class == 1 && (record.type == 1 || record.type == 28 ||
                                    IsMadeOfNames(record.type)));
}

}  // namespace

std::vector<uint8_t> WithoutOtherTypes(absl::Span<const uint8_t> message) {
  Bytes changed(message.begin(), message.end());
  for (const RecordPlace& record : WalkMessage(message).records) {
    if (!IsReadByOurs(record) && record.type_offset != 0) {
      changed[record.type_offset] = kPrivateType >> 8;
      changed[record.type_offset + 1] = kPrivateType & 0xFF;
    }
  }
  return changed;
}

std::vector<uint8_t> WithoutOtherSections(absl::Span<const uint8_t> message) {
  Bytes changed(message.begin(), message.end());
  if (changed.size() >= 12) {
    std::fill(changed.begin() + 8, changed.begin() + 12, uint8_t{0});
  }
  return changed;
}

}  // namespace ovoc::conformance
