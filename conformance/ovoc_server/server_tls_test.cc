// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/server_tls.h"

#include <sys/socket.h>

#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "conformance/ovoc_server/throwaway_certificate.h"
#include "gtest/gtest.h"
#include "netif/linux/unique_fd.h"
#include "openssl/bio.h"
#include "openssl/ssl.h"
#include "tunnel/transport/transport.h"

namespace ovoc::conformance {
namespace {

// Shakes hands with `client` over memory; true when both ends are through.
bool ShakeHands(SSL* client, SSL* server) {
  BIO* client_end = nullptr;
  BIO* server_end = nullptr;
  if (BIO_new_bio_pair(&client_end, 0, &server_end, 0) != 1) {
    return false;
  }
  SSL_set_bio(client, client_end, client_end);
  SSL_set_bio(server, server_end, server_end);
  int client_result = 0;
  int server_result = 0;
  for (int i = 0; i < 10 && (client_result != 1 || server_result != 1); ++i) {
    client_result = SSL_do_handshake(client);
    server_result = SSL_do_handshake(server);
  }
  return client_result == 1 && server_result == 1;
}

struct Pair {
  bssl::UniquePtr<SSL_CTX> client_context;
  bssl::UniquePtr<SSL_CTX> server_context;
  bssl::UniquePtr<SSL> client;
  bssl::UniquePtr<SSL> server;
};

// A client that verifies nothing, and a server with a fresh certificate.
Pair MakePair() {
  const ThrowawayCertificate pem = MakeThrowawayCertificate();
  Pair pair;
  pair.client_context.reset(SSL_CTX_new(TLS_client_method()));
  pair.client.reset(SSL_new(pair.client_context.get()));
  SSL_set_connect_state(pair.client.get());
  absl::StatusOr<bssl::UniquePtr<SSL_CTX>> context =
      MakeServerTls(pem.certificate, pem.private_key);
  EXPECT_TRUE(context.ok()) << context.status();
  if (context.ok()) {
    pair.server_context = *std::move(context);
    absl::StatusOr<bssl::UniquePtr<SSL>> ssl =
        MakeServerSsl(pair.server_context.get());
    EXPECT_TRUE(ssl.ok()) << ssl.status();
    pair.server = *std::move(ssl);
  }
  return pair;
}

TEST(ServerTlsTest, ShakesHandsWithTls13AndTakesHttp11) {
  const Pair pair = MakePair();
  ASSERT_NE(pair.server, nullptr);
  const uint8_t offered[] = "\x02h2\x08http/1.1";
  ASSERT_EQ(
      SSL_set_alpn_protos(pair.client.get(), offered, sizeof(offered) - 1), 0);
  ASSERT_TRUE(ShakeHands(pair.client.get(), pair.server.get()));
  EXPECT_EQ(SSL_version(pair.client.get()), TLS1_3_VERSION);
  const uint8_t* alpn = nullptr;
  unsigned alpn_size = 0;
  SSL_get0_alpn_selected(pair.client.get(), &alpn, &alpn_size);
  EXPECT_EQ(std::string(alpn, alpn + alpn_size), "http/1.1");
}

TEST(ServerTlsTest, ServesAClientWithoutAlpn) {
  const Pair pair = MakePair();
  ASSERT_NE(pair.server, nullptr);
  EXPECT_TRUE(ShakeHands(pair.client.get(), pair.server.get()));
}

TEST(ServerTlsTest, TakesTls12ButNothingOlder) {
  const Pair with_12 = MakePair();
  SSL_set_max_proto_version(with_12.client.get(), TLS1_2_VERSION);
  EXPECT_TRUE(ShakeHands(with_12.client.get(), with_12.server.get()));
  const Pair with_11 = MakePair();
  SSL_set_min_proto_version(with_11.client.get(), TLS1_1_VERSION);
  SSL_set_max_proto_version(with_11.client.get(), TLS1_1_VERSION);
  EXPECT_FALSE(ShakeHands(with_11.client.get(), with_11.server.get()));
}

TEST(ServerTlsTest, SendsTheWholeChain) {
  const ThrowawayCertificate leaf = MakeThrowawayCertificate();
  const ThrowawayCertificate other = MakeThrowawayCertificate();
  const absl::StatusOr<bssl::UniquePtr<SSL_CTX>> context = MakeServerTls(
      absl::StrCat(leaf.certificate, other.certificate), leaf.private_key);
  ASSERT_TRUE(context.ok()) << context.status();
  Pair pair = MakePair();
  pair.server = *MakeServerSsl(context->get());
  ASSERT_TRUE(ShakeHands(pair.client.get(), pair.server.get()));
  EXPECT_EQ(sk_CRYPTO_BUFFER_num(SSL_get0_peer_certificates(pair.client.get())),
            2u);
}

TEST(ServerTlsTest, RefusesWhatIsBrokenOrNoPair) {
  const ThrowawayCertificate good = MakeThrowawayCertificate();
  const ThrowawayCertificate other = MakeThrowawayCertificate();
  ASSERT_FALSE(good.certificate.empty());
  const struct {
    const char* name;
    std::string certificate;
    std::string private_key;
  } kCases[] = {
      {"nothing", "", ""},
      {"no certificate", "", good.private_key},
      {"no key", good.certificate, ""},
      {"swapped", good.private_key, good.certificate},
      {"another key", good.certificate, other.private_key},
      {"cut short", good.certificate.substr(0, 100), good.private_key},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<bssl::UniquePtr<SSL_CTX>> context =
        MakeServerTls(c.certificate, c.private_key);
    EXPECT_EQ(context.status().code(), absl::StatusCode::kInvalidArgument)
        << c.name;
  }
}

class ReadServerTlsTest : public testing::Test {
 protected:
  ReadServerTlsTest() {
    const ThrowawayCertificate pem = MakeThrowawayCertificate();
    files_ = {.certificate_option = "--cert",
              .certificate = testing::TempDir() + "/server.pem",
              .key_option = "--key",
              .key = testing::TempDir() + "/server.key"};
    std::ofstream(files_.certificate) << pem.certificate;
    std::ofstream(files_.key) << pem.private_key;
  }

  PemPair files_;
};

TEST_F(ReadServerTlsTest, ServesWhatTheFilesHave) {
  const absl::StatusOr<bssl::UniquePtr<SSL_CTX>> context =
      ReadServerTls(files_);
  ASSERT_TRUE(context.ok()) << context.status();
  ASSERT_NE(*context, nullptr);
  EXPECT_NE(SSL_CTX_get0_certificate(context->get()), nullptr);
}

TEST_F(ReadServerTlsTest, NoFilesAreNoTls) {
  files_.certificate = files_.key = "";
  const absl::StatusOr<bssl::UniquePtr<SSL_CTX>> context =
      ReadServerTls(files_);
  ASSERT_TRUE(context.ok()) << context.status();
  EXPECT_EQ(*context, nullptr);
}

TEST_F(ReadServerTlsTest, NeedsBothFiles) {
  for (std::string* const missing : {&files_.certificate, &files_.key}) {
    const std::string path = std::exchange(*missing, "");
    EXPECT_EQ(ReadServerTls(files_).status().message(),
              "--cert and --key must be given together");
    *missing = path;
  }
}

TEST_F(ReadServerTlsTest, NamesTheFileThatCannotBeRead) {
  files_.key += ".none";
  EXPECT_EQ(ReadServerTls(files_).status().message(),
            absl::StrCat("--key: ", files_.key,
                         " cannot be read: No such file or directory"));
}

TEST(ServerTransportTest, IsTlsWithAContextAndPlainWithout) {
  const Pair pair = MakePair();
  for (SSL_CTX* const context :
       {pair.server_context.get(), static_cast<SSL_CTX*>(nullptr)}) {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    const netif::UniqueFd peer(ends[1]);
    const auto transport =
        MakeServerTransport(context, netif::UniqueFd(ends[0]));
    ASSERT_TRUE(transport.ok()) << transport.status();
    EXPECT_EQ((*transport)->Handshake(), context == nullptr
                                             ? tunnel::IoResult::kDone
                                             : tunnel::IoResult::kWouldBlock);
  }
}

}  // namespace
}  // namespace ovoc::conformance
