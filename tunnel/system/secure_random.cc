// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/secure_random.h"

#include "openssl/rand.h"

namespace ovoc::tunnel {

// RFC 6455 5.3 MUST: masking keys come from a strong source of entropy
void FillSecureRandom(absl::Span<uint8_t> out) {
  RAND_bytes(out.data(), out.size());
}

}  // namespace ovoc::tunnel
