// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/tls_files.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/sandbox/file_root.h"
#include "tunnel/settings/named_errors.h"
#include "tunnel/settings/proxy_url.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/settings/settings.h"
#include "tunnel/transport/testing/test_identity.h"

namespace ovoc::tunnel {
namespace {

class TlsFilesTest : public testing::Test {
 protected:
  TlsFilesTest()
      : root_(TestIdentity::Root("test root")),
        own_(root_.Issue("DNS:device.example")) {}

  void SetUp() override {
    folder_ = testing::TempDir() + "/tls_files_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    settings_.file = "f.ini";
    settings_.trusted_roots = Make("roots.pem", root_.certificate_pem());
  }
  void TearDown() override {
    for (const std::string& name : made_) {
      unlink(name.c_str());
    }
    rmdir(folder_.c_str());
  }

  std::string Make(absl::string_view name, absl::string_view text,
                   mode_t mode = 0600) {
    const std::string path = absl::StrCat(folder_, "/", name);
    made_.push_back(path);
    std::ofstream(path, std::ios::binary) << text;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }

  void UseProxy(absl::string_view url) {
    settings_.proxy = ParseProxyUrl(url).url;
    ASSERT_TRUE(settings_.proxy.has_value());
  }

  // What is wrong, or nothing; `made` says whether there is a client.
  std::string Server(bool* made) {
    NamedErrors errors(settings_);
    *made = LoadServerTls(FileRoot::Own(), settings_, Policy::kCompat,
                          &warnings_, &errors) != nullptr;
    return std::string(errors.ToStatus().message());
  }
  std::string Proxy(bool* made, Policy policy = Policy::kCompat) {
    NamedErrors errors(settings_);
    *made =
        LoadProxyTls(FileRoot::Own(), settings_, policy, &errors) != nullptr;
    return std::string(errors.ToStatus().message());
  }

  const TestIdentity root_;
  const TestIdentity own_;
  std::string folder_;
  std::vector<std::string> made_;
  std::vector<std::string> warnings_;
  Settings settings_;
};

TEST_F(TlsFilesTest, RootsAloneAreEnough) {
  bool made = false;
  EXPECT_EQ(Server(&made), "");
  EXPECT_TRUE(made);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(TlsFilesTest, AKeyThatOthersMayReadIsWarnedOf) {
  settings_.certificate = Make("own.pem", own_.certificate_pem());
  settings_.private_key = Make("own.key", own_.private_key_pem(), 0644);
  bool made = false;
  EXPECT_EQ(Server(&made), "");
  EXPECT_TRUE(made);
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_TRUE(absl::StrContains(warnings_[0], "run chmod 600")) << warnings_[0];
}

// Both are named: the roots and the client's own certificate.
TEST_F(TlsFilesTest, EachFileThatIsWrongIsNamed) {
  settings_.trusted_roots = Make("empty.pem", "");
  settings_.certificate = Make("own.pem", own_.private_key_pem());
  settings_.private_key = Make("own.key", own_.private_key_pem());
  bool made = true;
  const std::string wrong = Server(&made);
  EXPECT_FALSE(made);
  EXPECT_TRUE(absl::StrContains(wrong, "TLSTrustedRoots: ")) << wrong;
  EXPECT_TRUE(absl::StrContains(wrong, "TLSCertificate: ")) << wrong;
  EXPECT_TRUE(absl::StrContains(wrong, "are swapped")) << wrong;
}

TEST_F(TlsFilesTest, ThereIsNoneWithoutAnHttpsProxy) {
  bool made = true;
  EXPECT_EQ(Proxy(&made), "");
  EXPECT_FALSE(made);
  UseProxy("http://u:p@proxy:3128");
  settings_.proxy_roots = folder_ + "/nowhere";
  EXPECT_EQ(Proxy(&made), "") << "not looked at";
  EXPECT_FALSE(made);
}

TEST_F(TlsFilesTest, AProxyHasRootsOfItsOwn) {
  UseProxy("https://u:p@proxy:8443");
  settings_.proxy_roots = settings_.trusted_roots;
  settings_.trusted_roots = folder_ + "/nowhere";
  for (const Policy policy : {Policy::kCompat, Policy::kCertified}) {
    bool made = false;
    EXPECT_EQ(Proxy(&made, policy), "");
    EXPECT_TRUE(made);
  }
}

// WSTunVerifyPeer = 0 lets OVOC do without roots, and no proxy.
TEST_F(TlsFilesTest, RootsOfAProxyMustBeThere) {
  UseProxy("https://proxy:8443");
  settings_.verify_peer = false;
  settings_.proxy_roots = folder_ + "/nowhere";
  bool made = true;
  std::string wrong = Proxy(&made);
  EXPECT_TRUE(absl::StrContains(wrong, "WSTunProxyRoots: ")) << wrong;
  settings_.proxy_roots = Make("key.pem", own_.private_key_pem());
  wrong = Proxy(&made);
  EXPECT_TRUE(absl::StrContains(wrong, "no certificate was found")) << wrong;
}

}  // namespace
}  // namespace ovoc::tunnel
