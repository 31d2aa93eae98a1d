// SPDX-License-Identifier: Apache-2.0
#include "auth/testing/costly_chain.h"

#include <openssl/base.h>
#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "auth/testing/costly_certificate.h"

namespace ovoc::auth {
namespace {

using std::string;

string IsCa() { return Extension(19, Tlv(0x30, "\x01\x01\xff")); }

string Names(absl::string_view names) {
  return Extension(17, Tlv(0x30, names));
}

string Excluded(absl::string_view subtrees) {
  return Extension(30, Tlv(0x30, Tlv(0xa1, subtrees)));
}

// A leaf below A, A below B, and B and C below each other, `loops` times.
CostlyChain Loops(const string& leaf_subject, const string& leaf_extensions,
                  const string& a_extensions, size_t loops) {
  const bssl::UniquePtr<EVP_PKEY> key = P256Key(7);
  const string spki = PublicKey(key.get());
  CostlyChain costly;
  costly.roots_pem = PemOf(MakeCertificate(
      {CommonName("r"), CommonName("r"), IsCa(), spki, key.get()}));
  costly.presented = {
      MakeCertificate(
          {leaf_subject, CommonName("A"), leaf_extensions, spki, key.get()}),
      MakeCertificate({CommonName("A"), CommonName("B"), IsCa() + a_extensions,
                       spki, key.get()})};
  for (size_t i = 0; i < loops; ++i) {
    costly.presented.push_back(MakeCertificate(
        {CommonName("B"), CommonName("C"), IsCa(), spki, key.get()}));
    costly.presented.push_back(MakeCertificate(
        {CommonName("C"), CommonName("B"), IsCa(), spki, key.get()}));
  }
  return costly;
}

// A leaf below a trusted root.
CostlyChain Direct(const string& leaf_subject, const string& leaf_extensions) {
  const bssl::UniquePtr<EVP_PKEY> key = P256Key(7);
  const string spki = PublicKey(key.get());
  CostlyChain costly;
  costly.roots_pem = PemOf(MakeCertificate(
      {CommonName("r"), CommonName("r"), IsCa(), spki, key.get()}));
  costly.presented = {MakeCertificate(
      {leaf_subject, CommonName("r"), leaf_extensions, spki, key.get()})};
  return costly;
}

string OneDns() { return Names(Tlv(0x82, "ovoc.example.net")); }

CostlyChain DirectoryNames() {
  const string subject = Tlv(0x30, Repeat(3000, Tlv(0x31, Attribute("a"))));
  const string other =
      Tlv(0x30, Tlv(0xa4, Tlv(0x30, Repeat(2, Tlv(0x31, Attribute("a"))) +
                                        Tlv(0x31, Attribute("b")))));
  return Loops(subject, OneDns(), Excluded(Repeat(800, other)), 8);
}

CostlyChain DnsNames() {
  return Loops(CommonName("leaf"),
               Names(Repeat(13000,
                            "\x82\x01"
                            "a")),
               Excluded(Repeat(8000,
                               "\x30\x03\x82\x01"
                               "b")),
               8);
}

CostlyChain IpRanges() {
  return Loops(
      CommonName("leaf"), Names(Repeat(7000, "\x87\x04\x0a\x01\x01\x01")),
      Excluded(Repeat(
          3500,
          Tlv(0x30, Tlv(0x87, absl::string_view("\x0b\0\0\0\xff\0\0\0", 8))))),
      8);
}

CostlyChain CrossSignedLoops() {
  const bssl::UniquePtr<EVP_PKEY> key = P256Key(7);
  const string spki = PublicKey(key.get());
  CostlyChain costly = Loops(CommonName("leaf"), OneDns(), "", 0);
  for (const absl::string_view subject : {"A", "B", "C", "D", "E", "F", "G"}) {
    for (const absl::string_view issuer : {"A", "B", "C", "D", "E", "F", "G"}) {
      if (subject != issuer && costly.presented.size() < 40) {
        costly.presented.push_back(
            MakeCertificate({CommonName(subject), CommonName(issuer), IsCa(),
                             spki, key.get()}));
      }
    }
  }
  return costly;
}

CostlyChain RootsWithOneName() {
  const bssl::UniquePtr<EVP_PKEY> other = P256Key(8);
  CostlyChain costly = Direct(CommonName("leaf"), OneDns());
  costly.roots_pem.clear();
  for (size_t i = 0; i < 1024; ++i) {
    costly.roots_pem +=
        PemOf(MakeCertificate({CommonName("r"), CommonName("r"), IsCa(),
                               PublicKey(P256Key(100 + i).get())}));
  }
  return costly;
}

CostlyChain RootsAndLargeLeaf() {
  CostlyChain costly = RootsWithOneName();
  costly.presented =
      Direct(CommonName("leaf"),
             OneDns() + Extension(99, Tlv(0x04, string(64000, 'x'))))
          .presented;
  return costly;
}

CostlyChain HugeSanList() {
  return Direct(CommonName("leaf"), Names(Repeat(21000,
                                                 "\x82\x01"
                                                 "a")));
}

// The first issuer of the leaf leads nowhere, so that all ways over the others
// are gone.
CostlyChain HugeSanListOnManyWays() {
  const bssl::UniquePtr<EVP_PKEY> key = P256Key(7);
  const string spki = PublicKey(key.get());
  CostlyChain costly = Loops(CommonName("leaf"),
                             Names(Repeat(15000,
                                          "\x82\x01"
                                          "a")),
                             "", 0);
  const absl::string_view layers[] = {"A", "D", "E", "F", "G", "H", "r"};
  for (size_t i = 0; i + 1 < std::size(layers); ++i) {
    for (char number = 0; number < 3; ++number) {
      costly.presented.push_back(
          MakeCertificate({CommonName(layers[i]), CommonName(layers[i + 1]),
                           IsCa() + Extension(99, Tlv(0x04, string(1, number))),
                           spki, key.get()}));
    }
  }
  return costly;
}

CostlyChain HugeDirectorySanList() {
  return Direct(CommonName("leaf"),
                Names(Repeat(4000, Tlv(0xa4, CommonName("a")))));
}

CostlyChain CertificatePolicies() {
  string policies;
  string mappings;
  for (int i = 0; i < 600; ++i) {
    const string policy =
        Tlv(0x06, string({'\x2a', static_cast<char>(1 + i / 100),
                          static_cast<char>(i % 100)}));
    policies += Tlv(0x30, policy);
    for (int j = 0; j < 2; ++j) {
      const string to = Tlv(0x06, string({'\x2a', static_cast<char>(1 + j),
                                          static_cast<char>(i % 100)}));
      mappings += Tlv(0x30, policy + to);
    }
  }
  // Without requireExplicitPolicy nobody would look at them.
  const string extensions =
      Extension(32, Tlv(0x30, policies)) + Extension(33, Tlv(0x30, mappings)) +
      Extension(36, Tlv(0x30, Tlv(0x80, string(1, '\0'))));
  const bssl::UniquePtr<EVP_PKEY> key = P256Key(7);
  const string spki = PublicKey(key.get());
  CostlyChain costly = Direct(CommonName("leaf"), OneDns());
  costly.presented.clear();
  const char* const names[] = {"leaf", "A", "B", "C", "r"};
  for (size_t i = 0; i < 4; ++i) {
    costly.presented.push_back(MakeCertificate(
        {CommonName(names[i]), CommonName(names[i + 1]),
         (i == 0 ? OneDns() : IsCa()) + extensions, spki, key.get()}));
  }
  return costly;
}

CostlyChain LargeRsaKeys() {
  CostlyChain costly = Direct(CommonName("leaf"), OneDns());
  const bssl::UniquePtr<EVP_PKEY> key = P256Key(7);
  costly.presented = {MakeCertificate({CommonName("leaf"), CommonName("A"),
                                       OneDns(), PublicKey(key.get()), nullptr,
                                       string(1024, '\x11'), true})};
  for (int i = 0; i < 39; ++i) {
    costly.presented.push_back(
        MakeCertificate({CommonName("A"), CommonName("r"), IsCa(),
                         RsaPublicKey(8192, absl::StrCat(i)), key.get()}));
  }
  return costly;
}

CostlyChain ManyExtensions() {
  string all = OneDns();
  for (int i = 0; i < 4000; ++i) {
    all += Tlv(0x30, Tlv(0x06, string({'\x2a', static_cast<char>(i / 100 + 1),
                                       static_cast<char>(i % 100)})) +
                         Tlv(0x04, ""));
  }
  return Direct(CommonName("leaf"), all);
}

// Each has a name that is to be read behind the issuer's.
CostlyChain RelativeDistributionPoints() {
  const string point = Tlv(0x30, Tlv(0xa0, Tlv(0xa1, Attribute("a"))));
  const bssl::UniquePtr<EVP_PKEY> key = P256Key(7);
  const string spki = PublicKey(key.get());
  const string large = Tlv(0x30, Repeat(2200, Tlv(0x31, Attribute("a"))));
  CostlyChain costly;
  costly.roots_pem = PemOf(MakeCertificate(
      {CommonName("r"), CommonName("r"), IsCa(), spki, key.get()}));
  costly.presented = {
      MakeCertificate({CommonName("leaf"), large,
                       OneDns() + Extension(31, Tlv(0x30, Repeat(2000, point))),
                       spki, key.get()}),
      MakeCertificate({large, CommonName("r"), IsCa(), spki, key.get()})};
  return costly;
}

CostlyChain OneLargeRelativeName() {
  string attributes;
  for (int i = 4600; i > 0; --i) {
    attributes += Attribute(absl::StrCat(i % 97), static_cast<char>(i % 40));
  }
  return Direct(Tlv(0x30, Tlv(0x31, attributes)), OneDns());
}

constexpr CostlyKind kKinds[] = {
    {"directory_names", DirectoryNames},
    {"dns_names", DnsNames},
    {"ip_ranges", IpRanges},
    {"cross_signed_loops", CrossSignedLoops},
    {"roots_with_one_name", RootsWithOneName},
    {"roots_and_large_leaf", RootsAndLargeLeaf},
    {"huge_san_list", HugeSanList},
    {"huge_san_list_on_many_ways", HugeSanListOnManyWays},
    {"huge_directory_san_list", HugeDirectorySanList},
    {"certificate_policies", CertificatePolicies},
    {"large_rsa_keys", LargeRsaKeys},
    {"many_extensions", ManyExtensions},
    {"relative_distribution_points", RelativeDistributionPoints},
    {"one_large_relative_name", OneLargeRelativeName},
};

}  // namespace

std::vector<absl::Span<const uint8_t>> CostlyChain::spans() const {
  return {presented.begin(), presented.end()};
}

absl::Span<const CostlyKind> CostlyKinds() { return kKinds; }

}  // namespace ovoc::auth
