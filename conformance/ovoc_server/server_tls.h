// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_SERVER_TLS_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_SERVER_TLS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "openssl/base.h"

namespace ovoc::conformance {

// MakeServerTls makes the context of a TLS server: TLS 1.2 or later, session
// tickets, ALPN http/1.1 when offered, no client certificate asked for.
// `certificates` is the chain in PEM, leaf first; `private_key` the leaf's, in
// PEM without a pass phrase. InvalidArgument when either is broken or they are
// no pair.
[[nodiscard]] absl::StatusOr<bssl::UniquePtr<SSL_CTX>> MakeServerTls(
    absl::string_view certificates, absl::string_view private_key);

// MakeServerSsl is one connection's end, its handshake not begun.
[[nodiscard]] absl::StatusOr<bssl::UniquePtr<SSL>> MakeServerSsl(
    SSL_CTX* context);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_SERVER_TLS_H_
