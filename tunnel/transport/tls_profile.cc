// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/tls_profile.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "openssl/aead.h"
#include "openssl/nid.h"

namespace ovoc::tunnel {
namespace {

// No 3DES (a 64-bit block) and no pre-shared keys; the rest of BoringSSL's list
// stays, for old servers. TLS 1.3 suites are not chosen by this.
constexpr char kCompatibleSuites[] = "ALL:!3DES:!PSK";

// Those suites of SP 800-52 rev. 2, 3.3.1.1, that have forward secrecy and
// AES-GCM. By 4.3.1 a client may have the same suites as a server.
constexpr char kApprovedSuites[] =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";

// In the order of our preference. A library without the hybrid group has no
// SSL_CTX_set1_group_ids either.
#ifdef SSL_GROUP_X25519_MLKEM768
constexpr std::array<uint16_t, 4> kCompatibleGroups = {
    SSL_GROUP_X25519_MLKEM768, SSL_GROUP_X25519, SSL_GROUP_SECP256R1,
    SSL_GROUP_SECP384R1};
constexpr std::array<uint16_t, 3> kApprovedGroups = {
    SSL_GROUP_X25519_MLKEM768, SSL_GROUP_SECP256R1, SSL_GROUP_SECP384R1};
constexpr char kApprovedGroupNames[] = "X25519MLKEM768, P-256 or P-384";

bool SetGroups(SSL_CTX* context, absl::Span<const uint16_t> groups) {
  return SSL_CTX_set1_group_ids(context, groups.data(), groups.size()) != 0;
}

bool IsApprovedHybrid(uint16_t group) {
  return group == SSL_GROUP_X25519_MLKEM768;
}
#else
constexpr std::array<int, 3> kCompatibleGroups = {
    NID_X25519, NID_X9_62_prime256v1, NID_secp384r1};
constexpr std::array<int, 2> kApprovedGroups = {NID_X9_62_prime256v1,
                                                NID_secp384r1};
constexpr char kApprovedGroupNames[] = "P-256 or P-384";

bool SetGroups(SSL_CTX* context, absl::Span<const int> groups) {
  return SSL_CTX_set1_curves(context, groups.data(), groups.size()) != 0;
}

bool IsApprovedHybrid(uint16_t) { return false; }
#endif

// SP 800-52 rev. 2, 3.2 and 3.2.1, asks for certificates with RSA or ECDSA keys
// that are signed with SHA-256 or better. Here the same holds for the
// handshake. The DSA keys that it also allows are unknown to BoringSSL's TLS.
constexpr std::array<uint16_t, 8> kApprovedSignatures = {
    SSL_SIGN_ECDSA_SECP256R1_SHA256, SSL_SIGN_ECDSA_SECP384R1_SHA384,
    SSL_SIGN_RSA_PSS_RSAE_SHA256,    SSL_SIGN_RSA_PSS_RSAE_SHA384,
    SSL_SIGN_RSA_PSS_RSAE_SHA512,    SSL_SIGN_RSA_PKCS1_SHA256,
    SSL_SIGN_RSA_PKCS1_SHA384,       SSL_SIGN_RSA_PKCS1_SHA512};

bool RestrictToApproved(SSL_CTX* context) {
  const bool no_tls13 = EVP_has_aes_hardware() == 0;
  return SSL_CTX_set_strict_cipher_list(context, kApprovedSuites) != 0 &&
         SetGroups(context, kApprovedGroups) &&
         SSL_CTX_set_verify_algorithm_prefs(context, kApprovedSignatures.data(),
                                            kApprovedSignatures.size()) != 0 &&
         SSL_CTX_set_signing_algorithm_prefs(context,
                                             kApprovedSignatures.data(),
                                             kApprovedSignatures.size()) != 0 &&
         SSL_CTX_set_max_proto_version(
             context, no_tls13 ? TLS1_2_VERSION : TLS1_3_VERSION) != 0;
}

absl::Status Refuse(absl::string_view what, absl::string_view chosen,
                    absl::string_view allowed) {
  return absl::UnavailableError(
      absl::StrCat(what, ": ", chosen,
                   " is not allowed in a certified build; let the server "
                   "choose ",
                   allowed));
}

bool IsApproved(const SSL_CIPHER& suite) {
  const int key_exchange = SSL_CIPHER_get_kx_nid(&suite);
  const int encryption = SSL_CIPHER_get_cipher_nid(&suite);
  return (encryption == NID_aes_128_gcm || encryption == NID_aes_256_gcm) &&
         (key_exchange == NID_kx_ecdhe ||
          key_exchange == NID_kx_any);  // TLS 1.3; the group is checked
}

}  // namespace

absl::Status ConfigureTls(TlsProfile profile, SSL_CTX* context) {
  bool done = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 0;
  switch (profile) {
    case TlsProfile::kCompatible:
      done = done &&
             SSL_CTX_set_strict_cipher_list(context, kCompatibleSuites) != 0 &&
             SetGroups(context, kCompatibleGroups);
      break;
    case TlsProfile::kApproved:
      done = done && RestrictToApproved(context);
      break;
  }
  return done ? absl::OkStatus()
              : absl::InternalError("TLS could not be set up");
}

absl::Status CheckSuite(TlsProfile profile, const SSL_CIPHER* suite) {
  if (profile == TlsProfile::kCompatible ||
      (suite != nullptr && IsApproved(*suite))) {
    return absl::OkStatus();
  }
  return Refuse(
      "TLS cipher suite",
      suite == nullptr ? "an unknown suite" : SSL_CIPHER_standard_name(suite),
      "ECDHE with AES-GCM");
}

absl::Status CheckNegotiated(TlsProfile profile, const SSL* ssl) {
  if (profile == TlsProfile::kCompatible) {
    return absl::OkStatus();
  }
  const absl::Status suite = CheckSuite(profile, SSL_get_current_cipher(ssl));
  if (!suite.ok()) {
    return suite;
  }
  if (SSL_version(ssl) < TLS1_2_VERSION) {
    return Refuse("TLS version", SSL_get_version(ssl), "TLSv1.2 or TLSv1.3");
  }
  const uint16_t group = SSL_get_curve_id(ssl);
  if (group == SSL_CURVE_SECP256R1 || group == SSL_CURVE_SECP384R1 ||
      IsApprovedHybrid(group)) {
    return absl::OkStatus();
  }
  const absl::string_view name = GroupName(ssl);
  return Refuse("TLS group", name.empty() ? "an unknown group" : name,
                kApprovedGroupNames);
}

absl::string_view GroupName(const SSL* ssl) {
  const char* const name = SSL_get_curve_name(SSL_get_curve_id(ssl));
  return name == nullptr ? "" : name;
}

}  // namespace ovoc::tunnel
