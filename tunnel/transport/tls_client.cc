// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/tls_client.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "auth/client_identity.h"
#include "netif/ip_address.h"
#include "openssl/err.h"
#include "openssl/pool.h"
#include "openssl/ssl.h"
#include "openssl/x509.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/transport/certificate_refusal.h"

namespace ovoc::tunnel {
namespace {

using auth::CertificateVerifier;

// RFC 7301 3.1: length and name of the one protocol we speak.
constexpr std::array<uint8_t, 9> kAlpn = {8,   'h', 't', 't', 'p',
                                          '/', '1', '.', '1'};

std::vector<absl::Span<const uint8_t>> PresentedChain(const SSL* ssl) {
  std::vector<absl::Span<const uint8_t>> chain;
  const STACK_OF(CRYPTO_BUFFER)* const buffers =
      SSL_get0_peer_certificates(ssl);
  for (size_t i = 0; i < sk_CRYPTO_BUFFER_num(buffers); ++i) {
    const CRYPTO_BUFFER* const buffer = sk_CRYPTO_BUFFER_value(buffers, i);
    chain.push_back({CRYPTO_BUFFER_data(buffer), CRYPTO_BUFFER_len(buffer)});
  }
  return chain;
}

// False when TLS cannot use the first certificate's key.
bool PresentChain(const std::vector<bssl::UniquePtr<X509>>& chain,
                  SSL_CTX* context) {
  bool used = SSL_CTX_use_certificate(context, chain.front().get());
  for (size_t i = 1; i < chain.size(); ++i) {
    used = used && SSL_CTX_add1_chain_cert(context, chain[i].get());
  }
  return used;
}

absl::Status About(absl::string_view setting, const absl::Status& why) {
  return absl::InvalidArgumentError(absl::StrCat(setting, ": ", why.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsClient>> TlsClient::Create(
    Options options, CertificateVerifier verifier, WallClock clock) {
  auto client = std::unique_ptr<TlsClient>(
      new TlsClient(std::move(options), std::move(verifier), std::move(clock)));
  const absl::Status status = client->SetUp();
  ERR_clear_error();
  if (!status.ok()) {
    return status;
  }
  return client;
}

// RFC 6455 10.6 MUST: TLS is supported
absl::Status TlsClient::SetUp() {
  context_.reset(SSL_CTX_new(TLS_method()));
  SSL_CTX* const context = context_.get();
  if (context == nullptr ||
      SSL_CTX_set_alpn_protos(context, kAlpn.data(), kAlpn.size()) != 0) {
    return absl::InternalError("TLS could not be set up");
  }
  const absl::Status configured = ConfigureTls(options_.profile, context);
  if (!configured.ok()) {
    return configured;
  }
  SSL_CTX_set_custom_verify(context, SSL_VERIFY_PEER, OnVerify);
  SSL_CTX_set_reverify_on_resume(context, 1);
  SSL_CTX_set_session_cache_mode(
      context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, OnNewSession);
  SSL_CTX_set_cert_cb(context, OnCertificateRequest, nullptr);
  SSL_CTX_set_app_data(context, reinterpret_cast<char*>(this));
  return UseClientCertificate();
}

absl::Status TlsClient::UseClientCertificate() {
  if (options_.certificate_pem.empty() && !options_.private_key_pem) {
    return absl::OkStatus();
  }
  if (options_.certificate_pem.empty() || !options_.private_key_pem) {
    return absl::InvalidArgumentError(
        "TLSCertificate and TLSPrivateKey must be set together; one is "
        "missing");
  }
  const auto chain = auth::ReadClientChain(options_.certificate_pem);
  if (!chain.ok()) {
    return About("TLSCertificate", chain.status());
  }
  if (const absl::Status read = ReadKeyOf(*chain); !read.ok()) {
    return About("TLSPrivateKey", read);
  }
  for (const bssl::UniquePtr<X509>& certificate : *chain) {
    own_chain_.push_back(auth::Summarize(*certificate));
  }
  const bool used = PresentChain(*chain, context_.get());
  static constexpr SSL_PRIVATE_KEY_METHOD kMethod = {OnSign, nullptr, nullptr};
  SSL_CTX_set_private_key_method(context_.get(), &kMethod);
  return used ? absl::OkStatus()
              : absl::InvalidArgumentError(
                    "TLSCertificate: its key cannot be used for TLS; use an "
                    "RSA, ECDSA or Ed25519 certificate");
}

absl::Status TlsClient::ReadKeyOf(const ClientChain& chain) {
  auto key = auth::ReadPrivateKey(
      options_.private_key_pem->Reveal(auth::InsecureSecretAccess::Get()));
  options_.private_key_pem.reset();
  if (!key.ok()) {
    return key.status();
  }
  if (absl::Status pair = auth::CheckPair(chain, key->get()); !pair.ok()) {
    return pair;
  }
  auto signing = SigningKey::Create(*std::move(key), options_.profile);
  WipeStackBelow();  // where the key was read
  if (!signing.ok()) {
    return signing.status();
  }
  key_ = *std::move(signing);
  signer_ = key_.get();
  return absl::OkStatus();
}

// The worker hashes, so that a handshake of any length is a short request.
ssl_private_key_result_t TlsClient::OnSign(SSL* ssl, uint8_t* out,
                                           size_t* out_size, size_t max_out,
                                           uint16_t algorithm,
                                           const uint8_t* in, size_t in_size) {
  auto* const client =
      reinterpret_cast<TlsClient*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  const auto request =
      MakeSignatureRequest(algorithm, absl::MakeConstSpan(in, in_size));
  const absl::StatusOr<std::string> signature =
      request.ok() ? client->signer_->Sign(*request)
                   : absl::StatusOr<std::string>(request.status());
  client->sign_status_ = signature.status();
  if (!signature.ok() || signature->size() > max_out) {
    return ssl_private_key_failure;
  }
  std::copy(signature->begin(), signature->end(), out);
  *out_size = signature->size();
  return ssl_private_key_success;
}

absl::StatusOr<std::unique_ptr<TlsClientTransport>> TlsClient::Connect(
    TransportBase base, absl::string_view name) {
  bssl::UniquePtr<SSL> ssl(SSL_new(context_.get()));
  if (ssl == nullptr) {
    return absl::InternalError("SSL_new failed");
  }
  std::string text(name);
  // RFC 6455 4.1 MUST: Server Name Indication is sent
  // RFC 6066 3: an address is no server name.
  if (!netif::IpAddress::Parse(name).has_value() &&
      !SSL_set_tlsext_host_name(ssl.get(), text.c_str())) {
    return absl::InvalidArgumentError("the server's name is too long for SNI");
  }
  SSL_set_connect_state(ssl.get());
  // Later versions do so unasked. RFC 5246 7.4.2: a key is used only as its
  // certificate allows.
#if BORINGSSL_API_VERSION < 42
  SSL_set_enforce_rsa_key_usage(ssl.get(), 1);
#endif
  sign_status_ = absl::OkStatus();
  if (const auto kept = sessions_.find(text); kept != sessions_.end()) {
    SSL_set_session(ssl.get(), kept->second.get());
    sessions_.erase(kept);  // RFC 8446 C.4: a ticket is used once; KeepSession
  }
  return std::unique_ptr<TlsClientTransport>(new TlsClientTransport(
      std::move(base), std::move(ssl), this, std::move(text)));
}

int TlsClient::OnCertificateRequest(SSL* ssl, void*) {
  reinterpret_cast<TlsClientTransport*>(SSL_get_app_data(ssl))
      ->certificate_requested_ = true;
  return 1;  // what there is was set up before
}

int TlsClient::OnNewSession(SSL* ssl, SSL_SESSION* session) {
  const auto* const transport =
      reinterpret_cast<TlsClientTransport*>(SSL_get_app_data(ssl));
  transport->client_->sessions_[transport->name_].reset(session);
  return 1;  // it is ours now
}

// A TLS 1.2 server that resumes a session seldom sends a new ticket: the one
// that it took is good for the next connection too.
void TlsClient::KeepSession(SSL* ssl, const std::string& name) {
  if (!sessions_.contains(name) &&
      !SSL_SESSION_should_be_single_use(SSL_get0_session(ssl))) {
    sessions_[name].reset(SSL_get1_session(ssl));
  }
}

ssl_verify_result_t TlsClient::OnVerify(SSL* ssl, uint8_t* alert) {
  auto* const transport =
      reinterpret_cast<TlsClientTransport*>(SSL_get_app_data(ssl));
  const TlsClient& client = *transport->client_;
  transport->outside_profile_ =
      CheckSuite(client.options_.profile, SSL_get_pending_cipher(ssl));
  if (!transport->outside_profile_.ok()) {
    *alert = SSL_AD_HANDSHAKE_FAILURE;
    return ssl_verify_invalid;
  }
  const std::vector<absl::Span<const uint8_t>> chain = PresentedChain(ssl);
  CertificateVerifier::Request request;
  request.chain = chain;
  request.name = transport->name_;
  request.name_check = client.options_.name_check;
  request.now = client.clock_();
  transport->verdict_ = client.verifier_.Verify(request);
  if (transport->verdict_->ok() ||
      client.options_.verification == PeerVerification::kOff) {
    return ssl_verify_ok;
  }
  // RFC 9525 6.6 MUST: without a match the connection is refused
  *alert = AlertFor(transport->verdict_->failure);
  return ssl_verify_invalid;
}

TlsClientTransport::TlsClientTransport(TransportBase base,
                                       bssl::UniquePtr<SSL> ssl,
                                       TlsClient* client, std::string name)
    : TlsTransport(std::move(base), std::move(ssl)),
      client_(client),
      name_(std::move(name)) {
  SSL_set_app_data(this->ssl(), reinterpret_cast<char*>(this));
}

IoResult TlsClientTransport::Handshake() {
  const IoResult result = TlsTransport::Handshake();
  if (result == IoResult::kDone) {
    outside_profile_ = CheckNegotiated(client_->options_.profile, ssl());
  }
  if (!outside_profile_.ok()) {
    return Replace(outside_profile_);
  }
  if (result == IoResult::kDone && resumed()) {
    client_->KeepSession(ssl(), name_);
  }
  if (result == IoResult::kFailed && !client_->sign_status_.ok()) {
    return Replace(absl::UnavailableError(
        absl::StrCat("TLSPrivateKey: ", client_->sign_status_.message())));
  }
  if (result == IoResult::kFailed && verdict_.has_value() && !verdict_->ok() &&
      client_->options_.verification == PeerVerification::kRequired) {
    return Replace(
        WithCause(absl::UnauthenticatedError(verdict_->status.message()),
                  CauseOfRefusal(*verdict_)));
  }
  if (result == IoResult::kFailed) {
    BlameCertificate();
  }
  return result;
}

// With TLS 1.3 the server looks at our certificate when the handshake is over
// for us.
IoResult TlsClientTransport::Read(absl::Span<uint8_t> out, size_t* count) {
  const IoResult result = TlsTransport::Read(out, count);
  if (result == IoResult::kFailed) {
    BlameCertificate();
  }
  return result;
}

// RFC 5246 7.4.6: a server without the certificate that it needs says
// handshake_failure. Others say bad_certificate, and TLS 1.3 has
// certificate_required (RFC 8446 6.2).
void TlsClientTransport::BlameCertificate() {
  const EndCause cause = CauseOf(status());
  const bool may_be = cause == EndCause::kCertificateRefused ||
                      (cause == EndCause::kTlsFailed && certificate_requested_);
  if (may_be && client_->signer_ == nullptr) {
    Replace(
        WithCause(absl::UnavailableError(absl::StrCat(
                      status().message(),
                      "; it wants a client certificate, and there is none")),
                  EndCause::kCertificateWanted));
  }
}

absl::string_view TlsClientTransport::version() const {
  return SSL_get_version(ssl());
}

absl::string_view TlsClientTransport::cipher() const {
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(ssl());
  return cipher == nullptr ? "" : SSL_CIPHER_standard_name(cipher);
}

bool TlsClientTransport::resumed() const { return SSL_session_reused(ssl()); }

}  // namespace ovoc::tunnel
