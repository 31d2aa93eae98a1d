// SPDX-License-Identifier: Apache-2.0
#include "auth/general_name.h"

#include <openssl/asn1.h>
#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/digest.h>
#include <openssl/x509.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "auth/certificate_facts.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/testing/test_certificate.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::ElementsAre;
using Kind = GeneralName::Kind;

std::optional<GeneralName> Read(const std::vector<uint8_t>& der) {
  CBS cbs;
  CBS_init(&cbs, der.data(), der.size());
  return ReadGeneralName(&cbs);
}

std::string Text(const GeneralName& name) {
  return std::string(reinterpret_cast<const char*>(CBS_data(&name.value)),
                     CBS_len(&name.value));
}

TEST(GeneralNameTest, ReadsTheNineForms) {
  const struct {
    std::vector<uint8_t> der;
    Kind kind;
    std::string value;
  } cases[] = {
      {{0xa0, 1, 'a'}, Kind::kOther, "a"},
      {{0x81, 1, 'a'}, Kind::kMail, "a"},
      {{0x82, 1, 'a'}, Kind::kDns, "a"},
      {{0x82, 0}, Kind::kDns, ""},
      {{0xa3, 1, 'a'}, Kind::kX400, "a"},
      {{0xa4, 2, 0x30, 0}, Kind::kDirectory, std::string("0\0", 2)},
      {{0xa5, 1, 'a'}, Kind::kEdiParty, "a"},
      {{0x86, 1, 'a'}, Kind::kUri, "a"},
      {{0x87, 4, '1', '2', '3', '4'}, Kind::kIp, "1234"},
      {{0x88, 1, 'a'}, Kind::kRegistered, "a"},
  };
  for (const auto& c : cases) {
    const std::optional<GeneralName> name = Read(c.der);
    ASSERT_TRUE(name.has_value()) << static_cast<int>(c.kind);
    EXPECT_EQ(name->kind, c.kind);
    EXPECT_EQ(Text(*name), c.value);
  }
}

TEST(GeneralNameTest, RefusesWhatIsNoneOfThem) {
  const std::vector<std::vector<uint8_t>> cases = {
      {},                           // nothing
      {0x82},                       // no length
      {0x82, 2, 'a'},               // cut short
      {0x82, 0x81, 1, 'a'},         // a length in more bytes than needed
      {0x82, 0x80, 'a', 0, 0},      // a length that is left open
      {0x89, 1, 'a'},               // a tenth form
      {0x16, 1, 'a'},               // a universal tag
      {0xc2, 1, 'a'},               // a private tag
      {0xa2, 1, 'a'},               // a DNS name as a structure
      {0x84, 2, 0x30, 0},           // a directory name as none
      {0xa4, 0},                    // a directory name without a name
      {0xa4, 2, 0x31, 0},           // a set instead
      {0xa4, 4, 0x30, 0, 0x30, 0},  // two of them
  };
  for (const std::vector<uint8_t>& der : cases) {
    EXPECT_FALSE(Read(der).has_value()) << der.size();
  }
}

TEST(GeneralNameTest, ReadsNamesOneAfterTheOther) {
  const std::vector<uint8_t> der = {0x82, 1, 'a', 0x82, 1, 'b'};
  CBS cbs;
  CBS_init(&cbs, der.data(), der.size());
  EXPECT_EQ(Text(*ReadGeneralName(&cbs)), "a");
  EXPECT_EQ(Text(*ReadGeneralName(&cbs)), "b");
  EXPECT_FALSE(ReadGeneralName(&cbs).has_value());
}

TEST(ReadNamesTest, GivesTheSubjectAndAllAlternativeNames) {
  const bssl::UniquePtr<X509> leaf = TestCertificate("leaf_good");
  const CertificateFacts facts = ReadFacts(*leaf);
  const std::optional<std::vector<GeneralName>> names = ReadNames(facts);
  ASSERT_TRUE(names.has_value());
  std::vector<Kind> kinds;
  for (const GeneralName& name : *names) {
    kinds.push_back(name.kind);
  }
  EXPECT_THAT(kinds, ElementsAre(Kind::kDirectory, Kind::kDns, Kind::kDns,
                                 Kind::kIp, Kind::kIp));
  EXPECT_EQ(Text((*names)[2]), "*.pool.example.net");
}

TEST(ReadNamesTest, AnEmptySubjectIsNoName) {
  const bssl::UniquePtr<EVP_PKEY> key = MakeTestKey();
  const bssl::UniquePtr<X509> leaf =
      MakeTestCertificate({"", "ca", key.get(), key.get(), {}});
  EXPECT_TRUE(ReadNames(ReadFacts(*leaf))->empty());
}

TEST(ReadNamesTest, BrokenOrRepeatedAlternativeNamesAreNone) {
  const bssl::UniquePtr<EVP_PKEY> key = MakeTestKey();
  const std::vector<std::vector<std::string>> cases = {
      {"subjectAltName=DER:3000"},            // empty
      {"subjectAltName=DER:0500"},            // no sequence
      {"subjectAltName=DER:30038201610500"},  // bytes after it
      {"subjectAltName=DER:3003890161"},      // a tenth form
      {"subjectAltName=DNS:a", "subjectAltName=DNS:a"}};
  for (const std::vector<std::string>& extensions : cases) {
    const bssl::UniquePtr<X509> leaf =
        MakeTestCertificate({"a", "ca", key.get(), key.get(), extensions});
    EXPECT_FALSE(ReadNames(ReadFacts(*leaf)).has_value()) << extensions[0];
  }
}

TEST(ReadNamesTest, GivesTheMailAddressesOfTheSubject) {
  const bssl::UniquePtr<EVP_PKEY> key = MakeTestKey();
  const bssl::UniquePtr<X509> leaf =
      MakeTestCertificate({"a", "ca", key.get(), key.get(), {}});
  // { emailAddress, IA5String } behind the common name.
  EXPECT_EQ(X509_NAME_add_entry_by_txt(
                X509_get_subject_name(leaf.get()), "emailAddress", MBSTRING_ASC,
                reinterpret_cast<const uint8_t*>("a@b"), 3, -1, 0),
            1);
  EXPECT_GT(X509_sign(leaf.get(), key.get(), EVP_sha256()), 0);
  const CertificateFacts facts = ReadFacts(*leaf);
  const std::optional<std::vector<GeneralName>> names = ReadNames(facts);
  ASSERT_TRUE(names.has_value());
  ASSERT_EQ(names->size(), 2u);
  EXPECT_EQ((*names)[1].kind, Kind::kMail);
  EXPECT_EQ(Text((*names)[1]), "a@b");
}

}  // namespace
}  // namespace ovoc::auth
