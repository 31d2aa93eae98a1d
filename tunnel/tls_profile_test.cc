// SPDX-License-Identifier: Apache-2.0
#include "tunnel/tls_profile.h"

#include <array>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tunnel/testing/test_certificate.h"

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
      : server_(TestCertificate::Root("test root")
                    .Issue("DNS:ovoc.example")
                    .ServerContext()) {}

  // One handshake over a pair of memory BIOs.
  Outcome Handshake(TlsProfile profile) {
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
      outcome.negotiated = CheckNegotiated(profile, client.get());
    }
    return outcome;
  }

  void Tls12(const char* suites) {
    ASSERT_TRUE(SSL_CTX_set_max_proto_version(server_.get(), TLS1_2_VERSION));
    ASSERT_TRUE(SSL_CTX_set_strict_cipher_list(server_.get(), suites));
  }

  const bssl::UniquePtr<SSL_CTX> server_;
};

TEST_F(TlsProfileTest, ApprovedTls13UsesAesGcmAndANistCurve) {
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

TEST_F(TlsProfileTest, NamesTheSuiteThatIsNotApproved) {
  Tls12("ECDHE-ECDSA-CHACHA20-POLY1305");
  const bssl::UniquePtr<SSL> idle(SSL_new(server_.get()));
  const absl::Status none = CheckNegotiated(TlsProfile::kApproved, idle.get());
  EXPECT_EQ(none.message(),
            "TLS cipher suite: found none, allowed AES-GCM suites (this is a "
            "certified build)");
  EXPECT_TRUE(CheckNegotiated(TlsProfile::kCompatible, idle.get()).ok());
}

}  // namespace
}  // namespace ovoc::tunnel
