// SPDX-License-Identifier: Apache-2.0
#include "auth/testing/certificate_test_data.h"

#include <openssl/base.h>
#include <openssl/x509.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::auth {

std::string TestPem(absl::string_view name) {
  const std::string path = absl::StrCat("testdata/certificates/", name, ".pem");
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return std::string(std::istreambuf_iterator<char>(file),
                     std::istreambuf_iterator<char>());
}

std::vector<uint8_t> TestDer(absl::string_view name) {
  std::string base64;
  for (absl::string_view line : absl::StrSplit(TestPem(name), '\n')) {
    if (line.substr(0, 5) != "-----") {
      absl::StrAppend(&base64, line);
    }
  }
  std::string der;
  EXPECT_TRUE(absl::Base64Unescape(base64, &der)) << name;
  EXPECT_FALSE(der.empty()) << name;
  return std::vector<uint8_t>(der.begin(), der.end());
}

bssl::UniquePtr<X509> TestCertificate(absl::string_view name) {
  const std::vector<uint8_t> der = TestDer(name);
  const uint8_t* position = der.data();
  bssl::UniquePtr<X509> certificate(
      d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  EXPECT_NE(certificate, nullptr) << name;
  return certificate;
}

TestChain::TestChain(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    Add(TestDer(name));
  }
}

void TestChain::Add(std::vector<uint8_t> der) {
  ders_.push_back(std::move(der));
}

absl::Span<const absl::Span<const uint8_t>> TestChain::spans() {
  spans_.assign(ders_.begin(), ders_.end());
  return spans_;
}

}  // namespace ovoc::auth
