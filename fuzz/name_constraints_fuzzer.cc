// SPDX-License-Identifier: Apache-2.0
//
// Name constraints on certificates made for the purpose, against name_rules.h,
// and what they take against name_budget.h.

#include <algorithm>

#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/printable_line.h"
#include "fuzz/script/name_budget.h"
#include "fuzz/script/name_chain.h"
#include "fuzz/script/name_rules.h"
#include "openssl/err.h"

namespace fuzz = ovoc::fuzz;
using ovoc::auth::VerifyFailure;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::ByteSource source({data, size});
  const std::vector<fuzz::NameCertificate> chain = fuzz::ReadNameChain(&source);
  const std::vector<bssl::UniquePtr<X509>> made = fuzz::MakeCertificates(chain);
  if (made.empty()) {
    return 0;
  }
  const fuzz::NameVerdict verdict =
      fuzz::JudgeNames(made, ovoc::auth::kMaxVerificationWork);
  const ovoc::auth::Violation& violation = verdict.violation;
  if (violation.found()) {
    FUZZ_EXPECT(violation.failure == VerifyFailure::kNameConstraint);
    FUZZ_EXPECT(violation.depth < chain.size());
    FUZZ_EXPECT(fuzz::IsPrintableLine(violation.detail));
  }
  FUZZ_EXPECT(fuzz::KeepsBudget(made, verdict));
  ERR_clear_error();
  const bool is_raw =
      std::any_of(chain.begin(), chain.end(),
                  [](const auto& certificate) { return certificate.is_raw; });
  FUZZ_EXPECT(is_raw ||
              violation.found() == !fuzz::KeepsNameConstraints(chain));
  return 0;
}
