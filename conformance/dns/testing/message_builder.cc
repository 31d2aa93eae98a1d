// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/message_builder.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace ovoc::conformance {

MessageBuilder::MessageBuilder(uint16_t flags) {
  Number16(0x1234).Number16(flags);
  bytes_.resize(12);
}

MessageBuilder& MessageBuilder::Name(absl::string_view text) {
  const size_t at = text.find('@');
  const absl::string_view labels = text.substr(0, at);
  if (!labels.empty()) {
    for (const absl::string_view label : absl::StrSplit(labels, '.')) {
      Number8(static_cast<uint32_t>(label.size())).Bytes(label);
    }
  }
  uint32_t target = 0;
  if (at == absl::string_view::npos ||
      !absl::SimpleAtoi(text.substr(at + 1), &target)) {
    return Number8(0);
  }
  return Number16(0xC000 | target);
}

MessageBuilder& MessageBuilder::Number8(uint32_t value) {
  bytes_.push_back(static_cast<uint8_t>(value & 0xFF));
  return *this;
}

MessageBuilder& MessageBuilder::Number16(uint32_t value) {
  return Number8(value >> 8).Number8(value);
}

MessageBuilder& MessageBuilder::Number32(uint32_t value) {
  return Number16(value >> 16).Number16(value);
}

MessageBuilder& MessageBuilder::Bytes(absl::string_view bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

MessageBuilder& MessageBuilder::Question(absl::string_view name,
                                         uint16_t type) {
  ++bytes_[5];
  return Name(name).Number16(type).Number16(1);
}

MessageBuilder& MessageBuilder::Begin(int section, absl::string_view owner,
                                      uint16_t type, uint32_t ttl,
                                      uint16_t dns_class) {
  const size_t count = 4 + 2 * static_cast<size_t>(section);
  bytes_[count] =
      static_cast<uint8_t>(bytes_[count] + (bytes_[count + 1] == 0xFF ? 1 : 0));
  ++bytes_[count + 1];
  Name(owner).Number16(type).Number16(dns_class).Number32(ttl).Number16(0);
  rdata_ = bytes_.size();
  return *this;
}

MessageBuilder& MessageBuilder::End() {
  const size_t size = bytes_.size() - rdata_;
  bytes_[rdata_ - 2] = static_cast<uint8_t>(size >> 8);
  bytes_[rdata_ - 1] = static_cast<uint8_t>(size & 0xFF);
  return *this;
}

MessageBuilder& MessageBuilder::Count(int section, uint16_t value) {
  const size_t count = 4 + 2 * static_cast<size_t>(section);
  bytes_[count] = static_cast<uint8_t>(value >> 8);
  bytes_[count + 1] = static_cast<uint8_t>(value & 0xFF);
  return *this;
}

}  // namespace ovoc::conformance
