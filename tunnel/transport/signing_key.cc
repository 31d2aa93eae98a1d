// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/signing_key.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "openssl/digest.h"
#include "openssl/err.h"
#include "openssl/mem.h"
#include "openssl/rsa.h"
#include "openssl/ssl.h"

namespace ovoc::tunnel {
namespace {

constexpr std::array<uint16_t, 8> kApproved = {
    SSL_SIGN_RSA_PKCS1_SHA256,       SSL_SIGN_RSA_PKCS1_SHA384,
    SSL_SIGN_RSA_PKCS1_SHA512,       SSL_SIGN_RSA_PSS_RSAE_SHA256,
    SSL_SIGN_RSA_PSS_RSAE_SHA384,    SSL_SIGN_RSA_PSS_RSAE_SHA512,
    SSL_SIGN_ECDSA_SECP256R1_SHA256, SSL_SIGN_ECDSA_SECP384R1_SHA384};
// Beyond these, of BoringSSL's own choice for TLS 1.2 and 1.3.
constexpr std::array<uint16_t, 4> kCompatible = {
    SSL_SIGN_ECDSA_SECP521R1_SHA512, SSL_SIGN_ED25519, SSL_SIGN_RSA_PKCS1_SHA1,
    SSL_SIGN_ECDSA_SHA1};

bool Holds(absl::Span<const uint16_t> list, uint16_t algorithm) {
  return std::find(list.begin(), list.end(), algorithm) != list.end();
}

bool IsWithin(TlsProfile profile, uint16_t algorithm) {
  return Holds(kApproved, algorithm) ||
         (profile == TlsProfile::kCompatible && Holds(kCompatible, algorithm));
}

const uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

uint8_t* Bytes(std::string* text) {
  return reinterpret_cast<uint8_t*>(text->data());
}

// RSA (PKCS #1 or PSS) and ECDSA sign a digest.
bool SignDigest(EVP_PKEY* key, const SignatureRequest& request,
                std::string* signature, size_t* size) {
  const EVP_MD* const hash =
      SSL_get_signature_algorithm_digest(request.algorithm);
  const bssl::UniquePtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
  if (context == nullptr || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), hash) != 1) {
    return false;
  }
  // RFC 8446 4.2.3: the salt is as long as the digest.
  if (SSL_is_signature_algorithm_rsa_pss(request.algorithm) != 0 &&
      (EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING) !=
           1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), -1) != 1)) {
    return false;
  }
  return EVP_PKEY_sign(context.get(), Bytes(signature), size,
                       Bytes(request.digest), request.digest.size()) == 1;
}

bool SignText(EVP_PKEY* key, const SignatureRequest& request,
              std::string* signature, size_t* size) {
  bssl::ScopedEVP_MD_CTX context;
  return EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) ==
             1 &&
         EVP_DigestSign(context.get(), Bytes(signature), size,
                        Bytes(request.digest), request.digest.size()) == 1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SigningKey>> SigningKey::Create(
    bssl::UniquePtr<EVP_PKEY> key, TlsProfile profile) {
  const int bytes = EVP_PKEY_size(key.get());
  if (bytes > static_cast<int>(kMaxSignatureBytes)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "private key: its signatures have ", bytes, " bytes, but at most ",
        kMaxSignatureBytes, " are allowed"));
  }
  return std::unique_ptr<SigningKey>(new SigningKey(std::move(key), profile));
}

absl::StatusOr<std::string> SigningKey::Sign(const SignatureRequest& request) {
  if (!IsWithin(profile_, request.algorithm) ||
      SSL_get_signature_algorithm_key_type(request.algorithm) !=
          EVP_PKEY_id(key_.get())) {
    return absl::PermissionDeniedError(absl::StrCat(
        "signature algorithm ", request.algorithm, " does not fit this key"));
  }
  const EVP_MD* const hash =
      SSL_get_signature_algorithm_digest(request.algorithm);
  if (hash != nullptr ? request.digest.size() != EVP_MD_size(hash)
                      : request.digest.size() > kMaxSignedBytes) {
    return absl::PermissionDeniedError(absl::StrCat(
        "a digest of ", request.digest.size(),
        " bytes does not fit signature algorithm ", request.algorithm));
  }
  std::string signature(kMaxSignatureBytes, '\0');
  size_t size = signature.size();
  const bool done = hash != nullptr
                        ? SignDigest(key_.get(), request, &signature, &size)
                        : SignText(key_.get(), request, &signature, &size);
  ERR_clear_error();
  WipeStackBelow();
  if (!done) {
    return absl::InternalError("the key cannot sign");
  }
  signature.resize(size);
  return signature;
}

absl::StatusOr<SignatureRequest> MakeSignatureRequest(
    uint16_t algorithm, absl::Span<const uint8_t> input) {
  SignatureRequest request;
  request.algorithm = algorithm;
  const EVP_MD* const hash = SSL_get_signature_algorithm_digest(algorithm);
  if (hash == nullptr) {
    if (input.size() > kMaxSignedBytes) {
      return absl::InvalidArgumentError(
          "the client's Ed25519 key needs TLS 1.3, which this connection does "
          "not use");
    }
    request.digest.assign(reinterpret_cast<const char*>(input.data()),
                          input.size());
    return request;
  }
  unsigned size = 0;
  request.digest.resize(EVP_MD_size(hash));
  if (EVP_Digest(input.data(), input.size(), Bytes(&request.digest), &size,
                 hash, nullptr) != 1) {
    return absl::InternalError("EVP_Digest failed");
  }
  return request;
}

[[gnu::noinline]] void WipeStackBelow() {
  std::array<uint8_t, 65536> below;
  OPENSSL_cleanse(below.data(), below.size());
}

}  // namespace ovoc::tunnel
