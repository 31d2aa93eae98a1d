// SPDX-License-Identifier: Apache-2.0
// What an accepted chain proves, and what a refusal says.

#include <algorithm>

#include "auth/peer_name.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/printable_line.h"
#include "fuzz/script/chain_script.h"
#include "fuzz/script/known_certificates.h"

namespace fuzz = ovoc::fuzz;
using ovoc::auth::NameCheck;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::ByteSource source({data, size});
  const fuzz::ChainScript script = fuzz::ReadChainScript(&source);
  const auto verdict = Verify(script, script.name_check, script.chain);
  const bool none = verdict.failure == ovoc::auth::VerifyFailure::kNone;
  FUZZ_EXPECT(verdict.ok() == none);
  FUZZ_EXPECT(KeepsBudget(script, verdict));
  FUZZ_EXPECT(none || fuzz::IsPrintableLine(verdict.status.message()));
  const bool is_checked = script.name_check == NameCheck::kRequired;
  FUZZ_EXPECT(verdict.identity.empty() == !(verdict.ok() && is_checked));
  const bool is_early = script.now < script.release_date;
  FUZZ_EXPECT((verdict.validated_at == script.now) == !is_early);
  if (!verdict.ok()) {
    return 0;
  }
  FUZZ_EXPECT(verdict.leaf.not_before <= verdict.validated_at);
  FUZZ_EXPECT(verdict.validated_at < verdict.leaf.not_after + absl::Seconds(1));
  std::vector<fuzz::NaiveCertificate> read;
  std::vector<std::vector<uint8_t>> known;  // nobody can sign another
  for (const std::vector<uint8_t>& der : script.chain) {
    read.push_back(fuzz::ReadNaiveCertificate(der));
    if (fuzz::IsKnown(der) || (known.empty() && script.leaf_is_pinned)) {
      known.push_back(der);
    }
  }
  FUZZ_EXPECT(!known.empty() && known[0] == script.chain[0]);
  FUZZ_EXPECT(KeepsExtensionRules(read[0]));
  FUZZ_EXPECT(script.leaf_is_pinned || IsAnchored(read, script.roots));
  FUZZ_EXPECT(Verify(script, script.name_check, known).ok());
  std::reverse(known.begin() + 1, known.end());
  FUZZ_EXPECT(Verify(script, script.name_check, known).ok());
  const bool is_name = ovoc::auth::PeerName::Parse(script.name).ok();
  FUZZ_EXPECT(Verify(script, NameCheck::kRequired, known).ok() ==
              (is_name && Holds(read[0], script.name)));
  return 0;
}
