// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_strength.h"

#include <openssl/asn1.h>
#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/obj.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::auth {
namespace {

constexpr absl::string_view kAllowedKeys =
    "; allowed: RSA of 2048 bits or more (8192 at most), P-256, P-384, Ed25519";
constexpr absl::string_view kAllowedSignatures =
    "; allowed: RSA, RSA-PSS or ECDSA with SHA-256, SHA-384 or SHA-512, "
    "Ed25519";

// An object identifier by its short name, else in numbers.
std::string Describe(const ASN1_OBJECT* object) {
  const int nid = OBJ_obj2nid(object);
  if (nid != NID_undef) {
    return OBJ_nid2sn(nid);
  }
  char text[80];  // longer ones are cut
  if (OBJ_obj2txt(text, sizeof(text), object, /*always_return_oid=*/1) <= 0) {
    return "(unreadable)";
  }
  return text;
}

std::string DescribeNid(int nid) {
  const char* name = OBJ_nid2sn(nid);
  return name == nullptr ? "(unknown)" : name;
}

// The bits of the modulus in an RSAPublicKey (RFC 8017 A.1.1); nothing when
// `der` is none.
std::optional<size_t> ModulusBits(CBS der) {
  CBS inside;
  CBS modulus;
  if (CBS_get_asn1(&der, &inside, CBS_ASN1_SEQUENCE) != 1 ||
      CBS_get_asn1(&inside, &modulus, CBS_ASN1_INTEGER) != 1 ||
      CBS_is_unsigned_asn1_integer(&modulus) != 1) {
    return std::nullopt;
  }
  while (CBS_len(&modulus) != 0 && CBS_data(&modulus)[0] == 0) {
    CBS_skip(&modulus, 1);
  }
  size_t bits = CBS_len(&modulus) * 8;
  for (unsigned top = 0x80;
       bits != 0 && top != 0 && (CBS_data(&modulus)[0] & top) == 0; top >>= 1) {
    --bits;
  }
  return bits;
}

// The algorithm of a key that BoringSSL does not read, with its curve if any.
std::string DescribeUnreadableKey(const X509& certificate) {
  ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR* identifier = nullptr;
  const uint8_t* key = nullptr;
  int key_size = 0;
  if (X509_PUBKEY_get0_param(&algorithm, &key, &key_size, &identifier,
                             X509_get_X509_PUBKEY(&certificate)) != 1) {
    return "its key cannot be read";
  }
  if (OBJ_obj2nid(algorithm) == NID_rsaEncryption && key_size > 0) {
    CBS der;
    CBS_init(&der, key, static_cast<size_t>(key_size));
    if (const std::optional<size_t> bits = ModulusBits(der)) {
      return absl::StrCat("RSA key of ", *bits, " bits, or a broken RSA key");
    }
  }
  std::string text = absl::StrCat("unsupported key ", Describe(algorithm));
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, identifier);
  if (type == V_ASN1_OBJECT) {
    absl::StrAppend(&text, " on ",
                    Describe(static_cast<const ASN1_OBJECT*>(value)));
  }
  return text;
}

std::optional<std::string> FindWeakCurve(const EVP_PKEY& key) {
  const EC_KEY* ec_key = EVP_PKEY_get0_EC_KEY(&key);
  const int curve = EC_GROUP_get_curve_name(EC_KEY_get0_group(ec_key));
  if (curve == NID_X9_62_prime256v1 || curve == NID_secp384r1) {
    return std::nullopt;
  }
  return absl::StrCat("EC key on ", DescribeNid(curve), kAllowedKeys);
}

int HashOf(const X509_ALGOR* identifier) {
  if (identifier == nullptr) {
    return NID_sha1;  // the default of RFC 4055 3.1
  }
  const ASN1_OBJECT* hash = nullptr;
  X509_ALGOR_get0(&hash, nullptr, nullptr, identifier);
  return OBJ_obj2nid(hash);
}

// The hash of the mask generation function, which has to be MGF1.
int MaskHashOf(const X509_ALGOR* identifier) {
  if (identifier == nullptr) {
    return NID_sha1;
  }
  const ASN1_OBJECT* function = nullptr;
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(&function, &type, &value, identifier);
  if (OBJ_obj2nid(function) != NID_mgf1 || type != V_ASN1_SEQUENCE) {
    return NID_undef;
  }
  const ASN1_STRING* sequence = static_cast<const ASN1_STRING*>(value);
  const uint8_t* position = ASN1_STRING_get0_data(sequence);
  const bssl::UniquePtr<X509_ALGOR> hash(
      d2i_X509_ALGOR(nullptr, &position, ASN1_STRING_length(sequence)));
  return hash == nullptr ? NID_undef : HashOf(hash.get());
}

long SaltBytes(const RSA_PSS_PARAMS& parameters) {
  return parameters.saltLength == nullptr
             ? 20  // the default of RFC 4055 3.1
             : ASN1_INTEGER_get(parameters.saltLength);
}

// What is wrong with the parameters of an RSA-PSS signature (RFC 4055 3.1).
std::optional<std::string> FindWeakPss(const X509_ALGOR& identifier) {
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, &identifier);
  if (type != V_ASN1_SEQUENCE) {
    return "signed with RSA-PSS without parameters";
  }
  const ASN1_STRING* sequence = static_cast<const ASN1_STRING*>(value);
  const uint8_t* position = ASN1_STRING_get0_data(sequence);
  const bssl::UniquePtr<RSA_PSS_PARAMS> parameters(
      d2i_RSA_PSS_PARAMS(nullptr, &position, ASN1_STRING_length(sequence)));
  if (parameters == nullptr) {
    return "signed with RSA-PSS with broken parameters";
  }
  const int hash = HashOf(parameters->hashAlgorithm);
  const long size = hash == NID_sha256   ? 32
                    : hash == NID_sha384 ? 48
                    : hash == NID_sha512 ? 64
                                         : 0;
  if (size == 0) {
    return absl::StrCat("signed with RSA-PSS and ", DescribeNid(hash));
  }
  if (MaskHashOf(parameters->maskGenAlgorithm) != hash ||
      SaltBytes(*parameters) != size) {
    return absl::StrCat("signed with RSA-PSS and ", DescribeNid(hash),
                        ", but the mask or the salt does not match that hash");
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> FindWeakKey(X509& certificate) {
  const bssl::UniquePtr<EVP_PKEY> key(X509_get_pubkey(&certificate));
  if (key == nullptr) {
    return absl::StrCat(DescribeUnreadableKey(certificate), kAllowedKeys);
  }
  switch (EVP_PKEY_id(key.get())) {
    case EVP_PKEY_RSA: {
      const int bits = EVP_PKEY_bits(key.get());
      if (bits >= kMinRsaBits && bits <= kMaxRsaBits) {
        return std::nullopt;
      }
      return absl::StrCat("RSA key of ", bits, " bits", kAllowedKeys);
    }
    case EVP_PKEY_EC:
      return FindWeakCurve(*key);
    case EVP_PKEY_ED25519:
      return std::nullopt;
    default:  // not an enum: the set of key types is open
      return absl::StrCat(DescribeNid(EVP_PKEY_id(key.get())), " key",
                          kAllowedKeys);
  }
}

std::optional<std::string> FindWeakSignature(const X509& certificate) {
  const X509_ALGOR* identifier = nullptr;
  X509_get0_signature(nullptr, &identifier, &certificate);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, identifier);
  switch (OBJ_obj2nid(algorithm)) {
    case NID_sha256WithRSAEncryption:
    case NID_sha384WithRSAEncryption:
    case NID_sha512WithRSAEncryption:
    case NID_ecdsa_with_SHA256:
    case NID_ecdsa_with_SHA384:
    case NID_ecdsa_with_SHA512:
    case NID_ED25519:
      return std::nullopt;
    case NID_rsassaPss: {
      std::optional<std::string> weak = FindWeakPss(*identifier);
      if (weak.has_value()) {
        absl::StrAppend(&*weak, kAllowedSignatures);
      }
      return weak;
    }
    default:  // not an enum: the set of algorithms is open
      return absl::StrCat("signed with ", Describe(algorithm),
                          kAllowedSignatures);
  }
}

}  // namespace ovoc::auth
