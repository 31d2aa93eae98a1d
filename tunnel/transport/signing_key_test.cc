// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/signing_key.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "openssl/bn.h"
#include "openssl/curve25519.h"
#include "openssl/digest.h"
#include "openssl/ec_key.h"
#include "openssl/nid.h"
#include "openssl/rsa.h"
#include "openssl/ssl.h"

namespace ovoc::tunnel {
namespace {

bssl::UniquePtr<EVP_PKEY> Rsa(int bits) {
  bssl::UniquePtr<RSA> rsa(RSA_new());
  bssl::UniquePtr<BIGNUM> e(BN_new());
  EXPECT_EQ(BN_set_word(e.get(), RSA_F4), 1);
  EXPECT_EQ(RSA_generate_key_ex(rsa.get(), bits, e.get(), nullptr), 1);
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  EXPECT_EQ(EVP_PKEY_set1_RSA(key.get(), rsa.get()), 1);
  return key;
}

bssl::UniquePtr<EVP_PKEY> Ec(int curve) {
  bssl::UniquePtr<EC_KEY> ec(EC_KEY_new_by_curve_name(curve));
  EXPECT_EQ(EC_KEY_generate_key(ec.get()), 1);
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  EXPECT_EQ(EVP_PKEY_set1_EC_KEY(key.get(), ec.get()), 1);
  return key;
}

bssl::UniquePtr<EVP_PKEY> Ed25519() {
  const std::vector<uint8_t> seed(32, 7);
  return bssl::UniquePtr<EVP_PKEY>(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

// 64 spaces, a context and a hash, as TLS 1.3 signs (RFC 8446 4.4.3).
std::vector<uint8_t> Input(size_t size = 146) {
  return std::vector<uint8_t>(size, ' ');
}

// Whether the signature is right, by BoringSSL's one-shot verification of the
// whole input, in which our hashing has no part.
bool Verifies(EVP_PKEY* key, uint16_t algorithm, const std::string& signature) {
  const std::vector<uint8_t> input = Input();
  bssl::ScopedEVP_MD_CTX context;
  EVP_PKEY_CTX* parameters = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &parameters,
                           SSL_get_signature_algorithm_digest(algorithm),
                           nullptr, key) != 1) {
    return false;
  }
  if (SSL_is_signature_algorithm_rsa_pss(algorithm) != 0) {
    EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, -1);
  }
  return EVP_DigestVerify(context.get(),
                          reinterpret_cast<const uint8_t*>(signature.data()),
                          signature.size(), input.data(), input.size()) == 1;
}

struct Case {
  bssl::UniquePtr<EVP_PKEY> key;
  std::vector<uint16_t> algorithms;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  cases.push_back(
      {Rsa(2048),
       {SSL_SIGN_RSA_PKCS1_SHA256, SSL_SIGN_RSA_PKCS1_SHA384,
        SSL_SIGN_RSA_PKCS1_SHA512, SSL_SIGN_RSA_PSS_RSAE_SHA256,
        SSL_SIGN_RSA_PSS_RSAE_SHA384, SSL_SIGN_RSA_PSS_RSAE_SHA512}});
  cases.push_back(
      {Ec(NID_X9_62_prime256v1), {SSL_SIGN_ECDSA_SECP256R1_SHA256}});
  cases.push_back({Ec(NID_secp384r1), {SSL_SIGN_ECDSA_SECP384R1_SHA384}});
  cases.push_back({Ed25519(), {SSL_SIGN_ED25519}});
  return cases;
}

TEST(SigningKeyTest, SignsWithEachAlgorithmOfItsKind) {
  for (Case& c : Cases()) {
    const bssl::UniquePtr<EVP_PKEY> key = bssl::UpRef(c.key);
    const auto signer =
        *SigningKey::Create(std::move(c.key), TlsProfile::kCompatible);
    for (const uint16_t algorithm : c.algorithms) {
      const auto request = MakeSignatureRequest(algorithm, Input());
      ASSERT_TRUE(request.ok()) << algorithm;
      const auto signature = signer->Sign(*request);
      ASSERT_TRUE(signature.ok()) << algorithm << signature.status();
      EXPECT_TRUE(Verifies(key.get(), algorithm, *signature)) << algorithm;
    }
  }
}

TEST(SigningKeyTest, RefusesAlgorithmsOfAnotherKind) {
  const auto rsa = *SigningKey::Create(Rsa(2048), TlsProfile::kCompatible);
  for (const uint16_t algorithm :
       {uint16_t{SSL_SIGN_ECDSA_SECP256R1_SHA256}, uint16_t{SSL_SIGN_ED25519},
        uint16_t{SSL_SIGN_RSA_PKCS1_MD5_SHA1}, uint16_t{0}, uint16_t{0xffff}}) {
    for (const size_t size : {size_t{0}, size_t{32}, size_t{36}}) {
      EXPECT_TRUE(absl::IsPermissionDenied(
          rsa->Sign({algorithm, std::string(size, 'd')}).status()))
          << algorithm;
    }
  }
}

TEST(SigningKeyTest, RefusesDigestsOfAnotherLength) {
  const auto rsa = *SigningKey::Create(Rsa(2048), TlsProfile::kCompatible);
  for (const size_t size : {size_t{0}, size_t{31}, size_t{33}, size_t{160}}) {
    EXPECT_TRUE(absl::IsPermissionDenied(
        rsa->Sign({SSL_SIGN_RSA_PKCS1_SHA256, std::string(size, 'd')})
            .status()));
  }
}

TEST(SigningKeyTest, TheApprovedProfileHasNoSha1AndNoEd25519) {
  const auto rsa = *SigningKey::Create(Rsa(2048), TlsProfile::kApproved);
  EXPECT_TRUE(absl::IsPermissionDenied(
      rsa->Sign({SSL_SIGN_RSA_PKCS1_SHA1, std::string(20, 'd')}).status()));
  const auto ed25519 = *SigningKey::Create(Ed25519(), TlsProfile::kApproved);
  EXPECT_TRUE(absl::IsPermissionDenied(
      ed25519->Sign({SSL_SIGN_ED25519, std::string(130, ' ')}).status()));
}

TEST(SigningKeyTest, AHandshakeOfAnyLengthIsADigestButNotWithEd25519) {
  EXPECT_TRUE(
      MakeSignatureRequest(SSL_SIGN_RSA_PKCS1_SHA256, Input(100000)).ok());
  const auto request =
      MakeSignatureRequest(SSL_SIGN_ED25519, Input(kMaxSignedBytes + 1));
  EXPECT_TRUE(absl::IsInvalidArgument(request.status()));
}

}  // namespace
}  // namespace ovoc::tunnel
