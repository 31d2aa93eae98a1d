// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/peer_end.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

TEST(PeerEndTest, EachEndHasAWordOfItsOwnForTheLog) {
  std::set<std::string> words;
  for (const PeerEnd end :
       {PeerEnd::kPeerClosed, PeerEnd::kCloseFrame, PeerEnd::kRefused,
        PeerEnd::kRequestTimeout, PeerEnd::kIdle, PeerEnd::kProtocolError,
        PeerEnd::kTransport, PeerEnd::kStopped}) {
    const std::string word(PeerEndName(end));
    EXPECT_NE(word, "unknown");
    for (const char c : word) {
      EXPECT_TRUE(absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  c == '_');
    }
    words.insert(word);
  }
  EXPECT_EQ(words.size(), 8u);
}

TEST(PeerEndTest, AnImpossibleEndHasAWordToo) {
  EXPECT_EQ(PeerEndName(static_cast<PeerEnd>(99)), "unknown");
}

}  // namespace
}  // namespace ovoc::conformance
