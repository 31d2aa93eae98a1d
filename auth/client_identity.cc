// SPDX-License-Identifier: Apache-2.0
#include "auth/client_identity.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "auth/binary_form.h"
#include "auth/pem_certificates.h"

namespace ovoc::auth {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

// KeyBlocks: the private keys of a text, as their markers tell.
struct KeyBlocks {
  int begins = 0;
  int ends = 0;
  bool encrypted = false;
};

KeyBlocks CountKeys(absl::string_view pem) {
  KeyBlocks blocks;
  for (absl::string_view line : absl::StrSplit(pem, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    // RFC 1421 4.6.1.1, which OpenSSL's older forms use.
    if (absl::StartsWith(line, "Proc-Type:") &&
        absl::StrContains(line, "ENCRYPTED")) {
      blocks.encrypted = true;
    }
    if (!absl::ConsumeSuffix(&line, "PRIVATE KEY-----")) {
      continue;
    }
    blocks.begins += absl::StartsWith(line, "-----BEGIN ") ? 1 : 0;
    blocks.ends += absl::StartsWith(line, "-----END ") ? 1 : 0;
    blocks.encrypted |= absl::StrContains(line, "ENCRYPTED");
  }
  return blocks;
}

absl::Status Broken(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("private key: ", what));
}

// No key is read with a password: BoringSSL would ask for one at the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

bool IsKeyOf(X509* certificate, const EVP_PKEY* key) {
  const bssl::UniquePtr<EVP_PKEY> own(X509_get_pubkey(certificate));
  return own != nullptr && EVP_PKEY_cmp(own.get(), key) == 1;
}

}  // namespace

absl::StatusOr<std::vector<bssl::UniquePtr<X509>>> ReadClientChain(
    absl::string_view pem) {
  return ReadPemCertificates(pem,
                             {.what = "client certificate",
                              .max_bytes = kMaxClientChainBytes,
                              .max_certificates = kMaxClientChainCertificates});
}

absl::StatusOr<bssl::UniquePtr<EVP_PKEY>> ReadPrivateKey(
    absl::string_view pem) {
  if (pem.size() > kMaxPrivateKeyBytes) {
    return Broken(absl::StrCat("it has ", pem.size(), " bytes, but at most ",
                               kMaxPrivateKeyBytes,
                               " are allowed; keep only the key in the file"));
  }
  absl::ConsumePrefix(&pem, kByteOrderMark);
  const KeyBlocks blocks = CountKeys(pem);
  if (blocks.begins == 0) {
    const absl::string_view convert = HowToConvert(BinaryFormOf(pem));
    return Broken(convert.empty() ? "it has no BEGIN PRIVATE KEY line; give a "
                                    "key in PEM (RFC 7468)"
                                  : convert);
  }
  if (blocks.begins > 1) {
    return Broken(absl::StrCat(
        blocks.begins, " keys were found; leave only the client's own"));
  }
  if (blocks.ends != 1) {
    return Broken("it has no END PRIVATE KEY line; copy the whole key again");
  }
  if (blocks.encrypted) {
    return Broken(
        "it is encrypted; remove its password with 'openssl pkey -in FILE -out "
        "NEW', and chmod 600 the result");
  }
  const bssl::UniquePtr<BIO> text(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  bssl::UniquePtr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(text.get(), nullptr, NoPassword, nullptr));
  ERR_clear_error();
  if (key == nullptr) {
    return Broken(
        "its block cannot be read; it must be valid base64 and hold an RSA, "
        "ECDSA or Ed25519 key");
  }
  return key;
}

absl::Status CheckPair(const std::vector<bssl::UniquePtr<X509>>& chain,
                       const EVP_PKEY* key) {
  for (size_t i = 0; i < chain.size(); ++i) {
    if (!IsKeyOf(chain[i].get(), key)) {
      continue;
    }
    ERR_clear_error();
    return i == 0 ? absl::OkStatus()
                  : absl::InvalidArgumentError(absl::StrCat(
                        "the private key belongs to certificate ", i + 1,
                        "; move that certificate to the top of the file"));
  }
  ERR_clear_error();
  return absl::InvalidArgumentError(
      "the private key does not belong to the first certificate; use the key "
      "that was made for it, or put the key's own certificate first");
}

}  // namespace ovoc::auth
