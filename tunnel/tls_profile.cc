// SPDX-License-Identifier: Apache-2.0
#include "tunnel/tls_profile.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {
namespace {

// No 3DES (a 64-bit block) and no pre-shared keys; the rest of BoringSSL's list
// stays, for old servers. TLS 1.3 suites are not chosen by this.
constexpr char kCompatibleSuites[] = "ALL:!3DES:!PSK";

// SP 800-52 rev. 2, 3.3.1.1: forward secrecy and an AEAD.
constexpr char kApprovedSuites[] =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";

constexpr std::array<int, 2> kApprovedGroups = {NID_X9_62_prime256v1,
                                                NID_secp384r1};

// No SHA-1, no Ed25519 (SP 800-52 rev. 2, 3.2.1).
constexpr std::array<uint16_t, 8> kApprovedSignatures = {
    SSL_SIGN_ECDSA_SECP256R1_SHA256, SSL_SIGN_ECDSA_SECP384R1_SHA384,
    SSL_SIGN_RSA_PSS_RSAE_SHA256,    SSL_SIGN_RSA_PSS_RSAE_SHA384,
    SSL_SIGN_RSA_PSS_RSAE_SHA512,    SSL_SIGN_RSA_PKCS1_SHA256,
    SSL_SIGN_RSA_PKCS1_SHA384,       SSL_SIGN_RSA_PKCS1_SHA512};

bool RestrictToApproved(SSL_CTX* context) {
  return SSL_CTX_set1_curves(context, kApprovedGroups.data(),
                             kApprovedGroups.size()) != 0 &&
         SSL_CTX_set_verify_algorithm_prefs(context, kApprovedSignatures.data(),
                                            kApprovedSignatures.size()) != 0;
}

}  // namespace

absl::Status ConfigureTls(TlsProfile profile, SSL_CTX* context) {
  const bool approved = profile == TlsProfile::kApproved;
  if (!SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
      !SSL_CTX_set_strict_cipher_list(
          context, approved ? kApprovedSuites : kCompatibleSuites) ||
      (approved && !RestrictToApproved(context))) {
    return absl::InternalError("TLS could not be set up");
  }
  return absl::OkStatus();
}

absl::Status CheckNegotiated(TlsProfile profile, const SSL* ssl) {
  if (profile == TlsProfile::kCompatible) {
    return absl::OkStatus();
  }
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(ssl);
  const int nid = cipher == nullptr ? 0 : SSL_CIPHER_get_cipher_nid(cipher);
  if (nid == NID_aes_128_gcm || nid == NID_aes_256_gcm) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "TLS cipher suite: found ",
      cipher == nullptr ? "none" : SSL_CIPHER_standard_name(cipher),
      ", allowed AES-GCM suites (this is a certified build)"));
}

}  // namespace ovoc::tunnel
