// SPDX-License-Identifier: Apache-2.0
//
// A TLS connection in one process whose server's records are forged.

#ifndef OVOC_CONFORMANCE_HARDENING_TESTING_FORGED_CONNECTION_H_
#define OVOC_CONFORMANCE_HARDENING_TESTING_FORGED_CONNECTION_H_

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "conformance/hardening/record_forger.h"
#include "conformance/ovoc_server/server_tls.h"
#include "conformance/ovoc_server/throwaway_certificate.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "openssl/ssl.h"
#include "tunnel/transport/tls_transport.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {

// ForgedConnection has shaken hands, in TLS 1.3 or 1.2, and the client has read
// BoringSSL's own tickets.
class ForgedConnection {
 public:
  explicit ForgedConnection(uint16_t version) {
    MakeContexts(version);
    std::array<int, 2> fds = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         fds.data()),
              0);
    bssl::UniquePtr<SSL> client(SSL_new(client_context_.get()));
    SSL_set_connect_state(client.get());
    client_ = std::make_unique<tunnel::TlsTransport>(netif::UniqueFd(fds[0]),
                                                     std::move(client));
    bssl::UniquePtr<SSL> server(SSL_new(server_context_.get()));
    SSL_set_accept_state(server.get());
    SSL_set_app_data(server.get(), reinterpret_cast<char*>(&secret_));
    server_ = std::make_unique<tunnel::TlsTransport>(netif::UniqueFd(fds[1]),
                                                     std::move(server));
    for (int i = 0; i < 5; ++i) {
      client_->Handshake();
      server_->Handshake();
    }
    // BoringSSL sends its tickets with the first bytes that it writes.
    size_t count = 0;
    server_->Write({'x'}, &count);
    server_->Flush();
    EXPECT_EQ(Read(), tunnel::IoResult::kDone) << client_->status();
  }

  // What one Read of the client comes to; see text().
  tunnel::IoResult Read() {
    std::array<uint8_t, 64> out;
    size_t count = 0;
    const tunnel::IoResult result = client_->Read(absl::MakeSpan(out), &count);
    text_.assign(out.begin(), out.begin() + count);
    return result;
  }
  const std::string& text() const { return text_; }

  // Puts bytes of the server's on the wire, all at once.
  void Send(const std::vector<uint8_t>& bytes) {
    EXPECT_EQ(send(server_->fd(), bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
  }

  absl::StatusOr<RecordForger> MakeForger() const {
    return RecordForger::Create(
        server_->ssl(),
        {reinterpret_cast<const uint8_t*>(secret_.data()), secret_.size()});
  }

  tunnel::TlsTransport& client() { return *client_; }
  tunnel::TlsTransport& server() { return *server_; }

 private:
  void MakeContexts(uint16_t version) {
    const ThrowawayCertificate pair = MakeThrowawayCertificate();
    auto context = MakeServerTls(pair.certificate, pair.private_key);
    EXPECT_TRUE(context.ok()) << context.status();
    server_context_ = *std::move(context);
    SSL_CTX_set_keylog_callback(server_context_.get(), NoteSecret);
    client_context_.reset(SSL_CTX_new(TLS_method()));
    SSL_CTX_set_max_proto_version(client_context_.get(), version);
    SSL_CTX_set_strict_cipher_list(client_context_.get(),
                                   "ECDHE-ECDSA-AES128-GCM-SHA256");
  }

  // A line of the key log: label, client random, secret, in hexadecimal.
  static void NoteSecret(const SSL* ssl, const char* line) {
    const absl::string_view text = line;
    if (absl::StartsWith(text, "SERVER_TRAFFIC_SECRET_0 ")) {
      *reinterpret_cast<std::string*>(SSL_get_app_data(ssl)) =
          absl::HexStringToBytes(text.substr(text.rfind(' ') + 1));
    }
  }

  std::string secret_;
  bssl::UniquePtr<SSL_CTX> server_context_;
  bssl::UniquePtr<SSL_CTX> client_context_;
  std::unique_ptr<tunnel::TlsTransport> client_;
  std::unique_ptr<tunnel::TlsTransport> server_;
  std::string text_;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_HARDENING_TESTING_FORGED_CONNECTION_H_
