// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/tls_profile.h"

#include <array>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/transport/testing/test_identity.h"

namespace ovoc::tunnel {
namespace {

ssl_verify_result_t TakeAny(SSL*, uint8_t*) { return ssl_verify_ok; }

// What a client of `profile` and a server came to.
struct Outcome {
  bool connected = false;
  std::string suite;
  uint16_t group = 0;
  absl::Status negotiated;
};

class TlsProfileTest : public testing::Test {
 protected:
  TlsProfileTest()
      : server_(TestIdentity::Root("test root")
                    .Issue("DNS:ovoc.example")
                    .ServerContext()) {}

  Outcome Handshake(TlsProfile profile) { return Handshake(profile, profile); }

  // One handshake over a pair of memory BIOs, of a client that is set up with
  // one profile and checked against another.
  Outcome Handshake(TlsProfile profile, TlsProfile checked) {
    const bssl::UniquePtr<SSL_CTX> context(SSL_CTX_new(TLS_method()));
    EXPECT_TRUE(ConfigureTls(profile, context.get()).ok());
    SSL_CTX_set_custom_verify(context.get(), SSL_VERIFY_PEER, TakeAny);
    const bssl::UniquePtr<SSL> client(SSL_new(context.get()));
    const bssl::UniquePtr<SSL> server(SSL_new(server_.get()));
    BIO* client_bio = nullptr;
    BIO* server_bio = nullptr;
    EXPECT_TRUE(BIO_new_bio_pair(&client_bio, 0, &server_bio, 0));
    SSL_set_bio(client.get(), client_bio, client_bio);
    SSL_set_bio(server.get(), server_bio, server_bio);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
    Outcome outcome;
    for (int round = 0; round < 8; ++round) {
      outcome.connected = SSL_do_handshake(client.get()) == 1;
      SSL_do_handshake(server.get());
    }
    if (outcome.connected) {
      outcome.suite =
          SSL_CIPHER_standard_name(SSL_get_current_cipher(client.get()));
      outcome.group = SSL_get_curve_id(client.get());
      outcome.negotiated = CheckNegotiated(checked, client.get());
    }
    return outcome;
  }

  void Tls12(const char* suites) {
    ASSERT_TRUE(SSL_CTX_set_max_proto_version(server_.get(), TLS1_2_VERSION));
    ASSERT_TRUE(SSL_CTX_set_strict_cipher_list(server_.get(), suites));
  }

  const bssl::UniquePtr<SSL_CTX> server_;
};

constexpr uint16_t kHybridGroup = 0x11ec;  // X25519MLKEM768, of IANA's list

// The groups of the supported_groups extension in the client's first message,
// in its order, without the values of RFC 8701 (GREASE).
std::vector<uint16_t> OfferedGroups(TlsProfile profile) {
  const bssl::UniquePtr<SSL_CTX> context(SSL_CTX_new(TLS_method()));
  EXPECT_TRUE(ConfigureTls(profile, context.get()).ok());
  std::vector<uint16_t> groups;
  SSL_CTX_set_select_certificate_cb(
      context.get(), [](const SSL_CLIENT_HELLO* hello) {
        const uint8_t* data = nullptr;
        size_t size = 0;
        auto* const groups =
            static_cast<std::vector<uint16_t>*>(SSL_get_app_data(hello->ssl));
        EXPECT_TRUE(SSL_early_callback_ctx_extension_get(
            hello, TLSEXT_TYPE_supported_groups, &data, &size));
        for (size_t i = 2; i + 1 < size; i += 2) {
          const auto group = static_cast<uint16_t>(data[i] << 8 | data[i + 1]);
          if ((group & 0x0f0f) != 0x0a0a) {
            groups->push_back(group);
          }
        }
        return ssl_select_cert_error;
      });
  const bssl::UniquePtr<SSL> client(SSL_new(context.get()));
  const bssl::UniquePtr<SSL> server(SSL_new(context.get()));
  BIO* client_bio = nullptr;
  BIO* server_bio = nullptr;
  EXPECT_TRUE(BIO_new_bio_pair(&client_bio, 0, &server_bio, 0));
  SSL_set_bio(client.get(), client_bio, client_bio);
  SSL_set_bio(server.get(), server_bio, server_bio);
  SSL_set_connect_state(client.get());
  SSL_set_accept_state(server.get());
  SSL_set_app_data(server.get(), reinterpret_cast<char*>(&groups));
  SSL_do_handshake(client.get());
  SSL_do_handshake(server.get());
  return groups;
}

TEST_F(TlsProfileTest, EachOffersItsGroupsInOrder) {
  std::vector<uint16_t> compatible = {SSL_CURVE_X25519, SSL_CURVE_SECP256R1,
                                      SSL_CURVE_SECP384R1};
  std::vector<uint16_t> approved = {SSL_CURVE_SECP256R1, SSL_CURVE_SECP384R1};
  if (kHasHybridGroup) {
    compatible.insert(compatible.begin(), kHybridGroup);
    approved.insert(approved.begin(), kHybridGroup);
  }
  EXPECT_EQ(OfferedGroups(TlsProfile::kCompatible), compatible);
  EXPECT_EQ(OfferedGroups(TlsProfile::kApproved), approved);
}

#ifdef SSL_GROUP_X25519_MLKEM768
TEST_F(TlsProfileTest, TheHybridGroupIsUsedWhereTheServerHasIt) {
  for (const TlsProfile profile :
       {TlsProfile::kCompatible, TlsProfile::kApproved}) {
    const Outcome outcome = Handshake(profile, TlsProfile::kApproved);
    ASSERT_TRUE(outcome.connected);
    EXPECT_EQ(outcome.group, kHybridGroup);
    EXPECT_TRUE(outcome.negotiated.ok()) << outcome.negotiated;
  }
}

TEST_F(TlsProfileTest, TheHybridGroupIsNoneOfTls12) {
  Tls12("ECDHE-ECDSA-AES128-GCM-SHA256");
  EXPECT_EQ(Handshake(TlsProfile::kCompatible).group, SSL_CURVE_X25519);
  EXPECT_EQ(Handshake(TlsProfile::kApproved).group, SSL_CURVE_SECP256R1);
}
#endif

TEST_F(TlsProfileTest, ApprovedTls13UsesAesGcmAndANistCurve) {
  constexpr std::array<int, 2> kNoHybrid = {NID_X25519, NID_X9_62_prime256v1};
  ASSERT_TRUE(SSL_CTX_set1_curves(server_.get(), kNoHybrid.data(), 2));
  const Outcome outcome = Handshake(TlsProfile::kApproved);
  ASSERT_TRUE(outcome.connected);
  EXPECT_TRUE(absl::StrContains(outcome.suite, "_GCM_")) << outcome.suite;
  EXPECT_EQ(outcome.group, SSL_CURVE_SECP256R1);
  EXPECT_TRUE(outcome.negotiated.ok()) << outcome.negotiated;
}

TEST_F(TlsProfileTest, ApprovedTls12TakesTheFourSuitesAndNoOther) {
  Tls12("ECDHE-ECDSA-AES256-GCM-SHA384");
  EXPECT_EQ(Handshake(TlsProfile::kApproved).suite,
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
  Tls12("ECDHE-ECDSA-AES128-GCM-SHA256");
  EXPECT_EQ(Handshake(TlsProfile::kApproved).suite,
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
  for (const char* const refused :
       {"ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-SHA",
        "ECDHE-ECDSA-AES256-SHA"}) {
    Tls12(refused);
    EXPECT_FALSE(Handshake(TlsProfile::kApproved).connected) << refused;
    EXPECT_TRUE(Handshake(TlsProfile::kCompatible).connected) << refused;
  }
}

TEST_F(TlsProfileTest, ApprovedRefusesAServerWithOnlyX25519) {
  constexpr std::array<int, 1> kOnlyX25519 = {NID_X25519};
  ASSERT_TRUE(SSL_CTX_set1_curves(server_.get(), kOnlyX25519.data(), 1));
  EXPECT_FALSE(Handshake(TlsProfile::kApproved).connected);
  EXPECT_EQ(Handshake(TlsProfile::kCompatible).group, SSL_CURVE_X25519);
}

TEST_F(TlsProfileTest, NeitherSpeaksAnythingBeforeTls12) {
  ASSERT_TRUE(SSL_CTX_set_min_proto_version(server_.get(), TLS1_VERSION));
  ASSERT_TRUE(SSL_CTX_set_max_proto_version(server_.get(), TLS1_1_VERSION));
  EXPECT_FALSE(Handshake(TlsProfile::kApproved).connected);
  EXPECT_FALSE(Handshake(TlsProfile::kCompatible).connected);
}

TEST_F(TlsProfileTest, ApprovedMeetsAServerWithOnlyP384) {
  constexpr std::array<int, 1> kOnlyP384 = {NID_secp384r1};
  ASSERT_TRUE(SSL_CTX_set1_curves(server_.get(), kOnlyP384.data(), 1));
  for (const uint16_t version :
       std::array<uint16_t, 2>{TLS1_3_VERSION, TLS1_2_VERSION}) {
    ASSERT_TRUE(SSL_CTX_set_max_proto_version(server_.get(), version));
    const Outcome outcome = Handshake(TlsProfile::kApproved);
    EXPECT_EQ(outcome.group, SSL_CURVE_SECP384R1);
    EXPECT_TRUE(outcome.negotiated.ok()) << outcome.negotiated;
  }
}

TEST_F(TlsProfileTest, ApprovedTakesNoSignatureWithSha1) {
  for (const uint16_t algorithm : std::array<uint16_t, 2>{
           SSL_SIGN_ECDSA_SHA1, SSL_SIGN_ECDSA_SECP256R1_SHA256}) {
    Tls12("ECDHE-ECDSA-AES128-GCM-SHA256");
    ASSERT_TRUE(
        SSL_CTX_set_signing_algorithm_prefs(server_.get(), &algorithm, 1));
    EXPECT_EQ(Handshake(TlsProfile::kApproved).connected,
              algorithm != SSL_SIGN_ECDSA_SHA1)
        << algorithm;
  }
}

// What a hand-made server could choose although it is not offered.
TEST_F(TlsProfileTest, ApprovedChecksTheSuiteThatTheServerChose) {
  struct Case {
    uint16_t suite;  // RFC 8446 B.4, RFC 5289, RFC 7905
    const char* refusal;
  };
  const std::array<Case, 12> cases = {{
      {0x1301, ""},  // TLS_AES_128_GCM_SHA256
      {0x1302, ""},  // TLS_AES_256_GCM_SHA384
      {0x1303, "TLS_CHACHA20_POLY1305_SHA256"},
      {0xc02b, ""},  // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
      {0xc02c, ""},  // TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
      {0xc02f, ""},  // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
      {0xc030, ""},  // TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
      {0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
      {0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
      {0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
      {0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
      {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"},
  }};
  for (const Case& c : cases) {
    const SSL_CIPHER* const suite = SSL_get_cipher_by_value(c.suite);
    ASSERT_NE(suite, nullptr) << c.suite;
    EXPECT_TRUE(CheckSuite(TlsProfile::kCompatible, suite).ok());
    const absl::Status approved = CheckSuite(TlsProfile::kApproved, suite);
    if (*c.refusal == '\0') {
      EXPECT_TRUE(approved.ok()) << approved;
      continue;
    }
    EXPECT_TRUE(absl::IsUnavailable(approved));
    EXPECT_EQ(approved.message(),
              absl::StrCat("TLS cipher suite: ", c.refusal,
                           " is not allowed in a certified build; let the "
                           "server choose ECDHE with AES-GCM"));
  }
}

TEST_F(TlsProfileTest, ApprovedChecksWhatAHandshakeCameTo) {
  // A client of the other profile stands for a library that went astray.
  constexpr std::array<int, 1> kOnlyX25519 = {NID_X25519};
  ASSERT_TRUE(SSL_CTX_set1_curves(server_.get(), kOnlyX25519.data(), 1));
  const Outcome astray =
      Handshake(TlsProfile::kCompatible, TlsProfile::kApproved);
  ASSERT_TRUE(astray.connected);
  EXPECT_TRUE(absl::IsUnavailable(astray.negotiated));
  EXPECT_EQ(astray.negotiated.message(),
            absl::StrCat("TLS group: X25519 is not allowed in a certified "
                         "build; let the server choose ",
                         kHasHybridGroup ? "X25519MLKEM768, " : "",
                         "P-256 or P-384"));
  const bssl::UniquePtr<SSL> idle(SSL_new(server_.get()));
  EXPECT_EQ(CheckNegotiated(TlsProfile::kApproved, idle.get()).message(),
            "TLS cipher suite: an unknown suite is not allowed in a certified "
            "build; let "
            "the server choose ECDHE with AES-GCM");
  EXPECT_TRUE(CheckNegotiated(TlsProfile::kCompatible, idle.get()).ok());
}

}  // namespace
}  // namespace ovoc::tunnel
