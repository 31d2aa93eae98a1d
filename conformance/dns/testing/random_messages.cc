// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/random_messages.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>

#include "absl/strings/string_view.h"
#include "conformance/dns/testing/message_builder.h"

namespace ovoc::conformance {
namespace {

constexpr uint16_t kA = 1;
constexpr uint16_t kNs = 2;
constexpr uint16_t kCname = 5;
constexpr uint16_t kSoa = 6;
constexpr uint16_t kMx = 15;
constexpr uint16_t kAaaa = 28;
// 2001:db8::, but for the last byte.
constexpr absl::string_view kV6Front("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0",
                                     15);

size_t Below(size_t limit, std::mt19937* random) {
  return std::uniform_int_distribution<size_t>(0, limit - 1)(*random);
}

}  // namespace

Message RandomAnswer(std::mt19937* random) {
  static constexpr const char* kNames[] = {"a", "b", "B", "c", "a.b", "d@12"};
  static constexpr uint16_t kTypes[] = {kA,  kA,    kA,    kCname, kCname,
                                        kNs, kAaaa, kAaaa, kSoa,   kMx};
  static constexpr uint32_t kLifetimes[] = {0,     1,          60,
                                            86400, 0x7FFFFFFF, 0x80000001};
  const auto any_name = [random] {
    return kNames[Below(std::size(kNames), random)];
  };
  MessageBuilder builder;
  builder.Question(kNames[Below(5, random)],
                   Below(2, random) == 0 ? kA : kAaaa);
  const size_t answers = Below(7, random);
  const size_t records = answers + Below(2, random);
  for (size_t i = 0; i < records; ++i) {
    const uint16_t type = kTypes[Below(std::size(kTypes), random)];
    builder.Begin(i < answers ? 1 : 2, any_name(), type,
                  kLifetimes[Below(std::size(kLifetimes), random)]);
    if (type == kA) {
      builder.Number32(static_cast<uint32_t>(Below(3, random)) << 30 | 7);
    } else if (type == kAaaa) {
      builder.Bytes(kV6Front).Number8(static_cast<uint32_t>(Below(3, random)));
    } else {
      builder.Bytes(type == kMx ? "ab" : "").Name(any_name());
      builder.Bytes(type == kSoa ? std::string(21, '\0') : "");
    }
    builder.End();
  }
  return builder.message();
}

Message Mutate(Message message, const Message& other, std::mt19937* random) {
  static constexpr uint8_t kOdd[] = {0x00, 0x01, 0x04, 0x05, 0x0C, 0x10, 0x1C,
                                     0x29, 0x3F, 0x40, 0x80, 0xC0, 0xFF};
  for (size_t i = Below(4, random) + 1; i > 0 && !message.empty(); --i) {
    const size_t at = Below(message.size(), random);
    const auto place = message.begin() + static_cast<ptrdiff_t>(at);
    switch (Below(6, random)) {
      case 0:
        message[at] =
            static_cast<uint8_t>(message[at] ^ (1u << Below(8, random)));
        break;
      case 1:
      case 2:
        message[at] = kOdd[Below(std::size(kOdd), random)];
        break;
      case 3:
        message.erase(place);
        break;
      case 4:
        message.insert(place, kOdd[Below(std::size(kOdd), random)]);
        break;
      case 5:
        if (Below(4, random) == 0 && !other.empty()) {
          const size_t from = Below(other.size(), random);
          message.resize(at);
          message.insert(message.end(),
                         other.begin() + static_cast<ptrdiff_t>(from),
                         other.end());
        }
        break;
    }
  }
  return message;
}

}  // namespace ovoc::conformance
