// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/throwaway_certificate.h"

#include <cstddef>
#include <cstdint>

#include "openssl/asn1.h"
#include "openssl/bio.h"
#include "openssl/bn.h"
#include "openssl/digest.h"
#include "openssl/ec.h"
#include "openssl/ec_key.h"
#include "openssl/evp.h"
#include "openssl/nid.h"
#include "openssl/pem.h"
#include "openssl/x509.h"

namespace ovoc::conformance {
namespace {

constexpr long kValidSeconds = 86400;  // long is the API's type

std::string Contents(BIO* bio) {
  const uint8_t* data = nullptr;
  size_t size = 0;
  if (BIO_mem_contents(bio, &data, &size) != 1) {
    return "";
  }
  return std::string(data, data + size);
}

bssl::UniquePtr<EVP_PKEY> MakeKey() {
  bssl::UniquePtr<EC_KEY> ec(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  if (ec == nullptr || key == nullptr || EC_KEY_generate_key(ec.get()) != 1 ||
      EVP_PKEY_set1_EC_KEY(key.get(), ec.get()) != 1) {
    return nullptr;
  }
  return key;
}

}  // namespace

ThrowawayCertificate MakeThrowawayCertificate() {
  const bssl::UniquePtr<EVP_PKEY> key = MakeKey();
  const bssl::UniquePtr<X509> x509(X509_new());
  const bssl::UniquePtr<BIO> certificate(BIO_new(BIO_s_mem()));
  const bssl::UniquePtr<BIO> private_key(BIO_new(BIO_s_mem()));
  if (key == nullptr || x509 == nullptr || certificate == nullptr ||
      private_key == nullptr) {
    return {};
  }
  static constexpr uint8_t kName[] = "ovoc.example.net";
  X509_NAME* const name = X509_get_subject_name(x509.get());
  if (X509_set_version(x509.get(), X509_VERSION_3) != 1 ||
      ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1) != 1 ||
      X509_gmtime_adj(X509_getm_notBefore(x509.get()), 0) == nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(x509.get()), kValidSeconds) ==
          nullptr ||
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kName,
                                 sizeof(kName) - 1, -1, 0) != 1 ||
      X509_set_issuer_name(x509.get(), name) != 1 ||
      X509_set_pubkey(x509.get(), key.get()) != 1 ||
      X509_sign(x509.get(), key.get(), EVP_sha256()) == 0 ||
      PEM_write_bio_X509(certificate.get(), x509.get()) != 1 ||
      PEM_write_bio_PrivateKey(private_key.get(), key.get(), nullptr, nullptr,
                               0, nullptr, nullptr) != 1) {
    return {};
  }
  return {Contents(certificate.get()), Contents(private_key.get())};
}

}  // namespace ovoc::conformance
