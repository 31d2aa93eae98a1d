// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_SERVER_TLS_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_SERVER_TLS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/linux/unique_fd.h"
#include "openssl/ssl.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {

// MakeServerTls makes the context of a TLS server: TLS 1.2 or later, session
// tickets, ALPN http/1.1 if the client offers it, no request for a client
// certificate. `certificates` is the chain in PEM, leaf first; `private_key` is
// the leaf's key, in PEM without a pass phrase. InvalidArgument if either is
// broken or they do not belong together.
[[nodiscard]] absl::StatusOr<bssl::UniquePtr<SSL_CTX>> MakeServerTls(
    absl::string_view certificates, absl::string_view private_key);

// PemPair says where a server's certificates and their key are, and by which
// options it was told, for messages ("--cert", "--key").
struct PemPair {
  absl::string_view certificate_option;
  std::string certificate;  // path; empty: none
  absl::string_view key_option;
  std::string key;
};

// ReadServerTls is MakeServerTls with what the files contain. It returns null
// if neither file is given. InvalidArgument if one is missing, cannot be read,
// or if MakeServerTls refuses them.
[[nodiscard]] absl::StatusOr<bssl::UniquePtr<SSL_CTX>> ReadServerTls(
    const PemPair& files);

// MakeServerSsl is one connection's end, before its handshake.
[[nodiscard]] absl::StatusOr<bssl::UniquePtr<SSL>> MakeServerSsl(
    SSL_CTX* context);

// MakeServerTransport is the same on a socket that was accepted: with TLS, or
// plain if `context` is null.
[[nodiscard]] absl::StatusOr<std::unique_ptr<tunnel::Transport>>
MakeServerTransport(SSL_CTX* context, netif::UniqueFd socket);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_SERVER_TLS_H_
