// SPDX-License-Identifier: Apache-2.0
//
// Masking against a byte loop, RFC 6455 5.3: at any address, any place in the
// payload, in place and by copy, in one go and in two; nothing beside it.
// Input: key, place (8 octets), address, cut; then the data.

#include <algorithm>
#include <vector>

#include "absl/algorithm/container.h"
#include "frame/mask.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/script/byte_source.h"

namespace ovoc::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  ByteSource source({input, size});
  frame::MaskKey key = {};
  absl::c_copy(source.Bytes(4), key.begin());
  uint64_t offset = source.Uint32();
  offset = offset << 32 | source.Uint32();
  const size_t address = source.Below(64);
  const size_t cut = source.Byte();
  const auto data = source.Bytes(1024);

  std::vector<uint8_t> expected(address, 0xA5);
  for (size_t i = 0; i < data.size(); ++i) {
    expected.push_back(data[i] ^ key[(offset % 4 + i) % 4]);
  }
  expected.push_back(0xA5);

  std::vector<uint8_t> out(expected.size(), 0xA5);
  const auto body = absl::MakeSpan(out).subspan(address, data.size());
  frame::CopyMasked(data, body, key, offset);
  FUZZ_EXPECT(out == expected);
  frame::ApplyMask(body, key, offset);
  FUZZ_EXPECT(body == data);
  const size_t first = std::min(cut, body.size());
  frame::ApplyMask(body.first(first), key, offset);
  frame::ApplyMask(body.subspan(first), key, offset + first);
  FUZZ_EXPECT(out == expected);
  absl::c_fill(out, 0xA5);  // The shorter of the two is what is written.
  frame::CopyMasked(data, body.first(first), key, offset);
  std::fill(&expected[address + first], &expected.back(), 0xA5);
  FUZZ_EXPECT(out == expected);
  return 0;
}

}  // namespace ovoc::fuzz
