// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_facts.h"

#include <openssl/base.h>
#include <openssl/bn.h>
#include <openssl/bytestring.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/canonical_name.h"
#include "auth/certificate_strength.h"
#include "auth/certificate_summary.h"
#include "auth/extension_facts.h"

namespace ovoc::auth {
namespace {

constexpr unsigned kVersionTag =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 0;
constexpr unsigned kIssuerUniqueTag = CBS_ASN1_CONTEXT_SPECIFIC | 1;
constexpr unsigned kSubjectUniqueTag = CBS_ASN1_CONTEXT_SPECIFIC | 2;
constexpr unsigned kExtensionsTag =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 3;

constexpr uint64_t kEd25519Work = 150'000;
constexpr uint64_t kP256Work = 150'000;
// Of a larger curve, for which BoringSSL has no assembly.
constexpr uint64_t kLargeCurveWork = 1'500'000;

std::vector<uint8_t> Encode(X509& certificate) {
  uint8_t* bytes = nullptr;
  const int size = i2d_X509(&certificate, &bytes);
  const bssl::UniquePtr<uint8_t> owner(bytes);
  return size < 0 ? std::vector<uint8_t>()
                  : std::vector<uint8_t>(bytes, bytes + size);
}

bool ReadVersion(CBS* body, int* version) {
  CBS inside;
  int is_there = 0;
  uint64_t number = 0;
  if (CBS_get_optional_asn1(body, &inside, &is_there, kVersionTag) != 1) {
    return false;
  }
  if (is_there != 0 && (CBS_get_asn1_uint64(&inside, &number) != 1 ||
                        CBS_len(&inside) != 0 || number > 2)) {
    return false;
  }
  *version = static_cast<int>(number) + 1;
  return true;
}

// TBSCertificate (RFC 5280 4.1) up to its extensions, which are left in
// `extensions`.
bool ReadBody(CBS body, CertificateFacts* facts, CBS* extensions) {
  CBS_init(extensions, nullptr, 0);
  int has_extensions = 0;
  return ReadVersion(&body, &facts->version) &&
         CBS_get_asn1(&body, &facts->serial, CBS_ASN1_INTEGER) == 1 &&
         CBS_get_asn1(&body, nullptr, CBS_ASN1_SEQUENCE) == 1 &&
         CBS_get_asn1_element(&body, &facts->issuer, CBS_ASN1_SEQUENCE) == 1 &&
         CBS_get_asn1(&body, nullptr, CBS_ASN1_SEQUENCE) == 1 &&
         CBS_get_asn1_element(&body, &facts->subject, CBS_ASN1_SEQUENCE) == 1 &&
         CBS_get_asn1(&body, nullptr, CBS_ASN1_SEQUENCE) == 1 &&
         CBS_get_optional_asn1(&body, nullptr, nullptr, kIssuerUniqueTag) ==
             1 &&
         CBS_get_optional_asn1(&body, nullptr, nullptr, kSubjectUniqueTag) ==
             1 &&
         CBS_get_optional_asn1(&body, extensions, &has_extensions,
                               kExtensionsTag) == 1 &&
         (has_extensions == 0 || CBS_len(extensions) != 0) &&
         CBS_len(&body) == 0;
}

bool ReadDer(CertificateFacts* facts) {
  CBS whole;
  CBS outer;
  CBS body;
  CBS extensions;
  CBS_init(&whole, facts->der.data(), facts->der.size());
  if (CBS_get_asn1(&whole, &outer, CBS_ASN1_SEQUENCE) != 1 ||
      CBS_get_asn1(&outer, &body, CBS_ASN1_SEQUENCE) != 1 ||
      !ReadBody(body, facts, &extensions)) {
    return false;
  }
  std::optional<std::string> issuer = CanonicalName(facts->issuer);
  std::optional<std::string> subject = CanonicalName(facts->subject);
  std::optional<ExtensionFacts> read = ReadExtensions(extensions);
  if (!issuer.has_value() || !subject.has_value() || !read.has_value()) {
    return false;
  }
  facts->canonical_issuer = *std::move(issuer);
  facts->canonical_subject = *std::move(subject);
  facts->extensions = *std::move(read);
  return true;
}

bool Equal(const CBS& a, const CBS& b) {
  return CBS_mem_equal(&a, CBS_data(&b), CBS_len(&b)) == 1;
}

// Whether what `subject` says of its issuer's key does not speak against
// `issuer`.
bool KeyFits(const CertificateFacts& issuer, const CertificateFacts& subject) {
  const ExtensionFacts& said = subject.extensions;
  const std::optional<CBS>& key = issuer.extensions.subject_key;
  if (said.authority_key.has_value() && key.has_value() &&
      !Equal(*said.authority_key, *key)) {
    return false;
  }
  if (said.authority_serial.has_value() &&
      !Equal(*said.authority_serial, issuer.serial)) {
    return false;
  }
  return !said.authority_issuer.has_value() ||
         *said.authority_issuer == issuer.canonical_issuer;
}

uint64_t SignatureWork(const EVP_PKEY* key) {
  if (key == nullptr) {
    return 0;
  }
  switch (EVP_PKEY_id(key)) {
    case EVP_PKEY_RSA: {
      const RSA* rsa = EVP_PKEY_get0_RSA(key);
      return RsaWork(RSA_bits(rsa), BN_num_bits(RSA_get0_e(rsa)));
    }
    case EVP_PKEY_ED25519:
      return kEd25519Work;
    case EVP_PKEY_EC:
      return EVP_PKEY_bits(key) <= 256 ? kP256Work : kLargeCurveWork;
    default:  // not an enum: the set of key types is open
      return kLargeCurveWork;
  }
}

}  // namespace

CertificateFacts ReadFacts(X509& certificate) {
  CertificateFacts facts;
  facts.certificate = bssl::UpRef(&certificate);
  facts.der = Encode(certificate);
  facts.is_readable = ReadDer(&facts);
  facts.validity = ReadValidity(certificate);
  facts.is_self_issued =
      facts.is_readable && facts.canonical_issuer == facts.canonical_subject;
  facts.is_self_signed = facts.is_self_issued && MayHaveIssued(facts, facts);
  facts.key.reset(X509_get_pubkey(&certificate));
  facts.signature_work = SignatureWork(facts.key.get());
  facts.weak_key = FindWeakKey(certificate);
  facts.weak_signature = FindWeakSignature(certificate);
  return facts;
}

bool MayHaveIssued(const CertificateFacts& issuer,
                   const CertificateFacts& subject) {
  return issuer.is_readable && subject.is_readable &&
         issuer.canonical_subject == subject.canonical_issuer &&
         KeyFits(issuer, subject) &&
         issuer.extensions.Allows(ExtensionFacts::kKeyCertSign);
}

}  // namespace ovoc::auth
