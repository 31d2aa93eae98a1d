// SPDX-License-Identifier: Apache-2.0
//
// Name constraints on certificates made for the purpose, against name_rules.h.

#include <algorithm>

#include "auth/name_constraints.h"
#include "fuzz/expect.h"
#include "fuzz/oracle/printable_line.h"
#include "fuzz/script/name_chain.h"
#include "fuzz/script/name_rules.h"
#include "openssl/err.h"

namespace fuzz = ovoc::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::ByteSource source({data, size});
  const std::vector<fuzz::NameCertificate> chain = fuzz::ReadNameChain(&source);
  const std::vector<bssl::UniquePtr<X509>> made = fuzz::MakeCertificates(chain);
  if (made.empty()) {
    return 0;
  }
  std::vector<X509*> pointers;
  pointers.reserve(made.size());
  for (const bssl::UniquePtr<X509>& certificate : made) {
    pointers.push_back(certificate.get());
  }
  const ovoc::auth::Violation violation =
      ovoc::auth::CheckNameConstraints(pointers);
  ERR_clear_error();
  if (violation.found()) {
    FUZZ_EXPECT(violation.failure ==
                ovoc::auth::VerifyFailure::kNameConstraint);
    FUZZ_EXPECT(violation.depth < chain.size());
    FUZZ_EXPECT(fuzz::IsPrintableLine(violation.detail));
  }
  const bool is_raw =
      std::any_of(chain.begin(), chain.end(),
                  [](const auto& certificate) { return certificate.is_raw; });
  FUZZ_EXPECT(is_raw ||
              violation.found() == !fuzz::KeepsNameConstraints(chain));
  return 0;
}
