// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_certificate.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "auth/testing/certificate_test_data.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

NaiveCertificate Read(absl::string_view name) {
  return ReadNaiveCertificate(auth::TestDer(name));
}

TEST(NaiveCertificateTest, ReadsEveryCertificateOfTheTests) {
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("testdata/certificates")) {
    if (entry.path().extension() == ".pem") {
      const NaiveCertificate read = Read(entry.path().stem().string());
      EXPECT_TRUE(read.ok) << entry.path();
      EXPECT_TRUE(absl::StartsWith(read.subject, "\x30")) << entry.path();
      EXPECT_TRUE(absl::StrContains(read.issuer, "OVOC Test")) << entry.path();
      ++count;
    }
  }
  EXPECT_GT(count, 0);
}

TEST(NaiveCertificateTest, CutAnywhereItIsNotOk) {
  const std::vector<uint8_t> der = auth::TestDer("leaf_good");
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(ReadNaiveCertificate(absl::MakeConstSpan(der).first(size)).ok);
  }
}

TEST(NaiveCertificateTest, FindsNames) {
  const NaiveCertificate good = Read("leaf_good");
  for (const absl::string_view name :
       {"ovoc.example.net", "OVOC.Example.Net.", "a.pool.example.net",
        "192.0.2.10", "2001:db8::10"}) {
    EXPECT_TRUE(Holds(good, name)) << name;
  }
  for (const absl::string_view name :
       {"example.net", "a.ovoc.example.net", "pool.example.net",
        ".pool.example.net", "a.b.pool.example.net", "192.0.2.11",
        "2001:db8::11", ""}) {
    EXPECT_FALSE(Holds(good, name)) << name;
  }
  EXPECT_FALSE(Holds(Read("leaf_cn_only"), "ovoc.example.net"));
  EXPECT_FALSE(Holds(Read("leaf_ip_as_dns"), "192.0.2.10"));
  EXPECT_FALSE(Holds(Read("leaf_odd_wildcards"), "net"));
}

TEST(NaiveCertificateTest, ReadsExtensions) {
  NaiveCertificate good = Read("leaf_good");
  EXPECT_TRUE(KeepsExtensionRules(good));
  EXPECT_TRUE(KeepsExtensionRules(Read("intermediate_dns_constrained")));
  EXPECT_FALSE(KeepsExtensionRules(Read("leaf_unknown_critical")));
  EXPECT_FALSE(good.critical_extensions.empty());
  good.extensions.push_back(good.extensions[0]);
  EXPECT_FALSE(KeepsExtensionRules(good));
}

TEST(NaiveCertificateTest, FollowsIssuers) {
  const std::vector<NaiveCertificate> roots = {Read("root_ec")};
  const std::vector<NaiveCertificate> others = {Read("root_unknown")};
  const std::vector<NaiveCertificate> chain = {
      Read("leaf_good"), Read("leaf_rsa"), Read("intermediate_ec")};
  EXPECT_TRUE(IsAnchored(chain, roots));
  EXPECT_FALSE(IsAnchored(chain, others));
  EXPECT_FALSE(IsAnchored(absl::MakeConstSpan(chain).first(2), roots));
}

// An element of DER, X.690 8.1.
std::string Der(int tag, const std::string& value) {
  std::string header(1, static_cast<char>(tag));
  if (value.size() >= 0x100) {
    header += '\x82';
    header += static_cast<char>(value.size() / 0x100);
  } else if (value.size() >= 0x80) {
    header += '\x81';
  }
  header += static_cast<char>(value.size() % 0x100);
  return header + value;
}

std::string Extension(const std::string& kind, const std::string& critical,
                      const std::string& value) {
  return Der(0x30, absl::StrCat(Der(0x06, kind), critical, Der(0x04, value)));
}

const std::string kCritical = "\x01\x01\xff";
const std::string kSubjectAltName = "\x55\x1d\x11";
const std::string kVersion3 = Der(0xA0, Der(0x02, "\x02"));

// The parts of RFC 5280 4.1 that nothing here depends on are empty.
std::string CertificateWith(const std::string& version,
                            const std::string& behind_key) {
  const std::string empty = Der(0x30, "");
  const std::string body =
      absl::StrCat(version, Der(0x02, "\x01"), empty, Der(0x30, "issuer"),
                   empty, Der(0x30, "subject"), empty, behind_key);
  return Der(0x30, absl::StrCat(Der(0x30, body), empty, Der(0x03, "s")));
}

NaiveCertificate ReadDer(const std::string& der) {
  return ReadNaiveCertificate(
      {reinterpret_cast<const uint8_t*>(der.data()), der.size()});
}

NaiveCertificate ReadWith(const std::string& extensions) {
  return ReadDer(CertificateWith(kVersion3, Der(0xA3, Der(0x30, extensions))));
}

TEST(NaiveCertificateDerTest, ReadsWhatWasWritten) {
  const std::string names = absl::StrCat(
      Der(0x81, "a@b.example"), Der(0x82, "a.example"), Der(0x86, "b.example"),
      Der(0x87, "\xC0\x01\x02\x0A"), Der(0x82, "c.example"));
  const NaiveCertificate read =
      ReadWith(Extension(kSubjectAltName, "", Der(0x30, names)));
  EXPECT_TRUE(read.ok);
  EXPECT_EQ(read.issuer, Der(0x30, "issuer"));
  EXPECT_EQ(read.subject, Der(0x30, "subject"));
  EXPECT_EQ(read.dns_names,
            (std::vector<std::string>{"a.example", "c.example"}));
  EXPECT_EQ(read.addresses, std::vector<std::string>{"\xC0\x01\x02\x0A"});
  EXPECT_EQ(read.extensions, std::vector<std::string>{kSubjectAltName});
  EXPECT_TRUE(read.critical_extensions.empty());
}

TEST(NaiveCertificateDerTest, VersionUniqueIdsAndExtensionsMayBeMissing) {
  const NaiveCertificate first = ReadDer(CertificateWith("", ""));
  EXPECT_TRUE(first.ok);
  EXPECT_EQ(first.issuer, Der(0x30, "issuer"));
  EXPECT_EQ(first.subject, Der(0x30, "subject"));
  EXPECT_TRUE(first.extensions.empty());
  const std::string extension = Extension("\x55\x1d\x0f", "", "");
  const NaiveCertificate ids = ReadDer(CertificateWith(
      kVersion3, absl::StrCat(Der(0x81, "i"), Der(0x82, "s"),
                              Der(0xA3, Der(0x30, extension)))));
  EXPECT_EQ(ids.extensions, std::vector<std::string>{"\x55\x1d\x0f"});
  EXPECT_TRUE(ids.dns_names.empty()) << "[2] of a certificate is no name";
}

TEST(NaiveCertificateDerTest, ReadsLongLengths) {
  for (const size_t size : {0u, 1u, 127u, 128u, 255u, 256u, 1000u}) {
    const std::string name(size, 'a');
    const NaiveCertificate read = ReadWith(
        Extension(kSubjectAltName, kCritical, Der(0x30, Der(0x82, name))));
    EXPECT_TRUE(read.ok) << size;
    EXPECT_EQ(read.dns_names, std::vector<std::string>{name}) << size;
  }
}

TEST(NaiveCertificateDerTest, RefusesOtherLengths) {
  const std::string whole = CertificateWith(kVersion3, "");
  ASSERT_LT(whole.size(), 128u);
  const std::string inside = whole.substr(2);
  const std::string size(1, static_cast<char>(inside.size()));
  const std::string zeros(3, '\0');
  EXPECT_TRUE(ReadDer(absl::StrCat("\x30", size, inside)).ok);
  EXPECT_FALSE(ReadDer(absl::StrCat("\x30", size, inside, "x")).ok)
      << "a byte behind it";
  EXPECT_FALSE(ReadDer(absl::StrCat("\x31", size, inside)).ok) << "a set";
  EXPECT_FALSE(ReadDer(absl::StrCat("\x30\x85", zeros, std::string(1, '\0'),
                                    size, inside))
                   .ok)
      << "five octets";
  EXPECT_FALSE(ReadDer(absl::StrCat("\x30\x80", inside,
                                    std::string(128 - inside.size(), '\0')))
                   .ok)
      << "indefinite";
  EXPECT_FALSE(ReadDer(absl::StrCat("\x30\x84\xff\xff\xff\xff", inside)).ok)
      << "4 GiB";
}

TEST(NaiveCertificateDerTest, CriticalIsAsItIsWritten) {
  const std::string kind = "\x55\x1d\x0f";
  const auto is_critical = [&kind](const std::string& critical) {
    const NaiveCertificate read = ReadWith(Extension(kind, critical, "v"));
    EXPECT_EQ(read.extensions, std::vector<std::string>{kind});
    return !read.critical_extensions.empty();
  };
  EXPECT_TRUE(is_critical(kCritical));
  EXPECT_FALSE(is_critical(""));
  EXPECT_FALSE(is_critical(std::string("\x01\x01\x00", 3)));
}

struct NameCase {
  absl::string_view held;
  absl::string_view name;
  bool is_one;
};

// RFC 9525 6.3: a wildcard is the whole left-most label, and stands for one.
constexpr NameCase kNames[] = {
    {"www.example.com", "www.example.com", true},
    {"WWW.Example.COM", "www.example.com", true},
    {"www.example.com", "www.example.com.", true},
    {"www.example.com.", "www.example.com", false},
    {"www.example.com", "www.example.com..", false},
    {"www.example.com", "example.com", false},
    {"www.example.com", "www.example.co", false},
    {"example.com", "www.example.com", false},
    {"www.example.com", "wwwxexample.com", false},
    {"*.example.com", "www.example.com", true},
    {"*.EXAMPLE.com", "WWW.example.COM", true},
    {"*.example.com", "www.example.com.", true},
    {"*.example.com", "example.com", false},
    {"*.example.com", ".example.com", false},
    {"*.example.com", "a.www.example.com", false},
    {"*.example.com", "www.example.org", false},
    {"*.example.com", "wwwexample.com", false},
    {"f*.example.com", "foo.example.com", false},
    {"*o.example.com", "foo.example.com", false},
    {"**.example.com", "foo.example.com", false},
    {"www.*.com", "www.example.com", false},
    {"*.*.com", "www.example.com", false},
    {"www.example.*", "www.example.com", false},
    {"*.com", "example.com", false},
    {"*", "localhost", false},
    {"*.", "localhost", false},
    {"*.example.com*", "www.example.com", false},
    // An address is never among the names.
    {"192.0.2.10", "192.0.2.10", false},
    {"*.0.2.10", "192.0.2.10", false},
    {"2001:db8::10", "2001:db8::10", false},
    // What ends early in C is a different name.
    {absl::string_view("www.example.com\0.evil.example", 29), "www.example.com",
     false},
};

TEST(NaiveCertificateNamesTest, ComparesWholeLabels) {
  for (const NameCase& c : kNames) {
    NaiveCertificate certificate;
    certificate.dns_names = {"other.example", std::string(c.held)};
    EXPECT_EQ(Holds(certificate, c.name), c.is_one) << c.held << " " << c.name;
  }
}

TEST(NaiveCertificateNamesTest, ComparesAddressesByTheirBytes) {
  const std::string v4 = "\xC0\x01\x02\x0A";
  const std::string mapped =
      absl::StrCat(std::string(10, '\0'), "\xff\xff", v4);
  NaiveCertificate four;
  four.addresses = {v4};
  EXPECT_TRUE(Holds(four, "192.1.2.10"));
  EXPECT_FALSE(Holds(four, "192.1.2.11"));
  EXPECT_FALSE(Holds(four, "192.1.2.10."));
  EXPECT_FALSE(Holds(four, "192.1.2.010"));
  EXPECT_FALSE(Holds(four, "::ffff:192.1.2.10"));
  EXPECT_FALSE(Holds(four, "www.example.com"));
  NaiveCertificate sixteen;
  sixteen.addresses = {mapped};
  EXPECT_TRUE(Holds(sixteen, "::ffff:192.1.2.10"));
  EXPECT_TRUE(Holds(sixteen, "0:0:0:0:0:FFFF:C001:20A"));
  EXPECT_FALSE(Holds(sixteen, "192.1.2.10"));
  NaiveCertificate odd;
  odd.addresses = {v4 + "x", v4.substr(1), ""};
  EXPECT_FALSE(Holds(odd, "192.1.2.10"));
}

// OBJECT IDENTIFIER: 2.5.29.X is 55 1d X.
TEST(NaiveCertificateExtensionsTest, OnlyTenKindsMayBeCritical) {
  for (const std::string& kind :
       {std::string("\x55\x1d\x0f"),  // keyUsage
        std::string("\x55\x1d\x11"),  // subjectAltName
        std::string("\x55\x1d\x13"),  // basicConstraints
        std::string("\x55\x1d\x1e"),  // nameConstraints
        std::string("\x55\x1d\x20"),  // certificatePolicies
        std::string("\x55\x1d\x21"),  // policyMappings
        std::string("\x55\x1d\x24"),  // policyConstraints
        std::string("\x55\x1d\x25"),  // extKeyUsage
        std::string("\x55\x1d\x36"),  // inhibitAnyPolicy
        std::string("\x60\x86\x48\x01\x86\xf8\x42\x01\x01")}) {  // nsCertType
    EXPECT_TRUE(KeepsExtensionRules(ReadWith(Extension(kind, kCritical, ""))));
  }
  for (const std::string& kind :
       {std::string("\x55\x1d\x0e"),  // subjectKeyIdentifier
        std::string("\x55\x1d\x12"),  // issuerAltName
        std::string("\x55\x1d\x1f"),  // cRLDistributionPoints
        std::string("\x55\x1d\x23"),  // authorityKeyIdentifier
        std::string("\x55\x1d\x63"), std::string("\x55\x1d"),
        std::string("\x55\x1d\x0f\x01")}) {
    EXPECT_FALSE(KeepsExtensionRules(ReadWith(Extension(kind, kCritical, ""))));
    EXPECT_TRUE(KeepsExtensionRules(ReadWith(Extension(kind, "", ""))));
  }
}

TEST(NaiveCertificateExtensionsTest, NoneMayBeThereTwice) {
  const std::string name = Der(0x30, Der(0x82, "a.example"));
  const std::string other = Der(0x30, Der(0x82, "b.example"));
  const NaiveCertificate read =
      ReadWith(absl::StrCat(Extension(kSubjectAltName, "", name),
                            Extension("\x55\x1d\x0f", kCritical, ""),
                            Extension(kSubjectAltName, "", other)));
  EXPECT_FALSE(KeepsExtensionRules(read));
  EXPECT_TRUE(Holds(read, "a.example"));
  EXPECT_TRUE(Holds(read, "b.example"));
  EXPECT_TRUE(KeepsExtensionRules(ReadWith("")));
}

NaiveCertificate Issued(const std::string& issuer, const std::string& subject) {
  NaiveCertificate certificate;
  certificate.issuer = issuer;
  certificate.subject = subject;
  return certificate;
}

TEST(NaiveCertificateAnchorTest, FollowsIssuersInAnyOrder) {
  const std::vector<NaiveCertificate> roots = {Issued("other", "other"),
                                               Issued("root", "root")};
  const std::vector<NaiveCertificate> chain = {
      Issued("a", "leaf"), Issued("root", "c"), Issued("x", "y"),
      Issued("c", "b"), Issued("b", "a")};
  EXPECT_TRUE(IsAnchored(chain, roots));
  EXPECT_FALSE(IsAnchored(chain, {}));
  EXPECT_FALSE(IsAnchored(chain, absl::MakeConstSpan(roots).first(1)));
  for (const size_t missing : {1u, 3u, 4u}) {
    std::vector<NaiveCertificate> gap = chain;
    gap[missing].subject = "?";
    EXPECT_FALSE(IsAnchored(gap, roots)) << missing;
  }
  // Issuers of others do not count, nor the root's name in the wrong place.
  EXPECT_FALSE(IsAnchored(
      std::vector<NaiveCertificate>{Issued("a", "leaf"), Issued("root", "b")},
      roots));
  EXPECT_FALSE(
      IsAnchored(std::vector<NaiveCertificate>{Issued("a", "root")}, roots));
}

TEST(NaiveCertificateAnchorTest, TakesTheRootItselfAndEndsInCircles) {
  const std::vector<NaiveCertificate> roots = {Issued("root", "root")};
  EXPECT_TRUE(IsAnchored(roots, roots));
  EXPECT_TRUE(
      IsAnchored(std::vector<NaiveCertificate>{Issued("root", "leaf")}, roots));
  EXPECT_FALSE(
      IsAnchored(std::vector<NaiveCertificate>{Issued("self", "self")}, roots));
  std::vector<NaiveCertificate> circle = {Issued("a", "leaf"), Issued("b", "a"),
                                          Issued("a", "b")};
  EXPECT_FALSE(IsAnchored(circle, roots));
  circle.push_back(Issued("root", "b"));  // the same name, signed by another
  EXPECT_TRUE(IsAnchored(circle, roots));
}

}  // namespace
}  // namespace ovoc::fuzz
