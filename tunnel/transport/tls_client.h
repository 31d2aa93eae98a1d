// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_TLS_CLIENT_H_
#define OVOC_TUNNEL_TRANSPORT_TLS_CLIENT_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "auth/certificate_summary.h"
#include "auth/certificate_verifier.h"
#include "auth/secret.h"
#include "openssl/ssl.h"
#include "tunnel/transport/decisions/signer.h"
#include "tunnel/transport/signing_key.h"
#include "tunnel/transport/tls_profile.h"
#include "tunnel/transport/tls_transport.h"
#include "tunnel/transport/transport.h"

namespace ovoc::tunnel {

// Whether the server's certificate must verify. kOff (WSTunVerifyPeer=0) takes
// any certificate, and with it any server.
enum class PeerVerification { kRequired, kOff };

class TlsClient;

// TlsClientTransport is a TLS connection to OVOC and what was learnt about it.
class TlsClientTransport : public TlsTransport {
 public:
  IoResult Handshake() override;
  IoResult Read(absl::Span<uint8_t> out, size_t* count) override;

  // The verifier's verdict on the server's certificate. It is set once the
  // handshake has got that far. With PeerVerification::kOff it is only for
  // information.
  const std::optional<auth::CertificateVerifier::Verdict>& verdict() const {
    return verdict_;
  }
  absl::string_view version() const;  // "TLSv1.3"
  absl::string_view cipher() const;   // "TLS_AES_256_GCM_SHA384"
  absl::string_view group() const { return GroupName(ssl()); }
  bool resumed() const;  // by a session ticket

 private:
  friend class TlsClient;
  TlsClientTransport(TransportBase base, bssl::UniquePtr<SSL> ssl,
                     TlsClient* client, std::string name);

  // Says more of a failure to which our certificate, or its absence, has led.
  void BlameCertificate();
  TlsClient* const client_;
  const std::string name_;
  bool certificate_requested_ = false;  // by the server
  std::optional<auth::CertificateVerifier::Verdict> verdict_;
  absl::Status outside_profile_;  // what the server chose against the profile
};

// TlsClient makes TLS connections: TLS 1.2 or later as the profile says (a
// server that chooses anything else is refused), SNI for host names, ALPN
// http/1.1. auth::CertificateVerifier verifies the certificate, on resumption
// too. A server's last session ticket is offered to the next connection to a
// server of the same name (a TLS 1.3 ticket once), and to no other. It must
// outlive its connections.
class TlsClient {
 public:
  // Wall clock time: the date by the device's clock.
  using WallClock = std::function<absl::Time()>;

  struct Options {
    TlsProfile profile = TlsProfile::kCompatible;
    PeerVerification verification = PeerVerification::kRequired;
    auth::NameCheck name_check = auth::NameCheck::kRequired;
    // PEM of the client's chain (leaf first) and its key; both or none.
    std::string certificate_pem;
    std::optional<auth::Secret> private_key_pem;
  };

  // It fails if certificate or key is missing or broken, or they do not match.
  // The message names the one that is wrong.
  static absl::StatusOr<std::unique_ptr<TlsClient>> Create(
      Options options, auth::CertificateVerifier verifier, WallClock clock);

  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  // Takes the client's own key out of this object, which then forgets it; null
  // if there is none. Call UseSigner before Connect to say who has the key.
  std::unique_ptr<SigningKey> TakeKey() { return std::move(key_); }

  // The client's own certificate and those it sends behind it; empty: none.
  const std::vector<auth::CertificateSummary>& own_chain() const {
    return own_chain_;
  }

  // Sets who signs for the client's certificate; it must outlive the client.
  void UseSigner(Signer* signer) { signer_ = signer; }

  // Makes a connection over `base`, which leads to the server called `name` (a
  // host name or an IP address). Its handshake has not begun.
  absl::StatusOr<std::unique_ptr<TlsClientTransport>> Connect(
      TransportBase base, absl::string_view name);

 private:
  friend class TlsClientTransport;

  using ClientChain = std::vector<bssl::UniquePtr<X509>>;

  TlsClient(Options options, auth::CertificateVerifier verifier,
            WallClock clock)
      : options_(std::move(options)),
        verifier_(std::move(verifier)),
        clock_(std::move(clock)) {}

  absl::Status SetUp();
  absl::Status UseClientCertificate();
  // Makes key_ of the private key in the options, which keep no copy.
  absl::Status ReadKeyOf(const ClientChain& chain);
  static ssl_verify_result_t OnVerify(SSL* ssl, uint8_t* alert);
  static ssl_private_key_result_t OnSign(SSL* ssl, uint8_t* out,
                                         size_t* out_size, size_t max_out,
                                         uint16_t algorithm, const uint8_t* in,
                                         size_t in_size);
  static int OnCertificateRequest(SSL* ssl, void*);
  static int OnNewSession(SSL* ssl, SSL_SESSION* session);
  void KeepSession(SSL* ssl, const std::string& name);

  Options options_;
  const auth::CertificateVerifier verifier_;
  const WallClock clock_;
  std::unique_ptr<SigningKey> key_;
  std::vector<auth::CertificateSummary> own_chain_;
  Signer* signer_ = nullptr;  // null: there is no client certificate
  absl::Status sign_status_;  // why the last signature was not had
  bssl::UniquePtr<SSL_CTX> context_;
  // Offered to the next connection to the server of this name. The names are
  // those of the settings, so there are few.
  std::map<std::string, bssl::UniquePtr<SSL_SESSION>> sessions_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TLS_CLIENT_H_
