// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/chain_script.h"

#include <cstdint>
#include <vector>

#include "fuzz/script/byte_source.h"
#include "fuzz/script/known_certificates.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

ChainScript Read(const std::vector<uint8_t>& input) {
  ByteSource source(input);
  return ReadChainScript(&source);
}

TEST(ChainScriptTest, AFewBytesMakeAGoodChain) {
  // ovoc.example.net, checked, 2027; root_ec; leaf_good, intermediate_ec.
  const ChainScript script = Read({0, 0, 1, 2, 2, 0, 1});
  EXPECT_EQ(script.name, "ovoc.example.net");
  ASSERT_EQ(script.chain.size(), 2u);
  EXPECT_TRUE(Verify(script, script.name_check, script.chain).ok());
}

TEST(ChainScriptTest, AChangeBreaksIt) {
  const ChainScript script =
      Read({0, 0, 1, 2, 2, 0, 1, /*xor=*/4, /*place=*/0, 200, /*value=*/1});
  EXPECT_FALSE(Verify(script, script.name_check, script.chain).ok());
}

TEST(ChainScriptTest, ALeafCanBePinnedAsItWasChanged) {
  // No root, the pinned self-signed leaf, a byte of its signature changed.
  std::vector<uint8_t> input = {0, 0x10, 0, 1, 0, 4, 0xFF, 0xFF, 0};
  for (size_t i = 0; i < KnownCertificates().size(); ++i) {
    if (KnownCertificates()[i].name == "leaf_self_signed") {
      input[4] = static_cast<uint8_t>(i);
    }
  }
  const ChainScript script = Read(input);
  EXPECT_TRUE(script.leaf_is_pinned);
  EXPECT_TRUE(Verify(script, script.name_check, script.chain).ok());
}

TEST(ChainScriptTest, AVerdictNeedsItsWork) {
  const ChainScript script = Read({0, 0, 1, 2, 2, 0, 1});
  auto verdict = Verify(script, script.name_check, script.chain);
  EXPECT_GT(verdict.work, 0u);
  EXPECT_TRUE(KeepsBudget(script, verdict));
  ++verdict.work;
  EXPECT_FALSE(KeepsBudget(script, verdict));
  verdict.work -= 2;
  EXPECT_FALSE(KeepsBudget(script, verdict));
  verdict.work = auth::kMaxVerificationWork + 1;
  EXPECT_FALSE(KeepsBudget(script, verdict));
}

TEST(ChainScriptTest, NothingIsAScriptToo) {
  const ChainScript script = Read({});
  EXPECT_TRUE(script.chain.empty());
  EXPECT_FALSE(Verify(script, script.name_check, script.chain).ok());
}

}  // namespace
}  // namespace ovoc::fuzz
