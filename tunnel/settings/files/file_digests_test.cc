// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/files/file_digests.h"

#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "auth/trust_store.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

// SHA-256 of nothing and of "abc", the examples that NIST gives for FIPS 180-4.
constexpr absl::string_view kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr absl::string_view kOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class FileDigestsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/digests_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    settings_.trusted_roots = folder_ + "/roots";
    settings_.certificate = folder_ + "/own.pem";
    settings_.private_key = folder_ + "/own.key";
  }
  void TearDown() override {
    for (const char* const name : {"/roots", "/own.pem", "/own.key", "/all"}) {
      unlink((folder_ + name).c_str());
    }
    rmdir(folder_.c_str());
  }

  static void Make(const std::string& path, absl::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  void MakeAll() {
    Make(settings_.trusted_roots, "abc");
    Make(settings_.certificate, "abc");
    Make(settings_.private_key, "abc");
  }
  // The digests in hexadecimal digits.
  std::map<std::string, std::string> Digests() const {
    auto digests = DigestFiles(FileRoot::Own(), settings_, folder_ + "/all");
    for (auto& [name, digest] : digests) {
      digest = absl::BytesToHexString(digest);
    }
    return digests;
  }
  using Shown = std::map<std::string, std::string>;

  std::string folder_;
  Settings settings_;
};

TEST_F(FileDigestsTest, HasADigestOfEachFileThatCanBeRead) {
  MakeAll();
  Make(settings_.private_key, "");
  EXPECT_EQ(Digests(), (Shown{{"TLSTrustedRoots", std::string(kOfAbc)},
                              {"TLSCertificate", std::string(kOfAbc)},
                              {"TLSPrivateKey", std::string(kOfNothing)}}));
  unlink(settings_.certificate.c_str());
  EXPECT_EQ(Digests(), (Shown{{"TLSTrustedRoots", std::string(kOfAbc)},
                              {"TLSPrivateKey", std::string(kOfNothing)}}));
}

TEST_F(FileDigestsTest, TakesTheSystemsRootsWhereTheSettingsNameNone) {
  MakeAll();
  Make(folder_ + "/all", "");
  EXPECT_EQ(Digests().at("TLSTrustedRoots"), kOfAbc);
  settings_.trusted_roots = "";
  EXPECT_EQ(Digests().at("TLSTrustedRoots"), kOfNothing);
  unlink((folder_ + "/all").c_str());
  EXPECT_EQ(Digests().count("TLSTrustedRoots"), 0u);
}

TEST_F(FileDigestsTest, HasOnlyFilesOfConnectionsWithTls) {
  MakeAll();
  settings_.secured = false;
  EXPECT_EQ(Digests(), Shown());
  settings_.proxy = ParseProxyUrl("http://proxy:3128").url;
  settings_.proxy_roots = folder_ + "/all";
  Make(settings_.proxy_roots, "abc");
  EXPECT_EQ(Digests(), Shown());
  settings_.proxy = ParseProxyUrl("https://proxy:8443").url;
  EXPECT_EQ(Digests(), (Shown{{"WSTunProxyRoots", std::string(kOfAbc)}}));
}

TEST_F(FileDigestsTest, HasNoDigestOfWhatIsNotNamedOrNotRead) {
  MakeAll();
  settings_.certificate = "";
  settings_.private_key = folder_;  // a folder
  EXPECT_EQ(Digests(), (Shown{{"TLSTrustedRoots", std::string(kOfAbc)}}));
}

TEST_F(FileDigestsTest, ReadsAsMuchAsTheClientTakesAndNoMore) {
  MakeAll();
  std::string text(auth::kMaxTrustStoreBytes, 'x');
  Make(settings_.certificate, text);
  EXPECT_EQ(Digests().count("TLSCertificate"), 1u);
  Make(settings_.certificate, text + "x");
  EXPECT_EQ(Digests().count("TLSCertificate"), 0u);
}

TEST_F(FileDigestsTest, ShowsAChangeOfOneByteInItsFileAlone) {
  MakeAll();
  const Shown before = Digests();
  Make(settings_.private_key, "abd");
  const Shown after = Digests();
  EXPECT_EQ(after.at("TLSTrustedRoots"), before.at("TLSTrustedRoots"));
  EXPECT_EQ(after.at("TLSCertificate"), before.at("TLSCertificate"));
  EXPECT_NE(after.at("TLSPrivateKey"), before.at("TLSPrivateKey"));
  MakeAll();
  EXPECT_EQ(Digests(), before);
}

}  // namespace
}  // namespace ovoc::tunnel
