// SPDX-License-Identifier: Apache-2.0
#include "auth/testing/test_certificate.h"

#include <openssl/asn1.h>
#include <openssl/base.h>
#include <openssl/digest.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/obj.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

void SetCommonName(const std::string& text, X509_NAME* name) {
  if (!text.empty()) {
    EXPECT_EQ(X509_NAME_add_entry_by_txt(
                  name, "CN", MBSTRING_ASC,
                  reinterpret_cast<const uint8_t*>(text.data()),
                  static_cast<int>(text.size()), -1, 0),
              1);
  }
}

}  // namespace

bssl::UniquePtr<EVP_PKEY> MakeTestKey() {
  bssl::UniquePtr<EC_KEY> ec(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  EXPECT_EQ(EC_KEY_generate_key(ec.get()), 1);
  EXPECT_EQ(EVP_PKEY_set1_EC_KEY(key.get(), ec.get()), 1);
  return key;
}

bssl::UniquePtr<X509> MakeTestCertificate(const TestCertificateParts& parts) {
  bssl::UniquePtr<X509> made(X509_new());
  EXPECT_EQ(X509_set_version(made.get(), X509_VERSION_3), 1);
  EXPECT_EQ(ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1), 1);
  EXPECT_EQ(
      ASN1_TIME_set_string(X509_getm_notBefore(made.get()), "200101000000Z"),
      1);
  EXPECT_EQ(
      ASN1_TIME_set_string(X509_getm_notAfter(made.get()), "21200101000000Z"),
      1);
  SetCommonName(parts.subject, X509_get_subject_name(made.get()));
  SetCommonName(parts.issuer, X509_get_issuer_name(made.get()));
  EXPECT_EQ(X509_set_pubkey(made.get(), parts.key), 1);
  X509V3_CTX context;
  X509V3_set_ctx(&context, made.get(), made.get(), nullptr, nullptr, 0);
  for (const std::string& text : parts.extensions) {
    const std::pair<std::string, std::string> words =
        absl::StrSplit(text, absl::MaxSplits('=', 1));
    const bssl::UniquePtr<X509_EXTENSION> extension(
        X509V3_EXT_nconf_nid(nullptr, &context, OBJ_sn2nid(words.first.c_str()),
                             words.second.c_str()));
    EXPECT_NE(extension, nullptr) << text;
    EXPECT_EQ(X509_add_ext(made.get(), extension.get(), -1), 1) << text;
  }
  EXPECT_GT(X509_sign(made.get(), parts.issuer_key, EVP_sha256()), 0);
  // Read back: only what was parsed from DER has all that is cached of it.
  uint8_t* der = nullptr;
  const int size = i2d_X509(made.get(), &der);
  EXPECT_GT(size, 0);
  const uint8_t* position = der;
  bssl::UniquePtr<X509> read(d2i_X509(nullptr, &position, size));
  OPENSSL_free(der);
  EXPECT_NE(read, nullptr);
  return read;
}

}  // namespace ovoc::auth
