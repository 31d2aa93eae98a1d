// SPDX-License-Identifier: Apache-2.0
//
// Our verdict on certificate chains against OpenSSL's, over the certificates of
// testdata/certificates: each leaf below each root, with each intermediate of
// its issuer's name, with none and with all of them.
#include "conformance/x509/openssl_verdict.h"

#include <openssl/base.h>
#include <openssl/mem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/testing/certificate_test_data.h"
#include "auth/testing/test_certificate.h"
#include "conformance/x509/chain_verdict.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using ::testing::IsEmpty;
using Ders = std::vector<std::vector<uint8_t>>;
using Names = std::vector<std::string>;

// Difference: a reviewed one. `chain` is the leaf, or an issuer in the chain
// that it is about; `word` begins our reason.
struct Difference {
  std::string chain;
  std::string word;
  std::string why;
};

// Refused by us, accepted by OpenSSL.
std::vector<Difference> Stricter() {
  return {
      {"leaf_p521", "weak_key",
       "P-256 and P-384 are the curves of TLS servers"},
      {"leaf_p224", "weak_key", "112 bits: level 2 of OpenSSL, not ours"},
      {"leaf_secp256k1", "weak_key", "no curve for TLS"},
      {"leaf_under_p521", "weak_key", "as leaf_p521, in the issuer"},
      {"leaf_under_secp256k1", "weak_key", "as leaf_secp256k1, in the issuer"},
      {"leaf_sha224", "weak_signature",
       "112 bits: level 2 of OpenSSL, not ours"},
      {"leaf_deep_8", "path_length",
       "ten certificates, at most nine are followed"},
      {"leaf_is_ca", "purpose", "it is a CA certificate, not a server's"},
      {"leaf_under_root_v1", "malformed",
       "RFC 5280 4.2.1.9: a CA says that it is one"},
  };
}

// Accepted by us, refused by OpenSSL. Each needs a good reason.
std::vector<Difference> Milder() { return {}; }

Names FilesThatBeginWith(const std::string& prefix) {
  Names names;
  for (const auto& entry :
       std::filesystem::directory_iterator("testdata/certificates")) {
    const std::string name = entry.path().stem();
    if (entry.path().extension() == ".pem" && absl::StartsWith(name, prefix)) {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The file as TestPem has it, read once.
const std::string& PemOf(const std::string& name) {
  static std::map<std::string, std::string> files;
  std::string& pem = files[name];
  if (pem.empty()) {
    pem = auth::TestPem(name);
  }
  return pem;
}

const std::vector<uint8_t>& DerOf(const std::string& name) {
  static std::map<std::string, std::vector<uint8_t>> files;
  std::vector<uint8_t>& der = files[name];
  if (der.empty()) {
    der = auth::TestDer(name);
  }
  return der;
}

bool IsIssuer(const std::string& issuer, const std::string& subject) {
  return X509_NAME_cmp(
             X509_get_subject_name(auth::TestCertificate(issuer).get()),
             X509_get_issuer_name(auth::TestCertificate(subject).get())) == 0;
}

// What a server with this leaf may send along.
std::vector<Names> Intermediates(const std::string& leaf) {
  const Names all = FilesThatBeginWith("intermediate_");
  std::vector<Names> choices = {{}, all};
  for (const std::string& intermediate : all) {
    if (IsIssuer(intermediate, leaf)) {
      choices.push_back({intermediate});
    }
  }
  return choices;
}

std::string Pem(const Names& names) {
  std::string pem;
  for (const std::string& name : names) {
    absl::StrAppend(&pem, PemOf(name));
  }
  return pem;
}

Ders Der(const Names& names) {
  Ders ders;
  for (const std::string& name : names) {
    ders.push_back(DerOf(name));
  }
  return ders;
}

// Puts one question to both and keeps book of the differences.
class Comparison {
 public:
  explicit Comparison(OpensslVerifier openssl) : openssl_(std::move(openssl)) {}

  void Ask(const Names& roots, const Names& chain, const std::string& name,
           absl::Time time) {
    const absl::StatusOr<ChainVerdict> ours = JudgeChain(
        {Pem(roots), Pem(chain), name, auth::NameCheck::kRequired, time});
    ASSERT_TRUE(ours.ok()) << ours.status();
    const OpensslVerifier::Verdict theirs =
        openssl_.Verify({Der(roots), Der(chain), name, time});
    ++asked_;
    accepted_ += ours->accepted ? 1 : 0;
    if (ours->accepted == theirs.accepted) {
      return;
    }
    for (const Difference& known : ours->accepted ? milder_ : stricter_) {
      if (known.chain == chain[0] &&
          absl::StartsWith(ours->reason, known.word)) {
        seen_.insert(absl::StrCat(known.chain, " ", known.word));
        return;
      }
    }
    ADD_FAILURE() << "not listed: roots " << absl::StrJoin(roots, " ")
                  << ", chain " << absl::StrJoin(chain, " ") << ", for " << name
                  << " at " << time << ": ours "
                  << (ours->accepted ? "accepted" : ours->reason)
                  << "; OpenSSL's " << theirs.reason;
  }

  // The listed differences that did not show.
  Names Unseen() const {
    Names unseen;
    for (const std::vector<Difference>& list : {stricter_, milder_}) {
      for (const Difference& known : list) {
        const std::string key = absl::StrCat(known.chain, " ", known.word);
        if (seen_.count(key) == 0) {
          unseen.push_back(key);
        }
      }
    }
    return unseen;
  }
  size_t asked() const { return asked_; }
  size_t accepted() const { return accepted_; }

 private:
  const std::vector<Difference> stricter_ = Stricter();
  const std::vector<Difference> milder_ = Milder();
  OpensslVerifier openssl_;
  size_t asked_ = 0;
  size_t accepted_ = 0;
  std::set<std::string> seen_;
};

absl::Time Year(int year) {
  return absl::FromCivil(absl::CivilYear(year), absl::UTCTimeZone());
}

TEST(OpensslVerdictTest, OursIsTheSameOrListed) {
  absl::StatusOr<OpensslVerifier> openssl = OpensslVerifier::Load();
  ASSERT_TRUE(openssl.ok()) << openssl.status() << "; package libssl3";
  Comparison comparison(*std::move(openssl));
  Names roots = FilesThatBeginWith("root_");
  ASSERT_GE(roots.size(), 7u);
  for (const std::string& leaf : FilesThatBeginWith("leaf_")) {
    std::vector<Names> trusted = {roots, {leaf}};
    for (const std::string& root : roots) {
      trusted.push_back({root});
    }
    for (const Names& intermediates : Intermediates(leaf)) {
      Names chain = {leaf};
      chain.insert(chain.end(), intermediates.begin(), intermediates.end());
      for (const Names& anchors : trusted) {
        comparison.Ask(anchors, chain, "ovoc.example.net", Year(2027));
      }
      for (const char* name : {"a.pool.example.net", "192.0.2.10",
                               "2001:db8::10", "ovoc.example.org", "example"}) {
        comparison.Ask(roots, chain, name, Year(2027));
      }
      for (const int year : {2019, 2020, 2035, 2045, 2121}) {
        comparison.Ask(roots, chain, "ovoc.example.net", Year(year));
      }
    }
  }
  EXPECT_GT(comparison.asked(), 1000u);
  EXPECT_GT(comparison.accepted(), 100u);
  EXPECT_THAT(comparison.Unseen(), IsEmpty());
  RecordProperty("asked", static_cast<int>(comparison.asked()));
  RecordProperty("accepted", static_cast<int>(comparison.accepted()));
}

// The certificate in PEM and in DER.
struct Encoded {
  std::string pem;
  std::vector<uint8_t> der;
};

Encoded Encode(X509* certificate) {
  uint8_t* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  const bssl::UniquePtr<uint8_t> owner(bytes);
  Encoded encoded;
  encoded.der.assign(bytes, bytes + size);
  std::string base64;
  absl::Base64Escape(absl::string_view(reinterpret_cast<const char*>(bytes),
                                       static_cast<size_t>(size)),
                     &base64);
  encoded.pem = absl::StrCat("-----BEGIN CERTIFICATE-----\n", base64,
                             "\n-----END CERTIFICATE-----\n");
  return encoded;
}

TEST(OpensslVerdictTest, AcceptsWhatOurNameConstraintsAccept) {
  absl::StatusOr<OpensslVerifier> openssl = OpensslVerifier::Load();
  ASSERT_TRUE(openssl.ok()) << openssl.status();
  const bssl::UniquePtr<EVP_PKEY> key = auth::MakeTestKey();
  const std::string ca = "basicConstraints=critical,CA:TRUE";
  const Encoded root = Encode(
      auth::MakeTestCertificate({"r", "r", key.get(), key.get(), {ca}}).get());
  const Names bases = {"DNS:example",
                       "DNS:a.example",
                       "DNS:b.a.example",
                       "DNS:A.Example",
                       "IP:192.0.2.0/255.255.255.0",
                       "IP:192.0.2.1/255.255.255.255",
                       "IP:2001:db8::/ffff:ffff::",
                       "IP:0.0.0.0/0.0.0.0",
                       "email:a.example",
                       "URI:a.example",
                       "RID:1.2.3"};
  const Names names = {
      "DNS:a.example",     "DNS:b.a.example",        "DNS:ba.example",
      "DNS:*.a.example",   "DNS:*.example",          "DNS:b.example",
      "IP:192.0.2.1",      "IP:192.0.3.1",           "IP:2001:db8::1",
      "email:b@a.example", "URI:https://a.example/", "RID:1.2.3"};
  size_t accepted = 0;
  size_t refused = 0;
  for (const char* kind : {"permitted;", "excluded;"}) {
    for (const std::string& base : bases) {
      const Encoded above = Encode(
          auth::MakeTestCertificate(
              {"a",
               "r",
               key.get(),
               key.get(),
               {ca, absl::StrCat("nameConstraints=critical,", kind, base)}})
              .get());
      for (const std::string& name : names) {
        const Encoded leaf = Encode(
            auth::MakeTestCertificate(
                {"leaf",
                 "a",
                 key.get(),
                 key.get(),
                 {absl::StrCat("subjectAltName=DNS:x.b.a.example,", name)}})
                .get());
        const absl::StatusOr<ChainVerdict> ours = JudgeChain(
            {root.pem, absl::StrCat(leaf.pem, above.pem), "x.b.a.example",
             auth::NameCheck::kRequired, Year(2027)});
        ASSERT_TRUE(ours.ok()) << ours.status();
        const Ders roots = {root.der};
        const Ders chain = {leaf.der, above.der};
        const OpensslVerifier::Verdict theirs =
            openssl->Verify({roots, chain, "x.b.a.example", Year(2027)});
        EXPECT_TRUE(!ours->accepted || theirs.accepted)
            << kind << base << " | " << name << ": " << theirs.reason;
        ++(ours->accepted ? accepted : refused);
      }
    }
  }
  EXPECT_GT(accepted, 50u);
  EXPECT_GT(refused, 50u);
}

TEST(OpensslVerdictTest, RefusesWhatItCannotRead) {
  absl::StatusOr<OpensslVerifier> openssl = OpensslVerifier::Load();
  ASSERT_TRUE(openssl.ok()) << openssl.status();
  const Ders roots = Der({"root_ec"});
  const Ders broken = {{0x30, 0x00}};
  const OpensslVerifier::Verdict verdict =
      openssl->Verify({roots, broken, "ovoc.example.net", Year(2027)});
  EXPECT_FALSE(verdict.accepted);
  EXPECT_EQ(verdict.reason, "a certificate cannot be read");
}

}  // namespace
}  // namespace ovoc::conformance
