// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FRAME_MASK_H_
#define OVOC_FRAME_MASK_H_

#include <array>
#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::frame {

// MaskKey is the masking key of one frame, in wire order.
//
// RFC 6455 5.3 asks for a fresh, unpredictable key per frame. This folder has
// no random source: the caller draws the key.
using MaskKey = std::array<uint8_t, 4>;

// ApplyMask masks, or unmasks, `data` in place: octet i is XORed with
// key[(offset + i) % 4]. `offset` is the position of data[0] in the payload of
// its frame, 0 to 2^64-1, so that a payload may be handled chunk by chunk.
// Doing it twice restores the octets. It cannot fail. RFC 6455 5.3.
void ApplyMask(absl::Span<uint8_t> data, const MaskKey& key,
               uint64_t offset = 0);

// CopyMasked is ApplyMask from `src` into `dst`, in one pass. It writes
// min(src.size(), dst.size()) octets. `dst` may begin exactly where `src`
// begins (then it is ApplyMask) but must not overlap it otherwise.
void CopyMasked(absl::Span<const uint8_t> src, absl::Span<uint8_t> dst,
                const MaskKey& key, uint64_t offset = 0);

}  // namespace ovoc::frame

#endif  // OVOC_FRAME_MASK_H_
