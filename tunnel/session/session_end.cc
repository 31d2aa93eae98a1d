// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/session_end.h"

#include <array>

namespace ovoc::tunnel {
namespace {

using Failure = ReconnectPolicy::Failure;

struct Row {
  EndReason reason;
  absl::string_view word;
  absl::string_view text;
  ExitCode exit_code;
  Failure failure;
};

constexpr std::array<Row, 16> kRows = {{
    {EndReason::kClosedByUs, "closed", "the client closed it", ExitCode::kDone,
     Failure::kTransient},
    {EndReason::kResolution, "resolution",
     "the server's name could not be resolved", ExitCode::kResolution,
     Failure::kTransient},
    {EndReason::kConnection, "connection",
     "the connection to the server failed", ExitCode::kConnection,
     Failure::kTransient},
    {EndReason::kCertificate, "certificate",
     "the server's certificate was refused", ExitCode::kCertificate,
     Failure::kPersistent},
    {EndReason::kUnauthorized, "unauthorized",
     "the server refused the user name or the password", ExitCode::kLogin,
     Failure::kPersistent},
    {EndReason::kNoFreeAddress, "no_free_address",
     "the server has no free address", ExitCode::kNoFreeAddress,
     Failure::kPersistent},
    {EndReason::kHttpStatus, "http_status", "the server refused the login",
     ExitCode::kProtocol, Failure::kTransient},
    {EndReason::kHandshake, "handshake",
     "the server's answer to the login broke a rule", ExitCode::kProtocol,
     Failure::kTransient},
    {EndReason::kTimeout, "timeout",
     "the server did not answer the login in time", ExitCode::kProtocol,
     Failure::kTransient},
    {EndReason::kClosedByPeer, "closed_by_peer", "the server closed the tunnel",
     ExitCode::kProtocol, Failure::kTransient},
    {EndReason::kPeerGone, "peer_closed", "the server ended the connection",
     ExitCode::kConnection, Failure::kTransient},
    {EndReason::kDeadPeer, "dead_peer", "the server stopped answering",
     ExitCode::kConnection, Failure::kTransient},
    {EndReason::kProtocolError, "protocol_error",
     "the server broke a rule of the protocol", ExitCode::kProtocol,
     Failure::kTransient},
    {EndReason::kInterface, "interface",
     "the device or its address could not be set up", ExitCode::kInterface,
     Failure::kTransient},
    {EndReason::kProxy, "proxy", "there is no way through the proxy",
     ExitCode::kConnection, Failure::kTransient},
    {EndReason::kProxyLogin, "proxy_login",
     "the proxy refused the user name or the password", ExitCode::kLogin,
     Failure::kPersistent},
}};

const Row& RowOf(EndReason reason) {
  return kRows[static_cast<size_t>(reason)];
}

constexpr bool RowsStandInOrder() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<size_t>(kRows[i].reason) != i) {
      return false;
    }
  }
  return static_cast<size_t>(EndReason::kProxyLogin) + 1 == kRows.size();
}
static_assert(RowsStandInOrder());

}  // namespace

absl::string_view Word(EndReason reason) { return RowOf(reason).word; }

absl::string_view Describe(EndReason reason) { return RowOf(reason).text; }

ExitCode ExitCodeFor(EndReason reason) { return RowOf(reason).exit_code; }

ReconnectPolicy::Failure FailureKind(EndReason reason) {
  return RowOf(reason).failure;
}

bool IsServersEnd(const End& end) {
  switch (end.reason) {
    case EndReason::kClosedByPeer:
    case EndReason::kPeerGone:
      return true;
    case EndReason::kConnection:
      return absl::IsAborted(end.detail);
    case EndReason::kClosedByUs:
    case EndReason::kResolution:
    case EndReason::kCertificate:
    case EndReason::kUnauthorized:
    case EndReason::kNoFreeAddress:
    case EndReason::kHttpStatus:
    case EndReason::kHandshake:
    case EndReason::kTimeout:
    case EndReason::kDeadPeer:
    case EndReason::kProtocolError:
    case EndReason::kInterface:
    case EndReason::kProxy:
    case EndReason::kProxyLogin:
      return false;
  }
  return false;
}

}  // namespace ovoc::tunnel
