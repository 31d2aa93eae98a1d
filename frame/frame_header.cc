// SPDX-License-Identifier: Apache-2.0
#include "frame/frame_header.h"

#include <algorithm>

namespace ovoc::frame {
namespace {

// RFC 6455 5.2, first octet.
constexpr uint8_t kFinBit = 0x80;
constexpr int kRsvShift = 4;
constexpr uint8_t kRsvBits = 0x7;
constexpr uint8_t kOpcodeBits = 0x0F;

// RFC 6455 5.2, second octet.
constexpr uint8_t kMaskBit = 0x80;
constexpr uint8_t kLengthBits = 0x7F;
constexpr uint8_t kLengthIn16Bits = 126;
constexpr uint8_t kLengthIn64Bits = 127;

// The number of octets of extended length a second octet announces.
size_t ExtendedLengthBytes(uint8_t length7) {
  if (length7 < kLengthIn16Bits) {
    return 0;
  }
  return length7 == kLengthIn16Bits ? 2 : 8;
}

uint64_t ReadBigEndian(absl::Span<const uint8_t> in) {
  uint64_t value = 0;
  for (uint8_t octet : in) {
    value = (value << 8) | octet;
  }
  return value;
}

void WriteBigEndian(uint64_t value, absl::Span<uint8_t> out) {
  for (size_t i = out.size(); i > 0; --i) {
    out[i - 1] = static_cast<uint8_t>(value & 0xFF);
    value >>= 8;
  }
}

LengthForm FormOf(size_t length_bytes, uint64_t length) {
  if (length_bytes == MinimalLengthBytes(length)) {
    return LengthForm::kMinimal;
  }
  return length_bytes == 2 ? LengthForm::kLonger16Bit
                           : LengthForm::kLonger64Bit;
}

// The seven length bits of the second octet.
uint8_t Length7(const FrameHeader& header) {
  switch (header.length_form) {
    case LengthForm::kMinimal:
      break;
    case LengthForm::kLonger16Bit:
      return kLengthIn16Bits;
    case LengthForm::kLonger64Bit:
      return kLengthIn64Bits;
  }
  switch (MinimalLengthBytes(header.payload_length)) {
    case 0:
      return static_cast<uint8_t>(header.payload_length);
    case 2:
      return kLengthIn16Bits;
  }
  return kLengthIn64Bits;
}

}  // namespace

bool IsKnown(Opcode opcode) {
  switch (opcode) {
    case Opcode::kContinuation:
    case Opcode::kText:
    case Opcode::kBinary:
    case Opcode::kClose:
    case Opcode::kPing:
    case Opcode::kPong:
      return true;
  }
  return false;
}

HeaderResult DecodeFrameHeader(absl::Span<const uint8_t> in,
                               FrameHeader* header, size_t* consumed) {
  if (in.size() < kMinFrameHeaderBytes) {
    return HeaderResult::kNeedMore;
  }
  const uint8_t length7 = in[1] & kLengthBits;
  const bool masked = (in[1] & kMaskBit) != 0;
  const size_t length_bytes = ExtendedLengthBytes(length7);
  const size_t key_at = kMinFrameHeaderBytes + length_bytes;
  const size_t size = key_at + (masked ? MaskKey().size() : 0);
  if (in.size() < size) {
    return HeaderResult::kNeedMore;
  }
  header->fin = (in[0] & kFinBit) != 0;
  header->rsv = static_cast<uint8_t>((in[0] >> kRsvShift) & kRsvBits);
  header->opcode = static_cast<Opcode>(in[0] & kOpcodeBits);
  header->masked = masked;
  header->payload_length =
      length_bytes == 0
          ? length7
          : ReadBigEndian(in.subspan(kMinFrameHeaderBytes, length_bytes));
  header->length_form = FormOf(length_bytes, header->payload_length);
  header->mask_key = {};
  const absl::Span<const uint8_t> key = in.subspan(key_at, size - key_at);
  std::copy(key.begin(), key.end(), header->mask_key.begin());
  *consumed = size;
  return HeaderResult::kOk;
}

size_t EncodeFrameHeader(const FrameHeader& header, absl::Span<uint8_t> out) {
  if (header.length_form == LengthForm::kLonger16Bit &&
      MinimalLengthBytes(header.payload_length) > 2) {
    return 0;
  }
  const uint8_t length7 = Length7(header);
  const size_t length_bytes = ExtendedLengthBytes(length7);
  const size_t key_at = kMinFrameHeaderBytes + length_bytes;
  const size_t size = key_at + (header.masked ? header.mask_key.size() : 0);
  if (out.size() < size) {
    return 0;
  }
  out[0] = static_cast<uint8_t>(
      (header.fin ? kFinBit : 0) | ((header.rsv & kRsvBits) << kRsvShift) |
      (static_cast<uint8_t>(header.opcode) & kOpcodeBits));
  out[1] = static_cast<uint8_t>((header.masked ? kMaskBit : 0) | length7);
  WriteBigEndian(header.payload_length,
                 out.subspan(kMinFrameHeaderBytes, length_bytes));
  if (header.masked) {
    std::copy(header.mask_key.begin(), header.mask_key.end(),
              out.subspan(key_at).begin());
  }
  return size;
}

}  // namespace ovoc::frame
