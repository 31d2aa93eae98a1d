// SPDX-License-Identifier: Apache-2.0
#include "frame/mask.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace ovoc::frame {
namespace {

// Eight words are a cache line. The loop over them has a constant trip count
// and no branch, so compilers turn it into the widest vectors the target has.
constexpr size_t kBlockWords = 8;
constexpr size_t kBlockBytes = kBlockWords * sizeof(uint64_t);

// The key, turned so that it begins at `offset`, twice over. Memory order is
// wire order, whatever the byte order of the machine.
uint64_t Pattern(const MaskKey& key, uint64_t offset) {
  std::array<uint8_t, sizeof(uint64_t)> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = key[(offset + i) % key.size()];
  }
  uint64_t pattern;
  std::memcpy(&pattern, bytes.data(), sizeof(pattern));
  return pattern;
}

// memcpy is the one way to read a word at any address; it compiles to a plain
// (unaligned) load or store. The local copy also makes src == dst safe.
void XorBlock(const uint8_t* src, uint8_t* dst, uint64_t pattern) {
  uint64_t words[kBlockWords];
  std::memcpy(words, src, kBlockBytes);
  for (uint64_t& word : words) {
    word ^= pattern;
  }
  std::memcpy(dst, words, kBlockBytes);
}

void XorUpToWord(const uint8_t* src, uint8_t* dst, size_t size,
                 uint64_t pattern) {
  uint64_t word = 0;
  std::memcpy(&word, src, size);
  word ^= pattern;
  std::memcpy(dst, &word, size);
}

void XorBytes(const uint8_t* src, uint8_t* dst, size_t size, uint64_t pattern) {
  size_t done = 0;
  for (; size - done >= kBlockBytes; done += kBlockBytes) {
    XorBlock(src + done, dst + done, pattern);
  }
  for (; size - done >= sizeof(pattern); done += sizeof(pattern)) {
    XorUpToWord(src + done, dst + done, sizeof(pattern), pattern);
  }
  if (done < size) {
    XorUpToWord(src + done, dst + done, size - done, pattern);
  }
}

}  // namespace

void ApplyMask(absl::Span<uint8_t> data, const MaskKey& key, uint64_t offset) {
  XorBytes(data.data(), data.data(), data.size(), Pattern(key, offset));
}

void CopyMasked(absl::Span<const uint8_t> src, absl::Span<uint8_t> dst,
                const MaskKey& key, uint64_t offset) {
  XorBytes(src.data(), dst.data(), std::min(src.size(), dst.size()),
           Pattern(key, offset));
}

}  // namespace ovoc::frame
