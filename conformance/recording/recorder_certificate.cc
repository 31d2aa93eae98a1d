// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recorder_certificate.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "auth/peer_name.h"
#include "openssl/asn1.h"
#include "openssl/bio.h"
#include "openssl/digest.h"
#include "openssl/ec.h"
#include "openssl/ec_key.h"
#include "openssl/evp.h"
#include "openssl/nid.h"
#include "openssl/pem.h"
#include "openssl/rand.h"
#include "openssl/x509.h"
#include "openssl/x509v3.h"

namespace ovoc::conformance {
namespace {

// long is the API's type.
constexpr long kBackdatedSeconds = -3600;  // devices' clocks run late
constexpr long kValidSeconds = 30L * 86400;
constexpr size_t kSerialBytes = 16;  // RFC 5280 4.1.2.2: at most 20, positive

using Key = bssl::UniquePtr<EVP_PKEY>;
using Certificate = bssl::UniquePtr<X509>;

std::string Contents(BIO* bio) {
  const uint8_t* data = nullptr;
  size_t size = 0;
  return BIO_mem_contents(bio, &data, &size) == 1
             ? std::string(data, data + size)
             : "";
}

Key MakeKey() {
  const bssl::UniquePtr<EC_KEY> ec(
      EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  Key key(EVP_PKEY_new());
  if (ec == nullptr || key == nullptr || EC_KEY_generate_key(ec.get()) != 1 ||
      EVP_PKEY_set1_EC_KEY(key.get(), ec.get()) != 1) {
    return nullptr;
  }
  return key;
}

bool SetSerial(X509* x509) {
  uint8_t bytes[kSerialBytes];
  RAND_bytes(bytes, sizeof(bytes));
  bytes[0] = static_cast<uint8_t>((bytes[0] & 0x3F) | 0x40);
  const bssl::UniquePtr<BIGNUM> number(
      BN_bin2bn(bytes, sizeof(bytes), nullptr));
  return number != nullptr &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)) !=
             nullptr;
}

bool AddExtension(X509* x509, X509* issuer, int nid, absl::string_view value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
  const bssl::UniquePtr<X509_EXTENSION> extension(
      X509V3_EXT_nconf_nid(nullptr, &context, nid, std::string(value).c_str()));
  return extension != nullptr && X509_add_ext(x509, extension.get(), -1) == 1;
}

// All but extensions and signature.
Certificate Begin(absl::string_view name, EVP_PKEY* key) {
  Certificate x509(X509_new());
  if (x509 == nullptr || X509_set_version(x509.get(), X509_VERSION_3) != 1 ||
      !SetSerial(x509.get()) ||
      X509_gmtime_adj(X509_getm_notBefore(x509.get()), kBackdatedSeconds) ==
          nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(x509.get()), kValidSeconds) ==
          nullptr ||
      X509_NAME_add_entry_by_txt(X509_get_subject_name(x509.get()), "CN",
                                 MBSTRING_ASC,
                                 reinterpret_cast<const uint8_t*>(name.data()),
                                 static_cast<int>(name.size()), -1, 0) != 1 ||
      X509_set_pubkey(x509.get(), key) != 1) {
    return nullptr;
  }
  return x509;
}

Certificate MakeRoot(EVP_PKEY* key) {
  Certificate root = Begin("Throw-away root of the recorder", key);
  if (root == nullptr ||
      X509_set_issuer_name(root.get(), X509_get_subject_name(root.get())) !=
          1 ||
      !AddExtension(root.get(), root.get(), NID_basic_constraints,
                    "critical,CA:TRUE") ||
      !AddExtension(root.get(), root.get(), NID_key_usage,
                    "critical,keyCertSign,cRLSign") ||
      !AddExtension(root.get(), root.get(), NID_subject_key_identifier,
                    "hash") ||
      X509_sign(root.get(), key, EVP_sha256()) == 0) {
    return nullptr;
  }
  return root;
}

Certificate MakeLeaf(X509* root, EVP_PKEY* root_key, EVP_PKEY* key,
                     absl::string_view names) {
  Certificate leaf = Begin("recorder", key);
  if (leaf == nullptr ||
      X509_set_issuer_name(leaf.get(), X509_get_subject_name(root)) != 1 ||
      !AddExtension(leaf.get(), root, NID_basic_constraints,
                    "critical,CA:FALSE") ||
      !AddExtension(leaf.get(), root, NID_key_usage,
                    "critical,digitalSignature") ||
      !AddExtension(leaf.get(), root, NID_ext_key_usage, "serverAuth") ||
      !AddExtension(leaf.get(), root, NID_subject_key_identifier, "hash") ||
      !AddExtension(leaf.get(), root, NID_authority_key_identifier, "keyid") ||
      !AddExtension(leaf.get(), root, NID_subject_alt_name, names) ||
      X509_sign(leaf.get(), root_key, EVP_sha256()) == 0) {
    return nullptr;
  }
  return leaf;
}

std::string Pem(X509* x509) {
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  return bio != nullptr && PEM_write_bio_X509(bio.get(), x509) == 1
             ? Contents(bio.get())
             : "";
}

std::string Pem(EVP_PKEY* key) {
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  return bio != nullptr &&
                 PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0,
                                          nullptr, nullptr) == 1
             ? Contents(bio.get())
             : "";
}

// In the form of OpenSSL's configuration. A name that PeerName takes has
// nothing in it that has a meaning there.
absl::StatusOr<std::string> AlternativeNames(
    const std::vector<std::string>& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) {
    const absl::StatusOr<auth::PeerName> parsed = auth::PeerName::Parse(name);
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", name, "\" is neither a host name nor an IP address"));
    }
    const bool address = parsed->kind() == auth::PeerName::Kind::kIpAddress;
    parts.push_back(absl::StrCat(address ? "IP:" : "DNS:", parsed->text()));
  }
  if (parts.empty()) {
    return absl::InvalidArgumentError(
        "a certificate needs a name or an address");
  }
  return absl::StrJoin(parts, ",");
}

}  // namespace

absl::StatusOr<RecorderCertificate> MakeRecorderCertificate(
    const std::vector<std::string>& names) {
  const absl::StatusOr<std::string> alternative = AlternativeNames(names);
  if (!alternative.ok()) {
    return alternative.status();
  }
  const Key root_key = MakeKey();
  const Key key = MakeKey();
  if (root_key == nullptr || key == nullptr) {
    return absl::InternalError("could not make a key");
  }
  const Certificate root = MakeRoot(root_key.get());
  if (root == nullptr) {
    return absl::InternalError("could not make a root certificate");
  }
  const Certificate leaf =
      MakeLeaf(root.get(), root_key.get(), key.get(), *alternative);
  if (leaf == nullptr) {
    return absl::InternalError("could not make a certificate");
  }
  return RecorderCertificate{Pem(root.get()), Pem(leaf.get()), Pem(key.get())};
}

}  // namespace ovoc::conformance
