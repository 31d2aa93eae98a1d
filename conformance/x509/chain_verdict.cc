// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/chain_verdict.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_verifier.h"
#include "auth/trust_store.h"
#include "auth/verify_failure.h"
#include "conformance/x509/pem_blocks.h"

namespace ovoc::conformance {
namespace {

using Ders = std::vector<std::vector<uint8_t>>;

absl::Status Wrong(absl::string_view option, const absl::Status& status) {
  return absl::InvalidArgumentError(
      absl::StrCat(option, ": ", status.message()));
}

}  // namespace

absl::StatusOr<ChainVerdict> JudgeChain(const ChainQuestion& question) {
  const absl::StatusOr<Ders> roots = ReadPemBlocks(question.roots_pem);
  if (!roots.ok()) {
    return Wrong("--roots", roots.status());
  }
  const absl::StatusOr<Ders> chain = ReadPemBlocks(question.chain_pem);
  if (!chain.ok()) {
    return Wrong("--chain", chain.status());
  }
  absl::StatusOr<auth::TrustStore> trust_store =
      auth::TrustStore::FromPem(question.roots_pem);
  if (!trust_store.ok()) {
    return ChainVerdict{
        false, absl::StrCat("roots: ", trust_store.status().message())};
  }
  const absl::StatusOr<auth::CertificateVerifier> verifier =
      auth::CertificateVerifier::Create(*std::move(trust_store),
                                        {.release_date = absl::InfinitePast()});
  if (!verifier.ok()) {
    return verifier.status();
  }
  std::vector<absl::Span<const uint8_t>> views(chain->begin(), chain->end());
  const auth::CertificateVerifier::Verdict verdict =
      verifier->Verify({.chain = views,
                        .name = question.name,
                        .name_check = question.name_check,
                        .now = question.time});
  if (verdict.ok()) {
    return ChainVerdict{true, ""};
  }
  return ChainVerdict{false, absl::StrCat(auth::Name(verdict.failure), ": ",
                                          verdict.status.message())};
}

}  // namespace ovoc::conformance
