// SPDX-License-Identifier: Apache-2.0
//
// verify_chain says whether the client would take a chain of certificates for
// a server's. Exit code 0: accepted. 1: refused, the reason is on stdout. 89:
// the question is of a kind that is not supported, stdout says which. 2: bad
// arguments, stderr says which.
#include <cstddef>
#include <iostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "auth/secret.h"
#include "auth/trust_store.h"
#include "conformance/x509/chain_verdict.h"
#include "conformance/x509/verify_arguments.h"
#include "tunnel/read_file.h"

namespace ovoc::conformance {
namespace {

constexpr int kExitAccepted = 0;
constexpr int kExitRefused = 1;
constexpr int kExitUsage = 2;
constexpr int kExitNotSupported = 89;
constexpr char kUsage[] =
    "usage: verify_chain --roots=PEM --chain=PEM --name=DNS-or-IP --time=UNIX";

absl::StatusOr<std::string> ReadPem(absl::string_view option,
                                    const std::string& path) {
  const absl::StatusOr<tunnel::FileContents> file = tunnel::ReadSmallFile(
      path, auth::kMaxTrustStoreBytes, tunnel::FilePrivacy::kAny);
  if (!file.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, "=", path, ": ", file.status().message()));
  }
  return std::string(file->bytes.Reveal(auth::InsecureSecretAccess::Get()));
}

absl::StatusOr<ChainVerdict> Judge(const VerifyArguments& arguments) {
  const absl::StatusOr<std::string> roots = ReadPem("--roots", arguments.roots);
  if (!roots.ok()) {
    return roots.status();
  }
  const absl::StatusOr<std::string> chain = ReadPem("--chain", arguments.chain);
  if (!chain.ok()) {
    return chain.status();
  }
  return JudgeChain(
      {*roots, *chain, arguments.name, arguments.name_check, arguments.time});
}

int Run(absl::Span<const char* const> arguments) {
  const absl::StatusOr<VerifyArguments> parsed =
      ParseVerifyArguments(arguments);
  if (absl::IsUnimplemented(parsed.status())) {
    std::cout << "not supported: " << parsed.status().message() << "\n";
    return kExitNotSupported;
  }
  const absl::StatusOr<ChainVerdict> verdict =
      parsed.ok() ? Judge(*parsed) : parsed.status();
  if (!verdict.ok()) {
    std::cerr << "verify_chain: " << verdict.status().message() << "\n"
              << kUsage << "\n";
    return kExitUsage;
  }
  if (!verdict->accepted) {
    std::cout << "refused: " << verdict->reason << "\n";
    return kExitRefused;
  }
  std::cout << "accepted\n";
  return kExitAccepted;
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  return ovoc::conformance::Run(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)));
}
