// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/verify_arguments.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_verifier.h"
#include "auth/peer_name.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kOptions[] = {"roots", "chain",      "name",
                                          "time",  "name_check", "purpose",
                                          "crl",   "max_depth"};

using Values = std::map<std::string, std::string>;

absl::StatusOr<Values> Split(absl::Span<const char* const> arguments) {
  Values values;
  for (size_t i = 1; i < arguments.size(); ++i) {
    absl::string_view argument = arguments[i];
    const size_t equals = argument.find('=');
    if (!absl::ConsumePrefix(&argument, "--") ||
        equals == absl::string_view::npos) {
      return absl::InvalidArgumentError(absl::StrCat(
          arguments[i], ": this is not an option; use --OPTION=VALUE"));
    }
    const std::string option(argument.substr(0, equals - 2));
    if (std::find(std::begin(kOptions), std::end(kOptions), option) ==
        std::end(kOptions)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--", option,
          ": unknown option; the options are --roots, --chain, --name, "
          "--time, --name_check, --purpose, --crl, --max_depth"));
    }
    if (!values.emplace(option, argument.substr(equals - 1)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", option, ": it is given twice"));
    }
  }
  return values;
}

absl::Status ReadFileName(const Values& values, const std::string& option,
                          std::string* file) {
  const auto found = values.find(option);
  if (found == values.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", option, ": it is missing; give a PEM file"));
  }
  if (found->second.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", option, ": it is empty; give a PEM file"));
  }
  *file = found->second;
  return absl::OkStatus();
}

absl::Status ReadName(const Values& values, VerifyArguments* arguments) {
  const auto check = values.find("name_check");
  const auto name = values.find("name");
  if (check != values.end()) {
    if (check->second != "off" || name != values.end()) {
      return absl::InvalidArgumentError(
          "--name_check: the only value is off, and --name must not be given "
          "with it");
    }
    arguments->name_check = auth::NameCheck::kOff;
    return absl::OkStatus();
  }
  if (name == values.end()) {
    return absl::InvalidArgumentError(
        "--name: it is missing; give a DNS name or an IP address");
  }
  if (name->second.find('@') != std::string::npos) {
    return absl::UnimplementedError(
        "--name: mail addresses are not supported; give a DNS name or an IP "
        "address");
  }
  const absl::StatusOr<auth::PeerName> parsed =
      auth::PeerName::Parse(name->second);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--name: ", parsed.status().message()));
  }
  arguments->name = name->second;
  return absl::OkStatus();
}

absl::Status ReadTime(const Values& values, VerifyArguments* arguments) {
  const auto found = values.find("time");
  int64_t seconds = 0;
  if (found == values.end() || !absl::SimpleAtoi(found->second, &seconds)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--time: it is ", found == values.end() ? "missing" : "not a number",
        "; give whole seconds since 1970-01-01T00:00:00Z"));
  }
  arguments->time = absl::FromUnixSeconds(seconds);
  return absl::OkStatus();
}

// What other verifiers can and ours cannot.
absl::Status CheckSupported(const Values& values) {
  const auto purpose = values.find("purpose");
  if (purpose != values.end() && purpose->second == "client") {
    return absl::UnimplementedError(
        "--purpose=client: only the certificates of TLS servers are supported");
  }
  if (purpose != values.end() && purpose->second != "server") {
    return absl::InvalidArgumentError("--purpose: give server or client");
  }
  if (values.count("crl") != 0) {
    return absl::UnimplementedError(
        "--crl: revocation is not checked, because no list can be fetched "
        "before the tunnel is up");
  }
  if (values.count("max_depth") != 0) {
    return absl::UnimplementedError(
        "--max_depth: the longest chain is a fixed limit");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VerifyArguments> ParseVerifyArguments(
    absl::Span<const char* const> arguments) {
  const absl::StatusOr<Values> values = Split(arguments);
  if (!values.ok()) {
    return values.status();
  }
  VerifyArguments result;
  absl::Status status = ReadFileName(*values, "roots", &result.roots);
  status.Update(ReadFileName(*values, "chain", &result.chain));
  status.Update(ReadTime(*values, &result));
  status.Update(CheckSupported(*values));
  status.Update(ReadName(*values, &result));
  if (!status.ok()) {
    return status;
  }
  return result;
}

}  // namespace ovoc::conformance
