// SPDX-License-Identifier: Apache-2.0
//
// A frame header to a struct and back, RFC 6455 5.2, against a plain decoder:
// the same fields; the same octets again; whole in any 14 octets; nothing of
// one octet less.

#include <array>
#include <optional>

#include "absl/types/span.h"
#include "frame/frame_header.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_frames.h"

namespace frame = ovoc::frame;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::Span<const uint8_t> in(data, size);
  const std::optional<ovoc::fuzz::NaiveFrame> naive =
      ovoc::fuzz::ReadNaiveHeader(in);
  frame::FrameHeader header;
  size_t consumed = 0;
  if (frame::DecodeFrameHeader(in, &header, &consumed) ==
      frame::HeaderResult::kNeedMore) {
    FUZZ_EXPECT(!naive.has_value() && size < frame::kMaxFrameHeaderBytes);
    FUZZ_EXPECT(header == frame::FrameHeader() && consumed == 0);
    return 0;
  }
  FUZZ_EXPECT(naive.has_value() && header == naive->header);
  FUZZ_EXPECT(consumed == naive->payload_at);
  FUZZ_EXPECT(frame::IsKnown(header.opcode) ==
              ((0x707 >> (in[0] % 16)) % 2 == 1));

  std::array<uint8_t, frame::kMaxFrameHeaderBytes + 1> out;
  out.fill(0xA5);
  FUZZ_EXPECT(frame::EncodeFrameHeader(
                  header, absl::MakeSpan(out).first(consumed - 1)) == 0);
  FUZZ_EXPECT(out.front() == 0xA5);
  FUZZ_EXPECT(frame::EncodeFrameHeader(header, absl::MakeSpan(out)) ==
              consumed);
  FUZZ_EXPECT(absl::MakeConstSpan(out).first(consumed) == in.first(consumed));
  FUZZ_EXPECT(out[consumed] == 0xA5);

  // 16 bits are written where they are asked for and enough, at no other time.
  header.length_form = frame::LengthForm::kLonger16Bit;
  FUZZ_EXPECT((frame::EncodeFrameHeader(header, absl::MakeSpan(out)) == 0) ==
              (header.payload_length > 0xFFFF));
  return 0;
}
