// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/name_chain.h"

#include <openssl/base.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/x509.h>

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/oracle/naive_certificate.h"
#include "fuzz/script/byte_source.h"
#include "gtest/gtest.h"

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

TEST(NameChainTest, ZerosAreAChainToo) {
  EXPECT_EQ(MakeCertificates(Read({})).size(), 2u);
}

}  // namespace
}  // namespace ovoc::fuzz
