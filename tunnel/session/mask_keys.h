// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_MASK_KEYS_H_
#define OVOC_TUNNEL_SESSION_MASK_KEYS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "absl/types/span.h"
#include "frame/mask.h"

namespace ovoc::tunnel {

// MaskKeys gives each frame its own masking key (RFC 6455 5.3). It draws random
// bytes in blocks, because drawing four at a time costs more than the rest of a
// small frame. A key is wiped when it is given out. It must not be shared with
// a forked process.
class MaskKeys {
 public:
  using RandomBytes = std::function<void(absl::Span<uint8_t>)>;

  static constexpr size_t kBlockBytes = 1024;

  // `random` fills its span with unpredictable bytes.
  explicit MaskKeys(RandomBytes random) : random_(std::move(random)) {}
  MaskKeys(const MaskKeys&) = delete;
  MaskKeys& operator=(const MaskKeys&) = delete;

  frame::MaskKey Next();

 private:
  const RandomBytes random_;
  std::array<uint8_t, kBlockBytes> block_ = {};
  size_t used_ = kBlockBytes;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_MASK_KEYS_H_
