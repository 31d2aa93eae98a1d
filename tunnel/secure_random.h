// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SECURE_RANDOM_H_
#define OVOC_TUNNEL_SECURE_RANDOM_H_

#include <cstdint>

#include "absl/types/span.h"

namespace ovoc::tunnel {

// FillSecureRandom fills `out` with bytes of BoringSSL's generator, which the
// kernel seeds (RFC 4086 asks for no less): masking keys, nonces, DNS ids. It
// cannot fail; without entropy the process ends. Safe in any thread.
void FillSecureRandom(absl::Span<uint8_t> out);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SECURE_RANDOM_H_
