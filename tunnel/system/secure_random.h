// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SYSTEM_SECURE_RANDOM_H_
#define OVOC_TUNNEL_SYSTEM_SECURE_RANDOM_H_

#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::tunnel {

// FillSecureRandom fills `out` with bytes from BoringSSL's generator, which the
// kernel seeds. They are good enough for masking keys, nonces and DNS message
// ids (RFC 4086). It cannot fail: if there is no entropy, the process ends. Any
// thread may call it.
void FillSecureRandom(absl::Span<uint8_t> out);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SYSTEM_SECURE_RANDOM_H_
