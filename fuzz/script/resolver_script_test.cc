// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/resolver_script.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "fuzz/script/byte_source.h"
#include "gtest/gtest.h"
#include "netif/dns/resolver.h"

namespace ovoc::fuzz {
namespace {

// A name of the list, two servers, both families, 3 rounds, 8 aliases, 1 s,
// 2 s, 10 s, 50 ms, random numbers from 7 on; then the steps.
std::vector<uint8_t> Script(uint8_t name, std::vector<uint8_t> steps) {
  std::vector<uint8_t> input = {name, 2,    0,    3,    8,  0x03, 0xE8,
                                0x07, 0xD0, 0x27, 0x10, 50, 7};
  input.insert(input.end(), steps.begin(), steps.end());
  return input;
}

std::unique_ptr<ResolverScript> Play(const std::vector<uint8_t>& input) {
  ByteSource source(input);
  auto script = std::make_unique<ResolverScript>(&source);
  while (script->created() && !source.empty()) {
    script->Step(&source);
  }
  return script;
}

TEST(ResolverScriptTest, AnAnswerToEachQuestionEndsIt) {
  // Step 7, the first socket, no flags, NOERROR, one record: an address.
  const auto script = Play(Script(0, {7, 0, 0, 0, 1, 0x00, 9, 0, 60,  //
                                      7, 0, 0, 0, 1, 0x00, 9, 0, 60}));
  ASSERT_TRUE(script->created());
  EXPECT_TRUE(script->resolver().Done());
  EXPECT_EQ(script->resolver().Result().addresses.size(), 2u);
  script->Finish();
}

TEST(ResolverScriptTest, SilenceEndsAtTheDeadline) {
  const auto script = Play(Script(0, {}));
  EXPECT_FALSE(script->resolver().Done());
  script->Finish();
  EXPECT_TRUE(script->resolver().Done());
  EXPECT_FALSE(script->resolver().Result().status.ok());
}

TEST(ResolverScriptTest, AnAddressNeedsNoStep) {
  EXPECT_TRUE(Play(Script(3, {}))->resolver().Done());
}

TEST(ResolverScriptTest, SomeNamesMakeNoResolver) {
  EXPECT_FALSE(Play(Script(6, {}))->created());
}

}  // namespace
}  // namespace ovoc::fuzz
