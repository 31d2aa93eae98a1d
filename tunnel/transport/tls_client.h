// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_TLS_CLIENT_H_
#define OVOC_TUNNEL_TRANSPORT_TLS_CLIENT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/secret.h"
#include "netif/unique_fd.h"
#include "openssl/ssl.h"
#include "tunnel/transport/signer.h"
#include "tunnel/transport/signing_key.h"
#include "tunnel/transport/tls_profile.h"
#include "tunnel/transport/transport.h"

namespace ovoc::tunnel {

// Whether the server's certificate must verify. kOff (WSTunVerifyPeer=0) takes
// any certificate, and with it any server.
enum class PeerVerification { kRequired, kOff };

class TlsClient;

// TlsClientTransport is a TLS connection to OVOC, with what was seen of it.
class TlsClientTransport : public TlsTransport {
 public:
  IoResult Handshake() override;

  // What the verifier said of the server's certificate; set once the handshake
  // has come that far. With PeerVerification::kOff it is for information.
  const std::optional<auth::CertificateVerifier::Verdict>& verdict() const {
    return verdict_;
  }
  absl::string_view version() const;  // "TLSv1.3"
  absl::string_view cipher() const;   // "TLS_AES_256_GCM_SHA384"
  bool resumed() const;               // by a session ticket

 private:
  friend class TlsClient;
  TlsClientTransport(netif::UniqueFd socket, bssl::UniquePtr<SSL> ssl,
                     TlsClient* client, std::string name);

  TlsClient* const client_;
  const std::string name_;
  std::optional<auth::CertificateVerifier::Verdict> verdict_;
  absl::Status outside_profile_;  // what the server chose against the profile
};

// TlsClient makes TLS connections: TLS 1.2 or later as the profile has it (a
// server that chooses otherwise is refused), SNI for host names, ALPN http/1.1,
// the certificate verified by auth::CertificateVerifier on resumption
// too, the last session ticket offered to the next connection (a ticket of TLS
// 1.3 once). It must outlive its connections.
class TlsClient {
 public:
  // Wall clock time: the device's idea of the date.
  using WallClock = std::function<absl::Time()>;

  struct Options {
    TlsProfile profile = TlsProfile::kCompatible;
    PeerVerification verification = PeerVerification::kRequired;
    auth::NameCheck name_check = auth::NameCheck::kRequired;
    // PEM of the client's chain (leaf first) and its key; both or none.
    std::string certificate_pem;
    std::optional<auth::Secret> private_key_pem;
  };

  // Fails when certificate and key are not both there, broken or no pair; the
  // message names which.
  static absl::StatusOr<std::unique_ptr<TlsClient>> Create(
      Options options, auth::CertificateVerifier verifier, WallClock clock);

  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  // The client's own key leaves this object, which forgets it; null when there
  // is none. Whoever has it, UseSigner must be told of before Connect.
  std::unique_ptr<SigningKey> TakeKey() { return std::move(key_); }

  // Who signs for the client's certificate; outlives the client.
  void UseSigner(Signer* signer) { signer_ = signer; }

  // A connection over the connected `socket` to the server called `name` (a
  // host name or an IP address), its handshake not begun.
  absl::StatusOr<std::unique_ptr<TlsClientTransport>> Connect(
      netif::UniqueFd socket, absl::string_view name);

 private:
  friend class TlsClientTransport;

  TlsClient(Options options, auth::CertificateVerifier verifier,
            WallClock clock)
      : options_(std::move(options)),
        verifier_(std::move(verifier)),
        clock_(std::move(clock)) {}

  absl::Status SetUp();
  absl::Status UseClientCertificate();
  static ssl_verify_result_t OnVerify(SSL* ssl, uint8_t* alert);
  static ssl_private_key_result_t OnSign(SSL* ssl, uint8_t* out,
                                         size_t* out_size, size_t max_out,
                                         uint16_t algorithm, const uint8_t* in,
                                         size_t in_size);
  static int OnNewSession(SSL* ssl, SSL_SESSION* session);
  void KeepSession(SSL* ssl);

  Options options_;
  const auth::CertificateVerifier verifier_;
  const WallClock clock_;
  std::unique_ptr<SigningKey> key_;
  Signer* signer_ = nullptr;  // null: there is no client certificate
  absl::Status sign_status_;  // why the last signature was not had
  bssl::UniquePtr<SSL_CTX> context_;
  bssl::UniquePtr<SSL_SESSION> session_;  // offered to the next connection
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TLS_CLIENT_H_
