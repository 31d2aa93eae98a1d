// SPDX-License-Identifier: Apache-2.0
#include "auth/client_identity.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "auth/testing/test_certificate.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

std::string TextOf(BIO* bio) {
  const uint8_t* data = nullptr;
  size_t size = 0;
  EXPECT_EQ(BIO_mem_contents(bio, &data, &size), 1);
  return std::string(reinterpret_cast<const char*>(data), size);
}

std::string KeyPem(EVP_PKEY* key, const EVP_CIPHER* cipher = nullptr) {
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  char password[] = "pass";
  EXPECT_EQ(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, password,
                                          cipher == nullptr ? 0 : 4, nullptr,
                                          nullptr),
            1);
  return TextOf(bio.get());
}

// The key in the form that was usual before PKCS #8.
std::string OldKeyPem(EVP_PKEY* key) {
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0,
                                     nullptr, nullptr),
            1);
  return TextOf(bio.get());
}

bssl::UniquePtr<X509> Certificate(EVP_PKEY* key) {
  return MakeTestCertificate({.subject = "device",
                              .issuer = "device",
                              .key = key,
                              .issuer_key = key,
                              .extensions = {}});
}

std::string CertificatePem(EVP_PKEY* key) {
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_X509(bio.get(), Certificate(key).get()), 1);
  return TextOf(bio.get());
}

std::string KeyError(absl::string_view pem) {
  const auto key = ReadPrivateKey(pem);
  EXPECT_EQ(ERR_peek_error(), 0u);
  return key.ok() ? "no error" : std::string(key.status().message());
}

TEST(ClientIdentityTest, ReadsAChainWithTheLeafFirst) {
  const auto own = MakeTestKey();
  const auto other = MakeTestKey();
  const auto chain = ReadClientChain(absl::StrCat(
      "\xef\xbb\xbf", CertificatePem(own.get()),
      absl::StrReplaceAll(CertificatePem(other.get()), {{"\n", "\r\n"}})));
  ASSERT_TRUE(chain.ok()) << chain.status();
  ASSERT_EQ(chain->size(), 2u);
  EXPECT_TRUE(CheckPair(*chain, own.get()).ok());
}

// One broken block made a chain with a gap, and no error.
TEST(ClientIdentityTest, RefusesAChainWithOneBlockThatCannotBeRead) {
  const std::string good = CertificatePem(MakeTestKey().get());
  std::string broken = good;
  broken[100] = '*';
  const auto chain = ReadClientChain(absl::StrCat(good, broken, good));
  ASSERT_FALSE(chain.ok());
  EXPECT_EQ(chain.status().message(),
            "client certificate: certificate 2: is not valid base64; copy the "
            "whole certificate again");
}

TEST(ClientIdentityTest, ReadsTenCertificatesAtMost) {
  std::string pem;
  for (int i = 0; i < 10; ++i) {
    absl::StrAppend(&pem, CertificatePem(MakeTestKey().get()));
  }
  EXPECT_TRUE(ReadClientChain(pem).ok());
  absl::StrAppend(&pem, CertificatePem(MakeTestKey().get()));
  EXPECT_FALSE(ReadClientChain(pem).ok());
}

TEST(ClientIdentityTest, ReadsAKeyInEachUsualForm) {
  const auto own = MakeTestKey();
  const std::string pem = KeyPem(own.get());
  const std::string forms[] = {
      pem,
      OldKeyPem(own.get()),
      absl::StrReplaceAll(pem, {{"\n", "\r\n"}}),
      absl::StrCat("\xef\xbb\xbf", pem),
      absl::StrCat("text\n", CertificatePem(own.get()), pem, "text\n"),
      absl::StrCat("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
                   "-----END EC PARAMETERS-----\n",
                   OldKeyPem(own.get())),
  };
  for (const std::string& form : forms) {
    const auto key = ReadPrivateKey(form);
    ASSERT_TRUE(key.ok()) << key.status();
    EXPECT_EQ(EVP_PKEY_cmp(key->get(), own.get()), 1);
  }
}

TEST(ClientIdentityTest, SaysWhatIsThereInsteadOfAKey) {
  const auto own = MakeTestKey();
  const std::string pem = KeyPem(own.get());
  std::string broken = pem;
  broken[60] = '*';
  struct Case {
    std::string pem;
    absl::string_view message;
  };
  const Case cases[] = {
      {"", "no BEGIN PRIVATE KEY line"},
      {CertificatePem(own.get()), "no BEGIN PRIVATE KEY line"},
      {std::string("\x30\x2e\x02\x01\x00\x30\x05", 7),
       "the file is a private key in DER; convert it with 'openssl pkey "
       "-inform DER"},
      {std::string("\x30\x82\x04\x2c\x02\x01\x03\x30", 8),
       "the file is PKCS #12"},
      {absl::StrCat(pem, KeyPem(MakeTestKey().get())), "2 keys were found"},
      {absl::StrCat(pem, OldKeyPem(own.get())), "2 keys were found"},
      {pem.substr(0, pem.size() / 2),
       "no END PRIVATE KEY line; copy the whole key"},
      {broken, "cannot be read"},
      {KeyPem(own.get(), EVP_aes_256_cbc()), "it is encrypted"},
      {"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
       "DEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
       "it is encrypted"},
      {std::string(65537, '\n'), "65537 bytes, but at most 65536"},
  };
  for (const Case& c : cases) {
    EXPECT_TRUE(absl::StrContains(KeyError(c.pem), c.message))
        << c.message << ": " << KeyError(c.pem);
  }
}

TEST(ClientIdentityTest, NeverShowsAByteOfTheKey) {
  std::string pem = KeyPem(MakeTestKey().get());
  const std::string secret = pem.substr(40, 20);
  pem[70] = '*';
  EXPECT_FALSE(absl::StrContains(KeyError(pem), secret));
}

TEST(ClientIdentityTest, NamesACertificateInTheWrongPlace) {
  const auto own = MakeTestKey();
  const auto other = MakeTestKey();
  const auto chain = ReadClientChain(
      absl::StrCat(CertificatePem(other.get()), CertificatePem(own.get())));
  ASSERT_TRUE(chain.ok());
  EXPECT_TRUE(absl::StrContains(CheckPair(*chain, own.get()).message(),
                                "belongs to certificate 2; move"));
  EXPECT_TRUE(
      absl::StrContains(CheckPair(*chain, MakeTestKey().get()).message(),
                        "does not belong to the first certificate; use"));
}

}  // namespace
}  // namespace ovoc::auth
