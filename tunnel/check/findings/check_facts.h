// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CHECK_FINDINGS_CHECK_FACTS_H_
#define OVOC_TUNNEL_CHECK_FINDINGS_CHECK_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "auth/certificate_summary.h"
#include "tunnel/check/findings/path_probe.h"

namespace ovoc::tunnel {

// CheckWarning is something that a check found and that does not make it fail.
struct CheckWarning {
  std::string name;  // a word for programs, see docs/check.md
  std::string text;  // for people: what is wrong and what to do
};

// CheckFacts is what a check saw of one server, as far as it got.
struct CheckFacts {
  struct Tls {
    std::string version;
    std::string cipher;
    std::string group;  // of the key exchange; empty if there is none
    bool resumed = false;
  };
  struct Certificate {
    auth::CertificateSummary summary;
    bool verified = false;
    std::string problem;  // why it is not verified
  };
  struct Clock {
    absl::Time server;          // the Date of its answer
    absl::Duration difference;  // of the server's clock to ours
  };
  // How long each step took.
  struct Times {
    std::optional<absl::Duration> resolved;
    std::optional<absl::Duration> connected;
    std::optional<absl::Duration> secured;
    std::optional<absl::Duration> logged_in;
  };

  std::string server;  // as in the settings
  std::string reason;  // why there is no tunnel, as one word; empty: there was
  std::string detail;  // the same for people
  std::string remedy;  // what to do about it
  uint16_t port = 0;
  std::vector<std::string> addresses;      // of the server's name
  std::string server_address;              // IP:PORT in use or tried last
  std::optional<Tls> tls;                  // nullopt: plain HTTP, or no TLS
  std::optional<Certificate> certificate;  // the server's
  std::string overlay_address;             // 169.254.0.2/32
  std::optional<PathFindings> path;        // once logged in
  uint64_t mtu_bytes = 0;                  // WSTunMtu
  std::optional<Clock> clock;              // if the server's answer has a Date
  Times times;
  std::vector<CheckWarning> warnings;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_FINDINGS_CHECK_FACTS_H_
