// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_cursor.h"

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::netif {

DnsCursor::DnsCursor(absl::Span<const uint8_t> message)
    : message_(message), limit_(message.size()) {}

bool DnsCursor::ReadUint8(uint8_t* value) {
  if (remaining() < 1) {
    return false;
  }
  *value = message_[offset_];
  offset_ += 1;
  return true;
}

// RFC 1035 2.3.2 MUST: the most significant octet of a number comes first
bool DnsCursor::ReadUint16(uint16_t* value) {
  if (remaining() < 2) {
    return false;
  }
  *value =
      static_cast<uint16_t>(message_[offset_] << 8 | message_[offset_ + 1]);
  offset_ += 2;
  return true;
}

bool DnsCursor::ReadUint32(uint32_t* value) {
  if (remaining() < 4) {
    return false;
  }
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) {
    number = number << 8 | message_[offset_ + i];
  }
  *value = number;
  offset_ += 4;
  return true;
}

bool DnsCursor::ReadBytes(size_t count, absl::Span<const uint8_t>* bytes) {
  if (remaining() < count) {
    return false;
  }
  *bytes = message_.subspan(offset_, count);
  offset_ += count;
  return true;
}

bool DnsCursor::Skip(size_t count) {
  if (remaining() < count) {
    return false;
  }
  offset_ += count;
  return true;
}

bool DnsCursor::Seek(size_t offset) {
  if (offset > limit_) {
    return false;
  }
  offset_ = offset;
  return true;
}

bool DnsCursor::Part(size_t count, DnsCursor* part) {
  if (remaining() < count) {
    return false;
  }
  *part = *this;
  part->limit_ = offset_ + count;
  offset_ += count;
  return true;
}

}  // namespace ovoc::netif
