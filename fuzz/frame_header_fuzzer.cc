// SPDX-License-Identifier: Apache-2.0
//
// A frame header to a struct and back, RFC 6455 5.2: the same octets; whole in
// any 14 octets; the same answer for exactly the octets it took, and none for
// one less.

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "frame/frame_header.h"
#include "fuzz/expect.h"

namespace frame = ovoc::frame;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::Span<const uint8_t> in(data, size);
  frame::FrameHeader header;
  size_t consumed = 0;
  if (frame::DecodeFrameHeader(in, &header, &consumed) ==
      frame::HeaderResult::kNeedMore) {
    FUZZ_EXPECT(size < frame::kMaxFrameHeaderBytes);
    FUZZ_EXPECT(header == frame::FrameHeader() && consumed == 0);
    return 0;
  }
  FUZZ_EXPECT(consumed >= frame::kMinFrameHeaderBytes && consumed <= size);
  FUZZ_EXPECT(consumed <= frame::kMaxFrameHeaderBytes);

  std::array<uint8_t, frame::kMaxFrameHeaderBytes> out = {};
  FUZZ_EXPECT(frame::EncodeFrameHeader(header, absl::MakeSpan(out)) ==
              consumed);
  FUZZ_EXPECT(absl::Span<const uint8_t>(out).first(consumed) ==
              in.first(consumed));
  const auto too_small = absl::MakeSpan(out).first(consumed - 1);
  FUZZ_EXPECT(frame::EncodeFrameHeader(header, too_small) == 0);

  frame::FrameHeader again;
  size_t consumed_again = 0;
  FUZZ_EXPECT(frame::DecodeFrameHeader(in.first(consumed - 1), &again,
                                       &consumed_again) ==
              frame::HeaderResult::kNeedMore);
  FUZZ_EXPECT(
      frame::DecodeFrameHeader(in.first(consumed), &again, &consumed_again) ==
      frame::HeaderResult::kOk);
  FUZZ_EXPECT(again == header && consumed_again == consumed);
  return 0;
}
