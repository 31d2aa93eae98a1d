// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_X509_VERIFY_ARGUMENTS_H_
#define OVOC_CONFORMANCE_X509_VERIFY_ARGUMENTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_verifier.h"

namespace ovoc::conformance {

// VerifyArguments: what `verify_chain` was asked.
struct VerifyArguments {
  std::string roots;  // file of trusted certificates, PEM
  std::string chain;  // file of presented certificates, PEM, leaf first
  std::string name;   // DNS name or IP address; empty only when not checked
  auth::NameCheck name_check = auth::NameCheck::kRequired;
  absl::Time time;  // wall clock at which the chain is judged
};

// ParseVerifyArguments: reads the arguments of main, including the program's
// name. Each is --OPTION=VALUE. roots, chain, time (whole seconds since 1970,
// may be negative) and name are required, each once; --name_check=off replaces
// --name. InvalidArgument names the option and what is wrong with it.
// Unimplemented means that the question is well formed, but we cannot answer
// it. The message says what is not supported: --purpose=client (server is),
// --crl, --max_depth, a mail address as name.
absl::StatusOr<VerifyArguments> ParseVerifyArguments(
    absl::Span<const char* const> arguments);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_X509_VERIFY_ARGUMENTS_H_
