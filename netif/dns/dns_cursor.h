// SPDX-License-Identifier: Apache-2.0
//
// The one place where bytes of a DNS message are read.

#ifndef OVOC_NETIF_DNS_DNS_CURSOR_H_
#define OVOC_NETIF_DNS_DNS_CURSOR_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::netif {

// DnsCursor reads forward through a message, never past a limit. A read that
// does not fit returns false and moves nothing. Numbers are big-endian.
class DnsCursor {
 public:
  // Reads from the beginning; the bytes outlive the cursor. The limit is the
  // end of the message.
  explicit DnsCursor(absl::Span<const uint8_t> message);

  absl::Span<const uint8_t> message() const { return message_; }
  size_t offset() const { return offset_; }  // from the message's beginning
  size_t limit() const { return limit_; }    // the first byte not to be read
  size_t remaining() const { return limit_ - offset_; }

  [[nodiscard]] bool ReadUint8(uint8_t* value);
  [[nodiscard]] bool ReadUint16(uint16_t* value);
  [[nodiscard]] bool ReadUint32(uint32_t* value);
  // ReadBytes sets *bytes to a view of the message.
  [[nodiscard]] bool ReadBytes(size_t count, absl::Span<const uint8_t>* bytes);
  [[nodiscard]] bool Skip(size_t count);

  // Seek moves to an offset at or before the limit.
  [[nodiscard]] bool Seek(size_t offset);

  // Part is a cursor over the next count bytes that still sees the whole
  // message, because names in it may point back. This cursor moves past them.
  [[nodiscard]] bool Part(size_t count, DnsCursor* part);

 private:
  absl::Span<const uint8_t> message_;
  size_t offset_ = 0;
  size_t limit_ = 0;  // offset_ <= limit_ <= message_.size()
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_DNS_DNS_CURSOR_H_
