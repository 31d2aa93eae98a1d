// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/chain_answer.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "conformance/pem_file.h"
#include "conformance/x509/chain_verdict.h"
#include "conformance/x509/verify_arguments.h"

namespace ovoc::conformance {
namespace {

absl::StatusOr<ChainVerdict> Judge(const VerifyArguments& arguments) {
  const absl::StatusOr<std::string> roots =
      ReadPemFile("--roots", arguments.roots);
  if (!roots.ok()) {
    return roots.status();
  }
  const absl::StatusOr<std::string> chain =
      ReadPemFile("--chain", arguments.chain);
  if (!chain.ok()) {
    return chain.status();
  }
  return JudgeChain(
      {*roots, *chain, arguments.name, arguments.name_check, arguments.time});
}

}  // namespace

ChainAnswer AnswerChainQuestion(absl::Span<const char* const> arguments) {
  const absl::StatusOr<VerifyArguments> parsed =
      ParseVerifyArguments(arguments);
  if (absl::IsUnimplemented(parsed.status())) {
    return {kExitNotSupported,
            absl::StrCat("not supported: ", parsed.status().message())};
  }
  const absl::StatusOr<ChainVerdict> verdict =
      parsed.ok() ? Judge(*parsed) : parsed.status();
  if (!verdict.ok()) {
    return {kExitUsage,
            absl::StrCat("verify_chain: ", verdict.status().message())};
  }
  if (!verdict->accepted) {
    return {kExitRefused, absl::StrCat("refused: ", verdict->reason)};
  }
  return {kExitAccepted, "accepted"};
}

}  // namespace ovoc::conformance
