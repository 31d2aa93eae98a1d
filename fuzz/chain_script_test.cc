// SPDX-License-Identifier: Apache-2.0
#include "fuzz/chain_script.h"

#include <cstdint>
#include <vector>

#include "fuzz/byte_source.h"
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

TEST(ChainScriptTest, NothingIsAScriptToo) {
  const ChainScript script = Read({});
  EXPECT_TRUE(script.chain.empty());
  EXPECT_FALSE(Verify(script, script.name_check, script.chain).ok());
}

}  // namespace
}  // namespace ovoc::fuzz
