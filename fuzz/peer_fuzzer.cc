// SPDX-License-Identifier: Apache-2.0
//
// What a client's bytes lead to at the stand-in server, however they are cut:
// answers, packets passed on, pongs and Close, as a plain server has it that
// reads all of them at once. Its end: the scene and the cut, see PeerChoices.

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_peer.h"
#include "fuzz/script/peer_script.h"

namespace ovoc::fuzz {
namespace {

void Check(const PeerChoices& choices, uint8_t cut, const PeerOutcome& naive) {
  const PeerOutcome outcome = PlayPeer(choices.stream, cut, choices.scene);
  FUZZ_EXPECT(outcome.end == naive.end);
  FUZZ_EXPECT(outcome.close_code == naive.close_code);
  FUZZ_EXPECT(outcome.to_client == naive.to_client);
  FUZZ_EXPECT(outcome.to_ovoc == naive.to_ovoc);
  FUZZ_EXPECT(outcome.to_neighbour == naive.to_neighbour);
  FUZZ_EXPECT(outcome.packets == naive.packets);
  FUZZ_EXPECT(outcome.wakes == naive.wakes);
  FUZZ_EXPECT(outcome.patience == naive.patience);
  FUZZ_EXPECT(outcome.admitted == naive.admitted);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const PeerChoices choices = ReadPeerChoices({data, size});
  const PeerOutcome naive = PlayNaively(choices.stream, choices.scene);
  Check(choices, choices.cut, naive);
  Check(choices, 0, naive);
  return 0;
}

}  // namespace ovoc::fuzz
