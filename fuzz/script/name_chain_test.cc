// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/name_chain.h"

#include <openssl/asn1.h>
#include <openssl/base.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "fuzz/oracle/naive_certificate.h"
#include "fuzz/script/byte_source.h"
#include "gtest/gtest.h"
#include "netif/testing/flow_packet.h"

namespace ovoc::fuzz {
namespace {

std::vector<NameCertificate> Read(const std::vector<uint8_t>& input) {
  ByteSource source(input);
  return ReadNameChain(&source);
}

TEST(NameChainTest, ReadsNamesAndConstraints) {
  const std::vector<NameCertificate> chain =
      Read({0,  // two certificates
            1, 1, 0, 1, 'x', 2,   2, 1, 'a', 7, 4, 1, 2, 3, 4,  // names
            2, 0, 1, 2, 1,   'b', 0});                          // permitted
  ASSERT_EQ(chain.size(), 2u);
  EXPECT_EQ(chain[0].subject, std::vector<std::string>{"cx"});
  ASSERT_EQ(chain[0].names.size(), 2u);
  EXPECT_EQ(chain[0].names[0].text, "a");
  EXPECT_EQ(chain[0].names[1].kind, ScriptName::kIp);
  EXPECT_TRUE(chain[1].has_constraints);
  EXPECT_EQ(chain[1].permitted.size(), 1u);
  EXPECT_TRUE(chain[1].excluded.empty());
}

TEST(NameChainTest, BoringSslReadsWhatIsMade) {
  std::vector<NameCertificate> chain(2);
  chain[0].subject = {"cx", "ea@b", "oA"};
  chain[0].has_names = true;
  chain[0].names = {{ScriptName::kDns, "a.b", {}},
                    {ScriptName::kIp, "1234", {}},
                    {ScriptName::kDirectory, "", {"cy"}}};
  chain[1].has_constraints = true;
  chain[1].permitted = {{ScriptName::kDns, "b", {}}};
  const std::vector<bssl::UniquePtr<X509>> made = MakeCertificates(chain);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(X509_NAME_entry_count(X509_get_subject_name(made[0].get())), 3);
  EXPECT_GE(X509_get_ext_by_NID(made[1].get(), NID_name_constraints, -1), 0);
  uint8_t* der = nullptr;
  const int size = i2d_X509(made[0].get(), &der);
  ASSERT_GT(size, 0);
  const NaiveCertificate read =
      ReadNaiveCertificate({der, static_cast<size_t>(size)});
  OPENSSL_free(der);
  EXPECT_EQ(read.dns_names, std::vector<std::string>{"a.b"});
  EXPECT_EQ(read.addresses, std::vector<std::string>{"1234"});
}

// The value of an extension; "none" if there is none.
std::string ExtensionOf(const X509& certificate, int nid) {
  const int place = X509_get_ext_by_NID(&certificate, nid, -1);
  if (place < 0) {
    return "none";
  }
  const ASN1_OCTET_STRING* const value =
      X509_EXTENSION_get_data(X509_get_ext(&certificate, place));
  const unsigned char* const data = ASN1_STRING_get0_data(value);
  return std::string(data, data + ASN1_STRING_length(value));
}

// The two extensions of a leaf with these names, or of its issuer.
std::string NamesOf(const std::vector<ScriptName>& names) {
  std::vector<NameCertificate> chain(2);
  chain[0].has_names = true;
  chain[0].names = names;
  const auto made = MakeCertificates(chain);
  return made.empty() ? "unread" : ExtensionOf(*made[0], NID_subject_alt_name);
}

std::string ConstraintsOf(const std::vector<ScriptName>& permitted,
                          const std::vector<ScriptName>& excluded) {
  std::vector<NameCertificate> chain(2);
  chain[1].has_constraints = true;
  chain[1].permitted = permitted;
  chain[1].excluded = excluded;
  const auto made = MakeCertificates(chain);
  return made.empty() ? "unread" : ExtensionOf(*made[1], NID_name_constraints);
}

ScriptName Of(int kind, absl::string_view text) {
  return {kind, std::string(text), {}};
}

// RFC 5280 4.2.1.6: the kind is the tag, [0], [3], [4] and [5] constructed.
TEST(NameChainTest, WritesEachKindOfName) {
  EXPECT_EQ(NamesOf({}), std::string("\x30\0", 2));
  const unsigned char tags[] = {0xA0, 0x81, 0x82, 0xA3, 0xA4,
                                0xA5, 0x86, 0x87, 0x88};
  for (int kind = 0; kind < 9; ++kind) {
    const std::string expected = {'\x30', '\x03', static_cast<char>(tags[kind]),
                                  '\x01', 'a'};
    if (kind != ScriptName::kDirectory) {
      EXPECT_EQ(NamesOf({Of(kind, "a")}), expected) << kind;
    }
  }
  EXPECT_EQ(NamesOf({Of(2, "a"), Of(2, "bc")}),
            "\x30\x07\x82\x01"
            "a\x82\x02"
            "bc");
}

TEST(NameChainTest, WritesADirectoryName) {
  // [4] { SEQUENCE { SET { SEQUENCE { 2.5.4.10, "ab" } } } }; the text with its
  // attribute's letter has three octets: a PrintableString.
  EXPECT_EQ(NamesOf({{ScriptName::kDirectory, "", {"oab"}}}),
            std::string("\x30\x11\xA4\x0F\x30\x0D\x31\x0B\x30\x09"
                        "\x06\x03\x55\x04\x0A\x13\x02"
                        "ab"));
  // Four octets: a UTF8String.
  EXPECT_EQ(NamesOf({{ScriptName::kDirectory, "", {"cabc"}}}),
            std::string("\x30\x12\xA4\x10\x30\x0E\x31\x0C\x30\x0A"
                        "\x06\x03\x55\x04\x03\x0C\x03"
                        "abc"));
}

TEST(NameChainTest, WritesPermittedAndExcludedSubtrees) {
  // RFC 5280 4.2.1.10: [0] and [1], each of GeneralSubtrees; left out if empty.
  EXPECT_EQ(ConstraintsOf({Of(2, "b")}, {}),
            std::string("\x30\x07\xA0\x05\x30\x03\x82\x01"
                        "b"));
  EXPECT_EQ(ConstraintsOf({}, {Of(2, "b")}),
            std::string("\x30\x07\xA1\x05\x30\x03\x82\x01"
                        "b"));
  EXPECT_EQ(ConstraintsOf({Of(2, "b")}, {Of(2, "c")}),
            std::string("\x30\x0E\xA0\x05\x30\x03\x82\x01"
                        "b\xA1\x05\x30\x03\x82\x01"
                        "c"));
  EXPECT_EQ(ConstraintsOf({}, {}), std::string("\x30\0", 2));
}

// X.690 8.1.3: lengths of one octet, of two and of three.
TEST(NameChainTest, WritesLengthsOfEachForm) {
  const struct {
    size_t bytes;
    std::string head;
  } kCases[] = {
      {0, std::string("\x30\x02\x82\x00", 4)},
      {125, "\x30\x7F\x82\x7D"},
      {126, "\x30\x81\x80\x82\x7E"},
      {127, "\x30\x81\x81\x82\x7F"},
      {128, "\x30\x81\x83\x82\x81\x80"},
      {252, "\x30\x81\xFF\x82\x81\xFC"},
      {253, std::string("\x30\x82\x01\x00\x82\x81\xFD", 7)},
      {255, "\x30\x82\x01\x02\x82\x81\xFF"},
      {256, std::string("\x30\x82\x01\x04\x82\x82\x01\x00", 8)},
  };
  for (const auto& test : kCases) {
    const std::string text(test.bytes, 'x');
    EXPECT_EQ(NamesOf({Of(2, text)}), test.head + text) << test.bytes;
  }
}

TEST(NameChainTest, RawExtensionsAreTheInputsBytes) {
  const std::vector<NameCertificate> chain = Read({0,                       //
                                                   1 | 2 | 8, 0,            //
                                                   3, 'a', 0, 0xFF, 1, 7,   //
                                                   8, 0, 1, 'b', 1, 'c'});  //
  ASSERT_EQ(chain.size(), 2u);
  EXPECT_TRUE(chain[0].is_raw && chain[1].is_raw);
  const auto made = MakeCertificates(chain);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(ExtensionOf(*made[0], NID_subject_alt_name),
            std::string("a\0\xFF", 3));
  EXPECT_EQ(ExtensionOf(*made[0], NID_name_constraints), "\x07");
  EXPECT_EQ(ExtensionOf(*made[1], NID_subject_alt_name), "none")
      << "the flags ask for neither";
  EXPECT_EQ(ExtensionOf(*made[1], NID_name_constraints), "none");
}

TEST(NameChainTest, AnIssuerIsTheNextSubjectOrItsOwn) {
  std::vector<NameCertificate> chain(3);
  chain[0].subject = {"cleaf"};
  chain[1].subject = {"cmiddle"};
  chain[2].subject = {"canchor"};
  for (const bool is_own : {false, true}) {
    chain[1].is_self_issued = is_own;
    const auto made = MakeCertificates(chain);
    ASSERT_EQ(made.size(), 3u);
    const auto issuer_is = [&made](size_t one, size_t other) {
      return X509_NAME_cmp(X509_get_issuer_name(made[one].get()),
                           X509_get_subject_name(made[other].get())) == 0;
    };
    EXPECT_TRUE(issuer_is(0, 1));
    EXPECT_EQ(issuer_is(1, 2), !is_own);
    EXPECT_EQ(issuer_is(1, 1), is_own);
    EXPECT_TRUE(issuer_is(2, 2)) << "the last has nobody above";
  }
}

TEST(NameChainTest, ReadsEachFlagAndAttribute) {
  const std::vector<NameCertificate> chain =
      Read({1, 4,                                 // three; self-issued
            3, 0, 1, 'w', 1, 1, 'x', 6, 1, 0xFA,  // c, e, and 6 % 4 is o
            0, 1, 3, 0,                           // u, without a text
            0xF0, 4});                            // no flag; 4 % 4 is none
  ASSERT_EQ(chain.size(), 3u);
  EXPECT_TRUE(chain[0].is_self_issued);
  EXPECT_FALSE(chain[0].has_names || chain[0].has_constraints);
  EXPECT_EQ(chain[0].subject, (std::vector<std::string>{"cw", "ex", "oz"}))
      << "seven bits of a text";
  EXPECT_EQ(chain[1].subject, std::vector<std::string>{"u"});
  EXPECT_FALSE(chain[2].is_self_issued || chain[2].has_names ||
               chain[2].has_constraints || chain[2].is_raw);
  EXPECT_TRUE(chain[2].subject.empty());
}

TEST(NameChainTest, NumbersOfNamesAreBounded) {
  const auto names = [](uint8_t count) {
    return Read({0, 1, 0, count})[0].names.size();
  };
  EXPECT_EQ(names(33), 33u);
  EXPECT_EQ(names(34), 0u);
  EXPECT_EQ(names(255), 255u % 34);
  const std::vector<NameCertificate> chain = Read({0, 1, 0, 2, 8, 0, 9, 0});
  EXPECT_EQ(chain[0].names[0].kind, 8);
  EXPECT_EQ(chain[0].names[1].kind, 0) << "9 is the first that is too much";
}

TEST(NameChainTest, TheMostNamesOfTextStayReadable) {
  NameCertificate most;
  most.subject = std::vector<std::string>(3, "c" + std::string(255, 'x'));
  most.has_names = most.has_constraints = true;
  most.names = std::vector<ScriptName>(33, Of(2, std::string(255, 'x')));
  most.permitted = most.excluded = most.names;
  EXPECT_EQ(MakeCertificates({most, most, most}).size(), 3u);
}

TEST(NameChainTest, WhatNeedsLongerLengthsIsNoCertificate) {
  // 33 directories of three attributes, three times: more than 65535 bytes.
  NameCertificate most;
  most.has_names = most.has_constraints = true;
  most.names = std::vector<ScriptName>(
      33, {ScriptName::kDirectory, "",
           std::vector<std::string>(3, "c" + std::string(255, 'x'))});
  most.permitted = most.excluded = most.names;
  EXPECT_TRUE(MakeCertificates({most, most}).empty());
}

TEST(NameChainTest, AnyInputIsAChain) {
  int read = 0;
  for (uint32_t seed = 1; seed <= 200; ++seed) {
    const std::vector<NameCertificate> chain = Read(netif::Noise(300, seed));
    EXPECT_TRUE(chain.size() == 2 || chain.size() == 3);
    const size_t made = MakeCertificates(chain).size();
    EXPECT_TRUE(made == 0 || made == chain.size()) << "all or none";
    read += made == 0 ? 0 : 1;
    for (const NameCertificate& certificate : chain) {
      EXPECT_LE(certificate.subject.size(), 3u);
      EXPECT_LE(certificate.names.size(), 33u);
      EXPECT_TRUE(certificate.has_names || certificate.names.empty());
      EXPECT_TRUE(certificate.has_constraints || certificate.permitted.empty());
    }
  }
  EXPECT_GT(read, 100) << "most are certificates";
}

TEST(NameChainTest, ZerosAreAChainToo) {
  EXPECT_EQ(MakeCertificates(Read({})).size(), 2u);
}

}  // namespace
}  // namespace ovoc::fuzz
