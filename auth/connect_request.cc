// SPDX-License-Identifier: Apache-2.0
#include "auth/connect_request.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "auth/request_text.h"

namespace ovoc::auth {

absl::StatusOr<Secret> BuildConnectRequest(const ConnectTarget& target,
                                           const Secret* authorization) {
  if (absl::Status status = CheckRequestHost(target.host); !status.ok()) {
    return status;
  }
  if (target.port == 0) {
    return absl::InvalidArgumentError(
        "port: 0 is not allowed in a CONNECT request (RFC 9110 9.3.6)");
  }
  if (absl::Status status = CheckUserAgent(target.user_agent); !status.ok()) {
    return status;
  }
  // RFC 9110 9.3.6 MUST: CONNECT names the port, also a default one
  const std::string authority = absl::StrCat(target.host, ":", target.port);
  const std::string user_agent =
      target.user_agent.empty()
          ? ""
          : absl::StrCat("User-Agent: ", target.user_agent, "\r\n");
  const std::string head = absl::StrCat(
      // RFC 9112 3.2.3 MUST: CONNECT has host and port only
      "CONNECT ", authority, " HTTP/1.1\r\n",
      // RFC 9112 3.2 MUST: a Host field is sent with HTTP/1.1
      // RFC 9112 3.2 MUST: Host is identical to the target's authority
      "Host: ", authority, "\r\n", user_agent);
  if (authorization == nullptr) {
    return Secret::Concat({head, "\r\n"});
  }
  return Secret::Concat({head, "Proxy-Authorization: ",
                         authorization->Reveal(InsecureSecretAccess::Get()),
                         "\r\n\r\n"});
}

}  // namespace ovoc::auth
