// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_SERVER_TLS_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_SERVER_TLS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "openssl/base.h"

namespace ovoc::conformance {

// MakeServerTls makes the context of a TLS server: TLS 1.2 or later, session
// tickets, ALPN http/1.1 if the client offers it, no request for a client
// certificate. `certificates` is the chain in PEM, leaf first; `private_key` is
// the leaf's key, in PEM without a pass phrase. InvalidArgument if either is
// broken or they do not belong together.
[[nodiscard]] absl::StatusOr<bssl::UniquePtr<SSL_CTX>> MakeServerTls(
    absl::string_view certificates, absl::string_view private_key);

// MakeServerSsl is one connection's end, before its handshake.
[[nodiscard]] absl::StatusOr<bssl::UniquePtr<SSL>> MakeServerSsl(
    SSL_CTX* context);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_SERVER_TLS_H_
