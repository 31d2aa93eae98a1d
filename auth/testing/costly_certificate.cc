// SPDX-License-Identifier: Apache-2.0
#include "auth/testing/costly_certificate.h"

#include <openssl/base.h>
#include <openssl/bn.h>
#include <openssl/digest.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {
namespace {

using std::string;

constexpr absl::string_view kEcdsaSha256 =  // AlgorithmIdentifier
    "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
const absl::string_view kRsaSha256(
    "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00", 15);

}  // namespace

string Tlv(int tag, absl::string_view value) {
  string out(1, static_cast<char>(tag));
  const size_t size = value.size();
  if (size > 0xffff) {
    out +=
        {'\x83', static_cast<char>(size >> 16), static_cast<char>(size >> 8)};
  } else if (size > 0xff) {
    out += {'\x82', static_cast<char>(size >> 8)};
  } else if (size > 0x7f) {
    out += '\x81';
  }
  out += static_cast<char>(size & 0xff);
  return absl::StrCat(out, value);
}

string Repeat(size_t count, absl::string_view text) {
  string all;
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&all, text);
  }
  return all;
}

// { commonName or another of 2.5.4, UTF8String }
string Attribute(absl::string_view text, char number) {
  return Tlv(0x30, absl::StrCat(Tlv(0x06, string("\x55\x04") + number),
                                Tlv(0x0c, text)));
}

string CommonName(absl::string_view text) {
  return Tlv(0x30, Tlv(0x31, Attribute(text)));
}

string Extension(int number, absl::string_view value) {
  const string identifier = {'\x55', '\x1d', static_cast<char>(number)};
  return Tlv(0x30, Tlv(0x06, identifier) + Tlv(0x04, value));
}

// The P-256 key whose private part is `number`.
bssl::UniquePtr<EVP_PKEY> P256Key(BN_ULONG number) {
  bssl::UniquePtr<EC_KEY> ec(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  bssl::UniquePtr<BIGNUM> secret(BN_new());
  const EC_GROUP* group = EC_KEY_get0_group(ec.get());
  bssl::UniquePtr<EC_POINT> point(EC_POINT_new(group));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  BN_set_word(secret.get(), number);
  EC_POINT_mul(group, point.get(), secret.get(), nullptr, nullptr, nullptr);
  EC_KEY_set_private_key(ec.get(), secret.get());
  EC_KEY_set_public_key(ec.get(), point.get());
  EVP_PKEY_set1_EC_KEY(key.get(), ec.get());
  return key;
}

string PublicKey(EVP_PKEY* key) {
  uint8_t* bytes = nullptr;
  const int size = i2d_PUBKEY(key, &bytes);
  const bssl::UniquePtr<uint8_t> owner(bytes);
  return string(bytes, bytes + size);
}

// A modulus of so many bits that nobody has the factors of, and the largest
// exponent that BoringSSL takes.
string RsaPublicKey(size_t bits, absl::string_view mark) {
  string modulus(bits / 8, '\x5b');
  modulus[0] = '\xc1';
  modulus.replace(1, mark.size(), mark.data(), mark.size());
  const string key = Tlv(0x30, Tlv(0x02, string(1, '\0') + modulus) +
                                   Tlv(0x02, "\x01\xff\xff\xff\xff"));
  const absl::string_view algorithm(
      "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15);
  return Tlv(0x30, absl::StrCat(algorithm, Tlv(0x03, string(1, '\0') + key)));
}

std::vector<uint8_t> MakeCertificate(const CertificateParts& parts) {
  const absl::string_view algorithm = parts.is_rsa ? kRsaSha256 : kEcdsaSha256;
  constexpr absl::string_view kTimes =
      "\x17\x0d"
      "200101000000Z\x18\x0f"
      "21200101000000Z";
  const string body = Tlv(
      0x30, absl::StrCat(Tlv(0xa0, "\x02\x01\x02"), "\x02\x01\x01", algorithm,
                         parts.issuer, Tlv(0x30, kTimes), parts.subject,
                         parts.key, Tlv(0xa3, Tlv(0x30, parts.extensions))));
  string signature = parts.signature;
  if (parts.signer != nullptr) {
    bssl::ScopedEVP_MD_CTX context;
    size_t size = 128;
    signature.resize(size);
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr,
                       parts.signer);
    EVP_DigestSign(context.get(), reinterpret_cast<uint8_t*>(&signature[0]),
                   &size, reinterpret_cast<const uint8_t*>(body.data()),
                   body.size());
    signature.resize(size);
  }
  const string der = Tlv(
      0x30,
      absl::StrCat(body, algorithm, Tlv(0x03, string(1, '\0') + signature)));
  return std::vector<uint8_t>(der.begin(), der.end());
}

string PemOf(const std::vector<uint8_t>& der) {
  string base64;
  absl::Base64Escape(string(der.begin(), der.end()), &base64);
  return absl::StrCat("-----BEGIN CERTIFICATE-----\n", base64,
                      "\n-----END CERTIFICATE-----\n");
}

}  // namespace ovoc::auth
