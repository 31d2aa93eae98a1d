// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/mask_keys.h"

#include <algorithm>

namespace ovoc::tunnel {

frame::MaskKey MaskKeys::Next() {
  frame::MaskKey key;
  static_assert(kBlockBytes % key.size() == 0);
  if (used_ == kBlockBytes) {
    random_(absl::MakeSpan(block_));
    used_ = 0;
  }
  const absl::Span<uint8_t> next =
      absl::MakeSpan(block_).subspan(used_, key.size());
  std::copy(next.begin(), next.end(), key.begin());
  std::fill(next.begin(), next.end(), uint8_t{0});
  used_ += key.size();
  return key;
}

}  // namespace ovoc::tunnel
