// SPDX-License-Identifier: Apache-2.0
//
// What `client --check --json` prints. docs/check.md is its reference.

#ifndef OVOC_TUNNEL_CHECK_CHECK_REPORT_H_
#define OVOC_TUNNEL_CHECK_CHECK_REPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "auth/certificate_summary.h"
#include "tunnel/check/findings/check_facts.h"

namespace ovoc::tunnel {

// The form of the object. It changes only if a key is taken away, or comes to
// mean something else.
inline constexpr int kCheckSchemaVersion = 1;

// CheckReport is a whole check. It never has credentials.
struct CheckReport {
  int exit_code = 0;
  std::string reason;  // why it failed, as one word; empty if it did not
  std::string detail;  // the same for people
  std::string remedy;  // what to do about it
  std::string server;  // the first that works; empty if none does
  std::string version;
  std::vector<std::string> insecure;   // "WSTunSecured=0", one per setting
  std::vector<CheckWarning> warnings;  // of the settings and of this machine
  std::optional<auth::CertificateSummary> client_certificate;
  std::vector<CheckFacts> servers;  // in the order in which they were tried
};

// CheckReportJson returns one object on one line, with a line end (RFC 8259).
std::string CheckReportJson(const CheckReport& report);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_CHECK_REPORT_H_
