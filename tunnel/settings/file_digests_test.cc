// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/file_digests.h"

#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

TEST(FileDigestsTest, HasADigestOfEachFileThatCanBeRead) {
  std::string folder = testing::TempDir() + "/digests_XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/own.pem";
  std::ofstream(path) << "abc";
  Settings settings;
  settings.certificate = path;
  settings.private_key = folder + "/missing";
  const auto digests = DigestFiles(FileRoot::Own(), settings, path);
  ASSERT_EQ(digests.size(), 2u);
  // FIPS 180-4's example: SHA-256 of "abc" begins with ba7816bf.
  EXPECT_EQ(digests.at("TLSCertificate").substr(0, 4), "\xba\x78\x16\xbf");
  EXPECT_EQ(digests.at("TLSTrustedRoots"), digests.at("TLSCertificate"));
  unlink(path.c_str());
  rmdir(folder.c_str());
}

}  // namespace
}  // namespace ovoc::tunnel
