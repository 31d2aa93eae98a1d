// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/server_tls.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "conformance/pem_file.h"
#include "openssl/bio.h"
#include "openssl/err.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/ssl.h"
#include "openssl/x509.h"
#include "tunnel/transport/tls_transport.h"

namespace ovoc::conformance {
namespace {

constexpr uint8_t kHttp11[] = "\x08http/1.1";  // RFC 7301 3.1, with its length
constexpr unsigned kHttp11Bytes = sizeof(kHttp11) - 1;

bssl::UniquePtr<BIO> AsBio(absl::string_view text) {
  return bssl::UniquePtr<BIO>(
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

absl::Status Broken(absl::string_view what) {
  ERR_clear_error();
  return absl::InvalidArgumentError(what);
}

// Takes http/1.1 when it is offered; says nothing when it is not.
int SelectAlpn(SSL*, const uint8_t** out, uint8_t* out_size, const uint8_t* in,
               unsigned in_size, void*) {
  uint8_t* selected = nullptr;
  if (SSL_select_next_proto(&selected, out_size, kHttp11, kHttp11Bytes, in,
                            in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = selected;
  return SSL_TLSEXT_ERR_OK;
}

absl::Status UseCertificates(SSL_CTX* context, absl::string_view pem) {
  const bssl::UniquePtr<BIO> bio = AsBio(pem);
  bool leaf = true;
  while (true) {
    const bssl::UniquePtr<X509> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (certificate == nullptr) {
      break;
    }
    const int result =
        leaf ? SSL_CTX_use_certificate(context, certificate.get())
             : SSL_CTX_add1_chain_cert(context, certificate.get());
    if (result != 1) {
      return Broken("the TLS certificate cannot be used");
    }
    leaf = false;
  }
  if (leaf) {
    return Broken("the TLS certificate's file contains no PEM certificate");
  }
  ERR_clear_error();  // the end of the file
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bssl::UniquePtr<SSL_CTX>> MakeServerTls(
    absl::string_view certificates, absl::string_view private_key) {
  bssl::UniquePtr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) {
    return absl::InternalError("SSL_CTX_new");
  }
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_alpn_select_cb(context.get(), SelectAlpn, nullptr);
  if (absl::Status status = UseCertificates(context.get(), certificates);
      !status.ok()) {
    return status;
  }
  const bssl::UniquePtr<BIO> bio = AsBio(private_key);
  const bssl::UniquePtr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  if (key == nullptr) {
    return Broken("the TLS private key's file contains no PEM private key");
  }
  if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return Broken("the TLS private key does not belong to the certificate");
  }
  return context;
}

absl::StatusOr<bssl::UniquePtr<SSL_CTX>> ReadServerTls(const PemPair& files) {
  if (files.certificate.empty() != files.key.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(files.certificate_option,
                                                   " and ", files.key_option,
                                                   " must be given together"));
  }
  if (files.certificate.empty()) {
    return bssl::UniquePtr<SSL_CTX>();
  }
  const absl::StatusOr<std::string> certificate =
      ReadPemFile(files.certificate_option, files.certificate);
  if (!certificate.ok()) {
    return certificate.status();
  }
  const absl::StatusOr<std::string> key =
      ReadPemFile(files.key_option, files.key);
  if (!key.ok()) {
    return key.status();
  }
  return MakeServerTls(*certificate, *key);
}

absl::StatusOr<bssl::UniquePtr<SSL>> MakeServerSsl(SSL_CTX* context) {
  bssl::UniquePtr<SSL> ssl(SSL_new(context));
  if (ssl == nullptr) {
    return absl::InternalError("SSL_new");
  }
  SSL_set_accept_state(ssl.get());
  return ssl;
}

absl::StatusOr<std::unique_ptr<tunnel::Transport>> MakeServerTransport(
    SSL_CTX* context, netif::UniqueFd socket) {
  if (context == nullptr) {
    return std::make_unique<tunnel::PlainTransport>(std::move(socket));
  }
  absl::StatusOr<bssl::UniquePtr<SSL>> ssl = MakeServerSsl(context);
  if (!ssl.ok()) {
    return ssl.status();
  }
  return std::make_unique<tunnel::TlsTransport>(std::move(socket),
                                                *std::move(ssl));
}

}  // namespace ovoc::conformance
