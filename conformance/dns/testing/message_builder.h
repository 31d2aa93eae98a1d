// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_DNS_TESTING_MESSAGE_BUILDER_H_
#define OVOC_CONFORMANCE_DNS_TESTING_MESSAGE_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace ovoc::conformance {

using Message = std::vector<uint8_t>;

// MessageBuilder writes any message, correct or not.
class MessageBuilder {
 public:
  // flags is the second 16-bit word of the header (RFC 1035 4.1.1).
  explicit MessageBuilder(uint16_t flags = 0x8180);

  // Name appends the labels of "a.example" and a zero, or after "a.example@12"
  // a pointer to offset 12 instead of the zero; "" and "@12" have no labels.
  MessageBuilder& Name(absl::string_view text);
  MessageBuilder& Number8(uint32_t value);
  MessageBuilder& Number16(uint32_t value);
  MessageBuilder& Number32(uint32_t value);
  MessageBuilder& Bytes(absl::string_view bytes);

  MessageBuilder& Question(absl::string_view name, uint16_t type);
  // Begin appends a record of section 1 to 3 up to RDLENGTH and counts it. The
  // caller appends RDATA. End sets RDLENGTH to the number of bytes since then.
  MessageBuilder& Begin(int section, absl::string_view owner, uint16_t type,
                        uint32_t ttl, uint16_t dns_class = 1);
  MessageBuilder& End();
  // Count sets the number of records of a section (0: questions).
  MessageBuilder& Count(int section, uint16_t value);

  size_t size() const { return bytes_.size(); }
  const Message& message() const { return bytes_; }

 private:
  Message bytes_;
  size_t rdata_ = 0;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_MESSAGE_BUILDER_H_
