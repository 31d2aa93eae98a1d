// SPDX-License-Identifier: Apache-2.0
//
// A stream of frames as tun-ws reads it, all at once: the plain reader that the
// stand-in's streaming one is compared with.

#ifndef OVOC_FUZZ_ORACLE_NAIVE_LEGACY_H_
#define OVOC_FUZZ_ORACLE_NAIVE_LEGACY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "conformance/ovoc_server/legacy_frames.h"
#include "fuzz/oracle/naive_frames.h"

namespace ovoc::fuzz {

// NaiveLegacy is all a LegacyFrameReader should say of a stream.
struct NaiveLegacy {
  std::vector<NaiveFrame> frames;  // whole ones that are not passed over
  uint64_t passed_over = 0;        // begun ones of more than 131,072 bytes
};

// ReadNaiveLegacy reads a stream to its end: nothing is ever an error.
NaiveLegacy ReadNaiveLegacy(absl::Span<const uint8_t> stream);

// IsSameFrame is true when the reader's frame is that one of the stream, has
// its payload unmasked, and is the octets of the stream when written again.
bool IsSameFrame(const conformance::LegacyFrame& frame, const NaiveFrame& naive,
                 absl::Span<const uint8_t> stream);

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_ORACLE_NAIVE_LEGACY_H_
