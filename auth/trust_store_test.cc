// SPDX-License-Identifier: Apache-2.0
#include "auth/trust_store.h"

#include <openssl/base.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "auth/testing/certificate_test_data.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::HasSubstr;

constexpr absl::string_view kBegin = "-----BEGIN CERTIFICATE-----\n";
constexpr absl::string_view kEnd = "-----END CERTIFICATE-----\n";

std::string Block(const std::vector<uint8_t>& der) {
  const std::string base64 = absl::Base64Escape(
      absl::string_view(reinterpret_cast<const char*>(der.data()), der.size()));
  std::string pem(kBegin);
  for (size_t i = 0; i < base64.size(); i += 64) {
    absl::StrAppend(&pem, base64.substr(i, 64), "\n");
  }
  absl::StrAppend(&pem, kEnd);
  return pem;
}

void ExpectHolds(const absl::StatusOr<TrustStore>& store,
                 const std::vector<std::string>& names) {
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_EQ(store->size(), names.size());
  ASSERT_EQ(store->anchors().size(), names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(
        X509_cmp(store->anchors()[i].get(), TestCertificate(names[i]).get()), 0)
        << names[i];
  }
}

TEST(TrustStoreTest, ReadsOneCertificate) {
  ExpectHolds(TrustStore::FromPem(TestPem("root_ec")), {"root_ec"});
}

TEST(TrustStoreTest, KeepsTheOrderOfTheBundle) {
  ExpectHolds(TrustStore::FromPem(absl::StrCat(
                  TestPem("root_rsa"), TestPem("root_ec"), TestPem("root_v1"))),
              {"root_rsa", "root_ec", "root_v1"});
}

TEST(TrustStoreTest, CountsADuplicateOnce) {
  const std::string ec = TestPem("root_ec");
  const std::string rsa = TestPem("root_rsa");
  ExpectHolds(TrustStore::FromPem(absl::StrCat(ec, ec, rsa, ec, rsa)),
              {"root_ec", "root_rsa"});
}

TEST(TrustStoreTest, TheSameNameAndKeyIsNoDuplicate) {
  ExpectHolds(TrustStore::FromPem(
                  absl::StrCat(TestPem("root_ec_expired"), TestPem("root_ec"))),
              {"root_ec_expired", "root_ec"});
}

struct AcceptedCase {
  std::string name;
  std::string pem;
};

TEST(TrustStoreTest, IgnoresWhatIsAroundTheBlocks) {
  const std::string pem = TestPem("root_ec");
  const std::string block = Block(TestDer("root_ec"));
  const AcceptedCase cases[] = {
      {"text before and after",
       absl::StrCat("# OVOC's root\nsubject=CN\n\n", pem, "\n# the end\n")},
      {"CR LF", absl::StrReplaceAll(pem, {{"\n", "\r\n"}})},
      {"no line end at the end", pem.substr(0, pem.size() - 1)},
      {"byte-order mark", absl::StrCat("\xef\xbb\xbf", pem)},
      {"white space at line ends", absl::StrReplaceAll(pem, {{"\n", " \t\n"}})},
      {"indented", absl::StrReplaceAll(block, {{"\n", "\n  "}})},
      {"empty lines inside", absl::StrReplaceAll(pem, {{"\n", "\n\n"}})},
      {"a NUL outside", absl::StrCat(std::string(1, '\0'), "\n", pem)},
      {"a block of another kind",
       absl::StrCat("-----BEGIN PRIVATE KEY-----\nAAAA\n",
                    "-----END PRIVATE KEY-----\n", pem)},
      {"what openssl x509 -text and -subject print",
       absl::StrCat("Certificate:\n    Data:\n        Subject: CN=End-to-End "
                    "Certificate Authority\nsubject=CN = Begin Certificate\n",
                    pem)},
      {"headings", absl::StrCat("# ---- the vendor's certificate ----\n",
                                "# --- End-entity certificate ---\n", pem,
                                "# -- end of the certificates --\n# -----\n")},
      {"a request for a certificate",
       absl::StrCat("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n",
                    "-----END CERTIFICATE REQUEST-----\n", pem)},
      {"parameters", absl::StrCat("-----BEGIN EC PARAMETERS-----\nAAAA\n",
                                  "-----END EC PARAMETERS-----\n", pem,
                                  "-----BEGIN DH PARAMETERS-----\nAAAA\n",
                                  "-----END DH PARAMETERS-----\n")},
  };
  for (const AcceptedCase& c : cases) {
    SCOPED_TRACE(c.name);
    ExpectHolds(TrustStore::FromPem(c.pem), {"root_ec"});
  }
}

std::string Text(const std::vector<uint8_t>& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

struct RefusedCase {
  std::string name;
  std::string pem;
  std::string expected;
};

TEST(TrustStoreTest, RefusesABrokenBundleAndNamesTheBlock) {
  const std::string pem = TestPem("root_ec");
  const std::string second = TestPem("root_rsa");
  std::string broken = second;
  broken[100] = '*';
  std::string short_block = second;
  short_block.erase(100, 1);
  std::vector<uint8_t> longer = TestDer("root_rsa");
  longer.push_back(0);
  std::vector<uint8_t> ber = TestDer("root_rsa");
  ber[1] = 0x83;  // three bytes of length instead of two
  ber.insert(ber.begin() + 2, 0);
  std::vector<uint8_t> shorter = TestDer("root_rsa");
  shorter.pop_back();
  const RefusedCase cases[] = {
      {"nothing", "", "no certificate was found"},
      {"DER", Text(TestDer("root_rsa")),
       "no PEM certificate was found; the file is a certificate in DER; "
       "convert it with 'openssl x509 -inform DER"},
      {"text only", "no certificate here\n", "no certificate was found"},
      {"a key only",
       "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
       "no certificate was found"},
      {"all on one line", absl::StrReplaceAll(pem, {{"\n", " "}}),
       "line 1: this is not exactly a BEGIN or END CERTIFICATE marker"},
      {"broken base64 in the second block", absl::StrCat(pem, broken),
       "certificate 2: is not valid base64; copy the whole certificate again"},
      {"a character missing in the second block",
       absl::StrCat(pem, short_block), "certificate 2: is not valid base64"},
      {"broken base64 in the first block", absl::StrCat(broken, pem),
       "certificate 1: is not valid base64"},
      {"broken base64 in a duplicate", absl::StrCat(pem, pem, broken),
       "certificate 3: is not valid base64"},
      {"an empty block", absl::StrCat(pem, kBegin, kEnd),
       "certificate 2: is not valid base64"},
      {"a header inside",
       absl::StrCat(kBegin, "Proc-Type: 4,ENCRYPTED\n", kEnd),
       "certificate 1: is not valid base64"},
      {"a NUL inside", absl::StrCat(kBegin, std::string(4, '\0'), "\n", kEnd),
       "certificate 1: is not valid base64"},
      {"padding in the middle", absl::StrCat(kBegin, "AA==\nAAAA\n", kEnd),
       "certificate 1: is not valid base64"},
      {"no certificate inside", absl::StrCat(pem, kBegin, "AAAA\n", kEnd),
       "certificate 2: is not an X.509 certificate in DER (RFC 5280 4.1); "
       "export the certificate again, as PEM"},
      {"a byte after the certificate", absl::StrCat(pem, Block(longer)),
       "certificate 2: has 1 bytes after its end"},
      // The input that broke it: the same root twice, one of them in BER.
      {"a length in more bytes than it needs", absl::StrCat(second, Block(ber)),
       "certificate 2: is BER in a form that is not DER"},
      {"a byte too few", absl::StrCat(pem, Block(shorter)),
       "certificate 2: is not an X.509 certificate"},
      {"no end", absl::StrCat(pem, kBegin, "AAAA\n"),
       "certificate 2: has no END CERTIFICATE line; copy the whole certificate "
       "again"},
      {"no end before the next begin", absl::StrCat(kBegin, "AAAA\n", pem),
       "certificate 1: has no END CERTIFICATE line"},
      {"no begin", absl::StrCat(pem, "AAAA\n", kEnd),
       "certificate 2: has no BEGIN CERTIFICATE line; copy the whole "
       "certificate again"},
      {"OpenSSL's trusted form",
       absl::StrCat(pem, "-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n",
                    "-----END TRUSTED CERTIFICATE-----\n"),
       "certificate 2: is in OpenSSL's TRUSTED form; convert it to a BEGIN "
       "CERTIFICATE block"},
      {"OpenSSL's old form",
       absl::StrCat("-----BEGIN X509 CERTIFICATE-----\nAAAA\n",
                    "-----END X509 CERTIFICATE-----\n", pem),
       "certificate 1: is in OpenSSL's old X509 CERTIFICATE form; convert it "
       "to a BEGIN CERTIFICATE block"},
  };
  for (const RefusedCase& c : cases) {
    SCOPED_TRACE(c.name);
    const absl::StatusOr<TrustStore> store = TrustStore::FromPem(c.pem);
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(store.status().message()),
                HasSubstr(absl::StrCat("trusted roots: ", c.expected)));
  }
}

// The inputs that broke it: such a block was passed over without a word.
TEST(TrustStoreTest, RefusesAMarkerThatIsNotExact) {
  const std::string before = absl::StrCat(TestPem("root_ec"), "text\n\n");
  const size_t line = static_cast<size_t>(absl::c_count(before, '\n')) + 1;
  for (const char* marker :
       {"----BEGIN CERTIFICATE----",
        "> -----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE----",
        "----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE",
        "BEGIN CERTIFICATE-----",
        "------BEGIN CERTIFICATE------",
        "-----Begin Certificate-----",
        "-----BEGIN  CERTIFICATE-----",
        "-----BEGIN CERTIFICATE -----",
        "----- BEGIN CERTIFICATE -----",
        "-----BEGINCERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----MIIB",
        "-----BEGIN CERTIFICATES-----",
        "-----BEGIN CA CERTIFICATE-----",
        "-BEGIN CERTIFICATE-",
        "\xef\xbb\xbf-----BEGIN CERTIFICATE-----",
        "\xe2\x80\x94\xe2\x80\x94-BEGIN CERTIFICATE\xe2\x80\x94-",
        "----END CERTIFICATE----",
        "# -----END CERTIFICATE-----"}) {
    const absl::StatusOr<TrustStore> store = TrustStore::FromPem(
        absl::StrCat(before, marker, "\r\nAAAA\n-----END CERTIFICATE-----\n"));
    EXPECT_THAT(std::string(store.status().message()),
                HasSubstr(absl::StrCat("trusted roots: line ", line,
                                       ": this is not exactly a BEGIN or END")))
        << marker;
  }
}

TEST(TrustStoreTest, RefusesPkcs7AndSaysHowToConvertIt) {
  for (const char* label : {"PKCS7", "PKCS #7 SIGNED DATA", "CMS", "pkcs7"}) {
    const absl::StatusOr<TrustStore> store = TrustStore::FromPem(
        absl::StrCat(TestPem("root_ec"), "-----BEGIN ", label,
                     "-----\nAAAA\n-----END ", label, "-----\n"));
    EXPECT_THAT(std::string(store.status().message()),
                HasSubstr("openssl pkcs7 -print_certs"))
        << label;
  }
}

TEST(TrustStoreTest, ABundleCutAnywhereHasTheFirstCertificateOrAnError) {
  const std::string first = TestPem("root_ec");
  const std::string whole = absl::StrCat(first, TestPem("root_rsa"));
  // Without the line end after the last marker the block is whole already.
  for (size_t size = 0; size < whole.size() - 1; ++size) {
    const absl::StatusOr<TrustStore> store =
        TrustStore::FromPem(absl::string_view(whole).substr(0, size));
    if (store.ok()) {
      EXPECT_EQ(store->size(), 1u) << size;
      EXPECT_GE(size, first.size() - 1);
    } else {
      // From "-----BEGIN CERTIFICATE" on the second block is seen.
      EXPECT_TRUE(size < first.size() - 1 || size >= first.size() + 22) << size;
    }
  }
}

// A certificate that differs from the others in its signature only.
std::vector<uint8_t> Variant(std::vector<uint8_t> der, size_t number) {
  der[der.size() - 1] = static_cast<uint8_t>(number & 0xff);
  der[der.size() - 2] = static_cast<uint8_t>(number >> 8);
  return der;
}

TEST(TrustStoreTest, HoldsAsManyCertificatesAsTheLimitSays) {
  const std::vector<uint8_t> der = TestDer("root_ec");
  std::string pem;
  for (size_t i = 0; i < kMaxTrustedCertificates; ++i) {
    absl::StrAppend(&pem, Block(Variant(der, i)));
  }
  absl::StatusOr<TrustStore> store = TrustStore::FromPem(pem);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ(store->size(), kMaxTrustedCertificates);

  // One that is there already is no more.
  store = TrustStore::FromPem(absl::StrCat(pem, Block(Variant(der, 0))));
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ(store->size(), kMaxTrustedCertificates);

  store = TrustStore::FromPem(
      absl::StrCat(pem, Block(Variant(der, kMaxTrustedCertificates))));
  ASSERT_FALSE(store.ok());
  EXPECT_THAT(
      std::string(store.status().message()),
      HasSubstr("certificate 1025: is one too many; keep at most 1024"));
}

TEST(TrustStoreTest, ReadsAsManyBytesAsTheLimitSays) {
  std::string pem = TestPem("root_ec");
  pem.resize(kMaxTrustStoreBytes, '\n');
  ExpectHolds(TrustStore::FromPem(pem), {"root_ec"});
  pem.push_back('\n');
  const absl::StatusOr<TrustStore> store = TrustStore::FromPem(pem);
  ASSERT_FALSE(store.ok());
  EXPECT_THAT(std::string(store.status().message()),
              HasSubstr("16777217 bytes, but at most 16777216"));
}

TEST(TrustStoreTest, LeavesNothingInTheErrorQueue) {
  ERR_clear_error();
  EXPECT_FALSE(TrustStore::FromPem(absl::StrCat(kBegin, "AAAA\n", kEnd)).ok());
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(TrustStoreTest, CanBeMoved) {
  absl::StatusOr<TrustStore> store = TrustStore::FromPem(TestPem("root_ec"));
  ASSERT_TRUE(store.ok());
  const TrustStore moved = *std::move(store);
  EXPECT_EQ(moved.size(), 1u);
}

}  // namespace
}  // namespace ovoc::auth
