// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_summary.h"

#include <openssl/asn1.h>
#include <openssl/base.h>
#include <openssl/nid.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/testing/test_certificate.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

absl::Time Utc(int year, int month, int day, int hour = 0, int minute = 0,
               int second = 0) {
  return absl::FromCivil(
      absl::CivilSecond(year, month, day, hour, minute, second),
      absl::UTCTimeZone());
}

bool IsPrintable(const std::string& text) {
  for (char c : text) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) {
      return false;
    }
  }
  return true;
}

bssl::UniquePtr<X509_NAME> NameOf(const std::string& common_name) {
  bssl::UniquePtr<X509_NAME> name(X509_NAME_new());
  EXPECT_EQ(X509_NAME_add_entry_by_NID(
                name.get(), NID_organizationName, MBSTRING_UTF8,
                reinterpret_cast<const uint8_t*>(common_name.data()),
                static_cast<int>(common_name.size()), -1, 0),
            1);
  return name;
}

TEST(SummarizeTest, HoldsNamesAndDates) {
  const bssl::UniquePtr<X509> leaf = TestCertificate("leaf_good");
  ASSERT_NE(leaf, nullptr);
  const CertificateSummary summary = Summarize(*leaf);
  EXPECT_EQ(summary.subject, "CN=ovoc.example.net,O=OVOC Test");
  EXPECT_EQ(summary.issuer, "CN=intermediate_ec,O=OVOC Test");
  EXPECT_EQ(summary.not_before, Utc(2020, 1, 1));
  EXPECT_EQ(summary.not_after, Utc(2120, 1, 1));
}

// The digest is that of `openssl x509 -fingerprint -sha256`.
TEST(SummarizeTest, HoldsTheAlternativeNamesAndTheFingerprint) {
  const bssl::UniquePtr<X509> leaf = TestCertificate("leaf_good");
  ASSERT_NE(leaf, nullptr);
  const CertificateSummary summary = Summarize(*leaf);
  EXPECT_THAT(summary.names,
              ElementsAre("ovoc.example.net", "*.pool.example.net",
                          "192.0.2.10", "2001:db8::10"));
  EXPECT_EQ(summary.names_left_out, 0u);
  EXPECT_EQ(absl::BytesToHexString(absl::string_view(
                reinterpret_cast<const char*>(summary.sha256.data()),
                summary.sha256.size())),
            "6c63fca03aef2265e1f114f9e7691b79"
            "f99c67b8b55b56c7b8a9c2bac922e970");
}

TEST(SummarizeTest, ACertificateMayHaveNoNames) {
  const bssl::UniquePtr<X509> leaf = TestCertificate("leaf_cn_only");
  ASSERT_NE(leaf, nullptr);
  EXPECT_TRUE(Summarize(*leaf).names.empty());
  EXPECT_EQ(Summarize(*leaf).names_left_out, 0u);
}

// A certificate with the names, in OpenSSL's form.
CertificateSummary SummaryWithNames(const std::string& names) {
  const bssl::UniquePtr<EVP_PKEY> key = MakeTestKey();
  return Summarize(
      *MakeTestCertificate({.subject = "s",
                            .issuer = "i",
                            .key = key.get(),
                            .issuer_key = key.get(),
                            .extensions = {"subjectAltName=" + names}}));
}

TEST(SummarizeTest, ListsSixteenNamesAndCountsTheOthers) {
  std::string names = "DNS:n0";
  for (int i = 1; i < 20; ++i) {
    names += ",DNS:n" + std::to_string(i);
  }
  const CertificateSummary summary = SummaryWithNames(names);
  EXPECT_EQ(summary.names.size(), kMaxSummaryNames);
  EXPECT_EQ(summary.names.back(), "n15");
  EXPECT_EQ(summary.names_left_out, 4u);
}

TEST(SummarizeTest, ListsNoMoreThan512BytesOfNames) {
  const std::string name(150, 'n');
  const CertificateSummary summary =
      SummaryWithNames("DNS:" + name + ",DNS:" + name + ",DNS:" + name +
                       ",DNS:" + name + ",DNS:short");
  EXPECT_THAT(summary.names, ElementsAre(name, name, name));
  EXPECT_EQ(summary.names_left_out, 2u) << "nor a shorter one behind it";
}

TEST(SummarizeTest, OtherKindsOfNamesAreNotOfAServer) {
  const CertificateSummary summary =
      SummaryWithNames("email:a@b.example,DNS:a.example,URI:https://c.example");
  EXPECT_THAT(summary.names, ElementsAre("a.example"));
  EXPECT_EQ(summary.names_left_out, 0u);
}

TEST(SummarizeTest, AnEmptySummaryIsNeverValid) {
  const CertificateSummary summary;
  EXPECT_GT(summary.not_before, summary.not_after);
}

TEST(PrintableNameTest, EscapesWhatWouldBreakALogLine) {
  const bssl::UniquePtr<X509> leaf = TestCertificate("leaf_hostile_subject");
  ASSERT_NE(leaf, nullptr);
  const std::string subject = PrintableName(*X509_get_subject_name(leaf.get()));
  EXPECT_EQ(subject, "CN=" + std::string(60, 'a') +
                         ",O=line\\0Abreak\\1B[31m \\\"quoted\\\"\\, \\C3\\A9");
  EXPECT_TRUE(IsPrintable(subject));
}

TEST(PrintableNameTest, CutsALongName) {
  bssl::UniquePtr<X509_NAME> name(X509_NAME_new());
  for (int i = 0; i < 10; ++i) {
    const std::string part(60, static_cast<char>('a' + i));
    ASSERT_EQ(X509_NAME_add_entry_by_NID(
                  name.get(), NID_organizationalUnitName, MBSTRING_ASC,
                  reinterpret_cast<const uint8_t*>(part.data()),
                  static_cast<int>(part.size()), -1, 0),
              1);
  }
  const std::string text = PrintableName(*name);
  EXPECT_EQ(text.size(), kMaxPrintedNameBytes);
  EXPECT_THAT(text, EndsWith("..."));
  EXPECT_TRUE(absl::StartsWith(text, "OU=jjjj"));
}

TEST(PrintableNameTest, ANameOfExactlyTheLimitIsNotCut) {
  // Three times "OU=", 60 bytes and a comma: 192; "O=abcdef": 200.
  bssl::UniquePtr<X509_NAME> name = NameOf("abcdef");
  for (int i = 0; i < 3; ++i) {
    const std::string part(60, 'x');
    ASSERT_EQ(X509_NAME_add_entry_by_NID(
                  name.get(), NID_organizationalUnitName, MBSTRING_ASC,
                  reinterpret_cast<const uint8_t*>(part.data()),
                  static_cast<int>(part.size()), -1, 0),
              1);
  }
  const std::string text = PrintableName(*name);
  EXPECT_EQ(text.size(), kMaxPrintedNameBytes);
  EXPECT_THAT(text, EndsWith("O=abcdef"));
}

TEST(PrintableNameTest, AnEmptyNameIsSaidToBeEmpty) {
  const bssl::UniquePtr<X509_NAME> name(X509_NAME_new());
  EXPECT_EQ(PrintableName(*name), "(empty)");
}

TEST(PrintableNameTest, EveryByteValueComesOutPrintable) {
  for (int value = 1; value < 128; ++value) {
    const std::string byte(1, static_cast<char>(value));
    EXPECT_TRUE(IsPrintable(PrintableName(*NameOf("a" + byte + "b")))) << value;
  }
}

TEST(DescribeAlternativeNamesTest, ListsNamesAndAddresses) {
  const bssl::UniquePtr<X509> leaf = TestCertificate("leaf_good");
  ASSERT_NE(leaf, nullptr);
  EXPECT_EQ(DescribeAlternativeNames(*leaf),
            "DNS:ovoc.example.net, DNS:*.pool.example.net, IP:192.0.2.10, "
            "IP:2001:db8::10");
}

TEST(DescribeAlternativeNamesTest, SaysWhenThereAreNone) {
  const bssl::UniquePtr<X509> leaf = TestCertificate("leaf_cn_only");
  ASSERT_NE(leaf, nullptr);
  EXPECT_EQ(DescribeAlternativeNames(*leaf), "no DNS name or IP address");
  const bssl::UniquePtr<X509> old = TestCertificate("leaf_v1");
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(DescribeAlternativeNames(*old), "no DNS name or IP address");
}

struct TimeCase {
  std::string name;
  int type;
  std::string text;
  absl::Time expected;  // InfiniteFuture: unreadable
};

// A certificate whose notBefore has the given form.
Validity ReadForm(int type, const std::string& text) {
  bssl::UniquePtr<X509> certificate(X509_new());
  bssl::UniquePtr<ASN1_TIME> time(ASN1_STRING_type_new(type));
  EXPECT_EQ(
      ASN1_STRING_set(time.get(), text.data(), static_cast<int>(text.size())),
      1);
  EXPECT_EQ(X509_set1_notBefore(certificate.get(), time.get()), 1);
  const bssl::UniquePtr<ASN1_TIME> end(
      ASN1_TIME_set(nullptr, absl::ToTimeT(Utc(2049, 12, 31, 23, 59, 59))));
  EXPECT_EQ(X509_set1_notAfter(certificate.get(), end.get()), 1);
  return ReadValidity(*certificate);
}

TEST(ReadValidityTest, ReadsTheFormsOfRfc5280AndNoOther) {
  const absl::Time none = absl::InfiniteFuture();
  const int utc = V_ASN1_UTCTIME;
  const int generalized = V_ASN1_GENERALIZEDTIME;
  const TimeCase cases[] = {
      {"UTCTime", utc, "261123015943Z", Utc(2026, 11, 23, 1, 59, 43)},
      {"last year of the 21st", utc, "490101000000Z", Utc(2049, 1, 1)},
      {"first year of the 20th", utc, "500101000000Z", Utc(1950, 1, 1)},
      {"GeneralizedTime", generalized, "21200101000000Z", Utc(2120, 1, 1)},
      {"leap day", generalized, "20240229000000Z", Utc(2024, 2, 29)},
      {"end of time", generalized, "99991231235959Z",
       Utc(9999, 12, 31, 23, 59, 59)},
      {"no leap day", generalized, "20230229000000Z", none},
      {"31st of April", utc, "260431000000Z", none},
      {"month 0", utc, "260001000000Z", none},
      {"month 13", utc, "261301000000Z", none},
      {"day 0", utc, "261100000000Z", none},
      {"hour 24", utc, "261123240000Z", none},
      {"minute 60", utc, "261123006000Z", none},
      {"leap second", utc, "261231235960Z", none},
      {"no seconds", utc, "2611230159Z", none},
      {"offset", utc, "261123015943+0000", none},
      {"no Z", utc, "261123015943", none},
      {"small z", utc, "261123015943z", none},
      {"a letter", utc, "26112301594aZ", none},
      {"a sign", utc, "+61123015943Z", none},
      {"fraction", generalized, "20261123015943.5Z", none},
      {"two-digit year", generalized, "261123015943Z", none},
      {"four-digit year", utc, "20261123015943Z", none},
      {"another type", V_ASN1_IA5STRING, "261123015943Z", none},
      {"empty", utc, "", none},
  };
  for (const TimeCase& c : cases) {
    SCOPED_TRACE(c.name);
    const Validity validity = ReadForm(c.type, c.text);
    EXPECT_EQ(validity.not_before, c.expected);
    if (c.expected == none) {
      EXPECT_EQ(validity.not_after, absl::InfinitePast());
    } else {
      EXPECT_EQ(validity.not_after, Utc(2049, 12, 31, 23, 59, 59));
    }
  }
}

}  // namespace
}  // namespace ovoc::auth
