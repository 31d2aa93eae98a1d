// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/testing/test_identity.h"

#include <utility>

#include "absl/base/macros.h"
#include "openssl/asn1.h"
#include "openssl/bio.h"
#include "openssl/ec.h"
#include "openssl/ec_key.h"
#include "openssl/evp.h"
#include "openssl/nid.h"
#include "openssl/pem.h"
#include "openssl/rand.h"
#include "openssl/x509.h"
#include "openssl/x509v3.h"

namespace ovoc::tunnel {
namespace {

bssl::UniquePtr<EVP_PKEY> NewKey() {
  bssl::UniquePtr<EC_KEY> ec(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  const bool made = EC_KEY_generate_key(ec.get()) == 1 &&
                    EVP_PKEY_set1_EC_KEY(key.get(), ec.get()) == 1;
  ABSL_HARDENING_ASSERT(made);
  (void)made;
  return key;
}

std::string Contents(BIO* bio) {
  const uint8_t* bytes = nullptr;
  size_t size = 0;
  BIO_mem_contents(bio, &bytes, &size);
  return std::string(bytes, bytes + size);
}

}  // namespace

TestIdentity::TestIdentity() : certificate_(X509_new()), key_(NewKey()) {}

// Everything but the extensions and the signature.
void TestIdentity::Begin(absl::string_view common_name,
                         const TestIdentity& issuer) {
  X509* const x509 = certificate_.get();
  X509_set_version(x509, X509_VERSION_3);
  uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<uint8_t*>(&serial), sizeof(serial));
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1 | 1);
  ASN1_TIME_set(X509_getm_notBefore(x509), kFirstSecond);
  ASN1_TIME_set(X509_getm_notAfter(x509), kLastSecond);
  X509_NAME_add_entry_by_txt(
      X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
      reinterpret_cast<const uint8_t*>(common_name.data()),
      static_cast<int>(common_name.size()), -1, 0);
  X509_set_issuer_name(x509, X509_get_subject_name(issuer.certificate_.get()));
  X509_set_pubkey(x509, key_.get());
}

void TestIdentity::Extend(int nid, const std::string& value) {
  bssl::UniquePtr<X509_EXTENSION> extension(
      X509V3_EXT_nconf_nid(nullptr, nullptr, nid, value.c_str()));
  ABSL_HARDENING_ASSERT(extension != nullptr);
  X509_add_ext(certificate_.get(), extension.get(), -1);
}

TestIdentity TestIdentity::Root(absl::string_view common_name) {
  TestIdentity root;
  root.Begin(common_name, root);
  root.Extend(NID_basic_constraints, "critical,CA:TRUE");
  root.Extend(NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(root.certificate_.get(), root.key_.get(), EVP_sha256());
  return root;
}

TestIdentity TestIdentity::Issue(absl::string_view alternative_names) const {
  TestIdentity leaf;
  leaf.Begin("leaf", *this);
  leaf.Extend(NID_basic_constraints, "critical,CA:FALSE");
  leaf.Extend(NID_key_usage, "critical,digitalSignature");
  leaf.Extend(NID_ext_key_usage, "serverAuth,clientAuth");
  leaf.Extend(NID_subject_alt_name, std::string(alternative_names));
  X509_sign(leaf.certificate_.get(), key_.get(), EVP_sha256());
  return leaf;
}

std::string TestIdentity::certificate_pem() const {
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate_.get());
  return Contents(bio.get());
}

std::string TestIdentity::private_key_pem() const {
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0,
                                nullptr, nullptr);
  return Contents(bio.get());
}

bssl::UniquePtr<SSL_CTX> TestIdentity::ServerContext() const {
  bssl::UniquePtr<SSL_CTX> context(SSL_CTX_new(TLS_method()));
  const bool usable =
      SSL_CTX_use_certificate(context.get(), certificate_.get()) == 1 &&
      SSL_CTX_use_PrivateKey(context.get(), key_.get()) == 1;
  ABSL_HARDENING_ASSERT(usable);
  (void)usable;
  return context;
}

}  // namespace ovoc::tunnel
