// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/tls_client.h"

#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "auth/certificate_summary.h"
#include "auth/trust_store.h"
#include "gtest/gtest.h"
#include "openssl/pool.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/transport/testing/test_identity.h"
#include "tunnel/transport/tls_transport.h"

namespace ovoc::tunnel {
namespace {

// Within the validity of every TestIdentity.
const absl::Time kNow =
    absl::FromUnixSeconds(TestIdentity::kFirstSecond + 86400);

// What the server saw of ALPN: the list as it was offered.
int NoteAlpn(SSL*, const uint8_t** out, uint8_t* out_size, const uint8_t* in,
             unsigned in_size, void* noted) {
  static_cast<std::string*>(noted)->assign(in, in + in_size);
  *out = in + 1;
  *out_size = in[0];
  return SSL_TLSEXT_ERR_OK;
}

// A TLS server that asks for a certificate takes any.
ssl_verify_result_t TakeAny(SSL*, uint8_t*) { return ssl_verify_ok; }

class TlsClientTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { signal(SIGPIPE, SIG_IGN); }

  TlsClientTest()
      : root_(TestIdentity::Root("test root")),
        context_(root_.Issue("DNS:ovoc.example,IP:192.0.2.1").ServerContext()) {
  }

  absl::StatusOr<std::unique_ptr<TlsClient>> CreateClient() {
    auth::CertificateVerifier::Options verifier_options;
    verifier_options.release_date =
        absl::FromUnixSeconds(TestIdentity::kFirstSecond);
    absl::StatusOr<auth::TrustStore> roots =
        auth::TrustStore::FromPem(root_.certificate_pem());
    if (!roots.ok()) {
      return roots.status();
    }
    absl::StatusOr<auth::CertificateVerifier> verifier =
        auth::CertificateVerifier::Create(*std::move(roots), verifier_options);
    if (!verifier.ok()) {
      return verifier.status();
    }
    return TlsClient::Create(std::move(options_), *std::move(verifier),
                             [this] { return now_; });
  }

  void MakeClient() {
    absl::StatusOr<std::unique_ptr<TlsClient>> client = CreateClient();
    ASSERT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }

  // A connection of `client_` to a server of `context_`, handshake and the
  // tickets behind it included; what the client's handshake came to.
  IoResult Connect(absl::string_view name) {
    std::array<int, 2> fds = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         fds.data()),
              0);
    netif::UniqueFd client_socket(fds[0]);
    netif::UniqueFd server_socket(fds[1]);
    bssl::UniquePtr<SSL> ssl(SSL_new(context_.get()));
    SSL_set_accept_state(ssl.get());
    server_ = std::make_unique<TlsTransport>(std::move(server_socket),
                                             std::move(ssl));
    auto transport = client_->Connect(std::move(client_socket), name);
    EXPECT_TRUE(transport.ok()) << transport.status();
    connection_ = *std::move(transport);
    IoResult result = IoResult::kWouldBlock;
    for (int i = 0; i < 20; ++i) {  // rounds; a handshake takes three
      if (result == IoResult::kWouldBlock) {
        result = connection_->Handshake();
      }
      server_result_ = server_->Handshake();
    }
    if (result == IoResult::kDone && server_result_ == IoResult::kDone) {
      // BoringSSL sends its tickets with the first bytes that it writes.
      std::array<uint8_t, 1> byte = {'x'};
      size_t count = 0;
      EXPECT_EQ(server_->Write(byte, &count), IoResult::kDone);
      EXPECT_EQ(server_->Flush(), IoResult::kDone);
      EXPECT_EQ(connection_->Read(absl::MakeSpan(byte), &count),
                IoResult::kDone);
    }
    return result;
  }

  void ExpectRefused(absl::string_view name, auth::VerifyFailure failure) {
    EXPECT_EQ(Connect(name), IoResult::kFailed);
    EXPECT_TRUE(absl::IsUnauthenticated(connection_->status()))
        << connection_->status();
    ASSERT_TRUE(connection_->verdict().has_value());
    EXPECT_EQ(connection_->verdict()->failure, failure);
    EXPECT_EQ(connection_->status().message(),
              connection_->verdict()->status.message());
    EXPECT_NE(server_result_, IoResult::kDone);
  }

  TestIdentity root_;
  TlsClient::Options options_;
  absl::Time now_ = kNow;
  std::unique_ptr<TlsClient> client_;
  bssl::UniquePtr<SSL_CTX> context_;
  std::unique_ptr<TlsTransport> server_;
  IoResult server_result_ = IoResult::kWouldBlock;
  std::unique_ptr<TlsClientTransport> connection_;
};

// RFC 6455 10.6 MUST: TLS is supported
TEST_F(TlsClientTest, TakesAGoodChainForTheRightName) {
  MakeClient();
  ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone) << connection_->status();
  EXPECT_EQ(server_result_, IoResult::kDone);
  ASSERT_TRUE(connection_->verdict().has_value());
  EXPECT_TRUE(connection_->verdict()->ok());
  EXPECT_EQ(connection_->version(), "TLSv1.3");
  EXPECT_TRUE(absl::StartsWith(connection_->cipher(), "TLS_"))
      << connection_->cipher();
  EXPECT_NE(connection_->group(), "");
  EXPECT_FALSE(connection_->resumed());
  EXPECT_TRUE(connection_->status().ok());
}

TEST_F(TlsClientTest, KnowsNothingBeforeTheHandshake) {
  MakeClient();
  auto transport = client_->Connect(netif::UniqueFd(), "ovoc.example");
  ASSERT_TRUE(transport.ok());
  EXPECT_FALSE((*transport)->verdict().has_value());
  EXPECT_EQ((*transport)->cipher(), "");
  EXPECT_EQ((*transport)->group(), "");
  EXPECT_FALSE((*transport)->resumed());
}

// RFC 9525 6.2 MUST: an IP-ID matches an iPAddress entry exactly.
TEST_F(TlsClientTest, TakesAnAddressThatIsInTheCertificate) {
  MakeClient();
  EXPECT_EQ(Connect("192.0.2.1"), IoResult::kDone) << connection_->status();
  ExpectRefused("192.0.2.2", auth::VerifyFailure::kNameMismatch);
}

// RFC 9525 6.6 MUST: without a match the connection is refused
TEST_F(TlsClientTest, RefusesAnotherName) {
  MakeClient();
  ExpectRefused("other.example", auth::VerifyFailure::kNameMismatch);
}

// RFC 9525 7.2 MUST: a URI-ID without scheme and host is ignored (any is)
TEST_F(TlsClientTest, RefusesTheNameInAnyOtherKindOfEntry) {
  MakeClient();
  for (const char* entry :
       {"URI:https://ovoc.example", "URI:https://ovoc.example:443/tun",
        "URI:ovoc.example", "email:ovoc.example", "email:x@ovoc.example",
        "DNS:other.example,URI:wss://ovoc.example",
        "otherName:1.3.6.1.5.5.7.8.7;IA5:_https.ovoc.example"}) {
    SCOPED_TRACE(entry);
    context_ = root_.Issue(entry).ServerContext();
    ExpectRefused("ovoc.example", auth::VerifyFailure::kNameMismatch);
  }
}

// To correct WSTunServer helps only if there is a name to take.
TEST_F(TlsClientTest, KnowsACertificateWithoutAnyNameFromOneWithAnother) {
  MakeClient();
  const struct {
    std::string entry;
    EndCause cause;
  } kCases[] = {
      {"DNS:other.example", EndCause::kWrongName},
      {"IP:192.0.2.1", EndCause::kWrongName},
      {"email:ovoc.example,DNS:other.example", EndCause::kWrongName},
      {absl::StrCat("DNS:", std::string(600, 'a')), EndCause::kWrongName},
      {"email:ovoc.example", EndCause::kNoAlternativeName},
      {"URI:https://ovoc.example", EndCause::kNoAlternativeName},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.entry);
    context_ = root_.Issue(c.entry).ServerContext();
    ExpectRefused("ovoc.example", auth::VerifyFailure::kNameMismatch);
    EXPECT_EQ(CauseOf(connection_->status()), c.cause);
  }
}

TEST_F(TlsClientTest, TakesAnotherNameOnlyWhenNamesAreNotChecked) {
  options_.name_check = auth::NameCheck::kOff;
  MakeClient();
  EXPECT_EQ(Connect("other.example"), IoResult::kDone);
  EXPECT_TRUE(connection_->verdict()->ok());
}

TEST_F(TlsClientTest, RefusesAnUnknownRoot) {
  MakeClient();
  context_ = TestIdentity::Root("another root")
                 .Issue("DNS:ovoc.example")
                 .ServerContext();
  ExpectRefused("ovoc.example", auth::VerifyFailure::kUnknownIssuer);
}

TEST_F(TlsClientTest, RefusesAnExpiredCertificate) {
  MakeClient();
  now_ = absl::FromUnixSeconds(TestIdentity::kLastSecond + 1);
  ExpectRefused("ovoc.example", auth::VerifyFailure::kExpired);
}

TEST_F(TlsClientTest, TakesAnythingWithoutVerificationAndSaysWhatItSaw) {
  options_.verification = PeerVerification::kOff;
  MakeClient();
  context_ = TestIdentity::Root("another root")
                 .Issue("DNS:ovoc.example")
                 .ServerContext();
  EXPECT_EQ(Connect("other.example"), IoResult::kDone);
  ASSERT_TRUE(connection_->verdict().has_value());
  EXPECT_FALSE(connection_->verdict()->ok());
}

TEST_F(TlsClientTest, SpeaksTls12ButNothingOlder) {
  MakeClient();
  SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
  EXPECT_EQ(Connect("ovoc.example"), IoResult::kDone) << connection_->status();
  EXPECT_EQ(connection_->version(), "TLSv1.2");
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_.get(), TLS1_1_VERSION);
  EXPECT_EQ(Connect("ovoc.example"), IoResult::kFailed);
  EXPECT_TRUE(absl::IsUnavailable(connection_->status()))
      << connection_->status();
  EXPECT_FALSE(connection_->verdict().has_value());
}

TEST_F(TlsClientTest, SpeaksOnlyApprovedTlsWhenAsked) {
  options_.profile = TlsProfile::kApproved;
  MakeClient();
  EXPECT_EQ(Connect("ovoc.example"), IoResult::kDone) << connection_->status();
  EXPECT_EQ(connection_->version(), "TLSv1.3");
  SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
  ASSERT_TRUE(SSL_CTX_set_strict_cipher_list(context_.get(),
                                             "ECDHE-ECDSA-CHACHA20-POLY1305"));
  EXPECT_EQ(Connect("ovoc.example"), IoResult::kFailed);
  EXPECT_TRUE(absl::IsUnavailable(connection_->status()))
      << connection_->status();
}

TEST_F(TlsClientTest, OffersHttp11AsTheOnlyProtocol) {
  std::string offered;
  SSL_CTX_set_alpn_select_cb(context_.get(), NoteAlpn, &offered);
  MakeClient();
  EXPECT_EQ(Connect("ovoc.example"), IoResult::kDone) << connection_->status();
  EXPECT_EQ(offered, "\x08http/1.1");
}

// RFC 6455 4.1 MUST: Server Name Indication is sent
TEST_F(TlsClientTest, SendsTheServersNameButNoAddress) {
  MakeClient();
  EXPECT_EQ(Connect("ovoc.example"), IoResult::kDone);
  EXPECT_STREQ(SSL_get_servername(server_->ssl(), TLSEXT_NAMETYPE_host_name),
               "ovoc.example");
  EXPECT_EQ(Connect("192.0.2.1"), IoResult::kDone);
  EXPECT_EQ(SSL_get_servername(server_->ssl(), TLSEXT_NAMETYPE_host_name),
            nullptr);
}

TEST_F(TlsClientTest, RefusesANameThatIsTooLongForSni) {
  MakeClient();
  EXPECT_FALSE(client_->Connect(netif::UniqueFd(), std::string(256, 'a')).ok());
}

TEST_F(TlsClientTest, ResumesAndVerifiesTheCertificateAgain) {
  MakeClient();
  ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone);
  ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone) << connection_->status();
  EXPECT_TRUE(connection_->resumed());
  ASSERT_TRUE(connection_->verdict().has_value());
  EXPECT_TRUE(connection_->verdict()->ok());
}

TEST_F(TlsClientTest, ResumesWithApprovedTlsToo) {
  options_.profile = TlsProfile::kApproved;
  MakeClient();
  for (const uint16_t version :
       std::array<uint16_t, 2>{TLS1_3_VERSION, TLS1_2_VERSION}) {
    SSL_CTX_set_max_proto_version(context_.get(), version);
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(Connect("ovoc.example"), IoResult::kDone)
          << connection_->status();
      EXPECT_EQ(connection_->resumed(), i == 1) << version;
    }
  }
}

TEST_F(TlsClientTest, ResumesTls12AgainAndAgainWithOneTicket) {
  MakeClient();
  SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
  ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone) << connection_->status();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone);
    EXPECT_TRUE(connection_->resumed()) << i;
  }
}

TEST_F(TlsClientTest, RefusesToResumeWhatNoLongerVerifies) {
  MakeClient();
  ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone);
  now_ = absl::FromUnixSeconds(TestIdentity::kLastSecond + 1);
  ExpectRefused("ovoc.example", auth::VerifyFailure::kExpired);
  EXPECT_TRUE(connection_->resumed());
}

// The certificate has both names, so nothing else would keep the client from
// taking the ticket of one to the other.
TEST_F(TlsClientTest, OffersATicketToTheServerOfItsNameOnly) {
  context_ = root_.Issue("DNS:ovoc.example,DNS:two.example").ServerContext();
  MakeClient();
  ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone);
  ASSERT_EQ(Connect("two.example"), IoResult::kDone) << connection_->status();
  EXPECT_FALSE(connection_->resumed());
  ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone);
  EXPECT_TRUE(connection_->resumed()) << "its own was kept meanwhile";
  ASSERT_EQ(Connect("two.example"), IoResult::kDone);
  EXPECT_TRUE(connection_->resumed());
}

// RFC 8446 C.4: a ticket is not used twice.
TEST_F(TlsClientTest, OffersATicketOnce) {
  MakeClient();
  ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone);
  // This connection takes the ticket along and ends before it gets another.
  ASSERT_TRUE(client_->Connect(netif::UniqueFd(), "ovoc.example").ok());
  ASSERT_EQ(Connect("ovoc.example"), IoResult::kDone);
  EXPECT_FALSE(connection_->resumed());
}

TEST_F(TlsClientTest, ShowsItsCertificateWhenAsked) {
  const TestIdentity own = root_.Issue("DNS:device.example");
  options_.certificate_pem = own.certificate_pem() + root_.certificate_pem();
  options_.private_key_pem = auth::Secret::FromString(
      absl::StrCat("\xef\xbb\xbf", own.private_key_pem()));
  MakeClient();
  SSL_CTX_set_custom_verify(context_.get(),
                            SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                            TakeAny);
  EXPECT_EQ(Connect("ovoc.example"), IoResult::kDone) << connection_->status();
  ASSERT_EQ(server_result_, IoResult::kDone) << server_->status();
  EXPECT_EQ(sk_CRYPTO_BUFFER_num(SSL_get0_peer_certificates(server_->ssl())),
            2u);
}

// Its own certificate first, and the CA's behind it.
TEST_F(TlsClientTest, SaysUntilWhenItsOwnCertificatesAreValid) {
  MakeClient();
  EXPECT_TRUE(client_->own_chain().empty());
  const TestIdentity own = root_.Issue("DNS:device.example");
  options_.certificate_pem = own.certificate_pem() + root_.certificate_pem();
  options_.private_key_pem = auth::Secret::FromString(own.private_key_pem());
  MakeClient();
  const std::vector<auth::CertificateSummary>& chain = client_->own_chain();
  ASSERT_EQ(chain.size(), 2u);
  EXPECT_EQ(chain[0].not_after,
            absl::FromUnixSeconds(TestIdentity::kLastSecond));
  EXPECT_EQ(chain[0].names, std::vector<std::string>{"device.example"});
  EXPECT_NE(chain[0].subject, chain[0].issuer);
  EXPECT_EQ(chain[0].issuer, chain[1].subject);
}

struct BrokenCase {
  absl::string_view name;
  std::string certificate;
  std::string key;
  absl::string_view message;
};

TEST_F(TlsClientTest, NamesWhatIsWrongWithItsOwnCertificate) {
  const TestIdentity own = root_.Issue("DNS:device.example");
  const std::string certificate = own.certificate_pem();
  const std::string key = own.private_key_pem();
  const BrokenCase kCases[] = {
      {"no key", certificate, "", "one is missing"},
      {"no certificate", "", key, "one is missing"},
      {"no PEM", "certificate", key,
       "TLSCertificate: client certificate: no certificate was found"},
      {"cut short", certificate.substr(0, certificate.size() / 2), key,
       "TLSCertificate: client certificate: certificate 1: has no END"},
      // The input that broke it: such a chain was sent without its second part.
      {"a second block that cannot be read",
       absl::StrCat(certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n",
                    "-----END CERTIFICATE-----\n"),
       key,
       "TLSCertificate: client certificate: certificate 2: is not an X.509"},
      {"a certificate as key", certificate, certificate,
       "TLSPrivateKey: private key: it has no BEGIN PRIVATE KEY line"},
      {"the key of another", certificate,
       root_.Issue("DNS:x").private_key_pem(),
       "TLSPrivateKey: the private key does not belong to the first"},
      {"the wrong order", root_.certificate_pem() + certificate, key,
       "TLSPrivateKey: the private key belongs to certificate 2"},
      {"two keys", certificate, key + key,
       "TLSPrivateKey: private key: 2 keys were found"},
  };
  for (const BrokenCase& c : kCases) {
    options_ = TlsClient::Options();
    options_.certificate_pem = c.certificate;
    if (!c.key.empty()) {
      options_.private_key_pem = auth::Secret::FromString(c.key);
    }
    const auto client = CreateClient();
    ASSERT_FALSE(client.ok()) << c.name;
    EXPECT_TRUE(absl::IsInvalidArgument(client.status())) << c.name;
    EXPECT_TRUE(absl::StrContains(client.status().message(), c.message))
        << c.name << ": " << client.status();
  }
}

}  // namespace
}  // namespace ovoc::tunnel
