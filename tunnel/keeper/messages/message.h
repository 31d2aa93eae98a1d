// SPDX-License-Identifier: Apache-2.0
//
// The messages between keeper and worker. Every message is one datagram of
// kMessageBytes: its kind (1 byte), the length of its fields (2 bytes), the
// fields, and zeros to the end. The kind is the index of its type in
// WorkerMessage, or 128 plus its index in KeeperMessage. Numbers are in network
// order. A text is its length (2 bytes) and its bytes. The keeper accepts
// nothing else from a worker, because it expects the worker to be under an
// attacker's control.

#ifndef OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_H_
#define OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "auth/secret.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/command_line/log_level.h"
#include "tunnel/keeper/messages/message_values.h"
#include "tunnel/progress/progress.h"
#include "tunnel/retry/server_identity.h"
#include "tunnel/sandbox/sandbox.h"
#include "tunnel/settings/server_list.h"
#include "tunnel/settings/tuning.h"
#include "tunnel/transport/decisions/signer.h"
#include "tunnel/transport/decisions/socket_maker.h"

namespace ovoc::tunnel {

inline constexpr size_t kMessageBytes = 1280;
inline constexpr size_t kMaxLogRecordBytes = 1024;     // a line of the log
inline constexpr size_t kMaxAuthorizationBytes = 768;  // Basic, 511 bytes: 690
inline constexpr size_t kMaxToldServers = 8;
inline constexpr size_t kMaxToldAddresses = 16;  // a race of connections
inline constexpr size_t kMaxVrfBytes = 15;       // IFNAMSIZ - 1

using MessageBytes = std::array<uint8_t, kMessageBytes>;

// The place that stands for the proxy, behind those of the servers.
inline constexpr size_t kProxyPlace = kMaxServers;

// LoginOf is at whom a login is made.
enum class LoginOf : uint8_t { kServer, kProxy };

// From the worker.

struct WorkerReady {  // confined, about to begin; once
  SandboxReport sandbox;
};
struct LogRecord {  // one line; printable ASCII, 1..kMaxLogRecordBytes
  LogLevel level;
  std::string text;
};
struct SetAddress {  // answered with AddressSet
  netif::Ipv4Prefix overlay;
};
struct AskSurroundings {  // answered with Surroundings
  size_t server = 0;      // whose; its place in WSTunServer, or kProxyPlace
};
struct AskAuthorization {  // answered with Authorization
  LoginOf whose = LoginOf::kServer;
};
struct FilterViolation {  // the worker's last words
  int system_call;
};
struct LastWord {      // why it is about to end, when it knows
  std::string detail;  // printable ASCII, 1..kMaxDetailBytes
};
struct AskSocket {  // answered with SocketMade
  SocketRequest request;
};
struct AskSignature {  // answered with SignatureMade
  SignatureRequest request;
};
using WorkerMessage =
    std::variant<WorkerReady, LogRecord, Progress, SetAddress, AskSurroundings,
                 AskAuthorization, FilterViolation, LastWord, AskSocket,
                 AskSignature, ServerIdentity>;

// From the keeper.

struct Stop {            // close the tunnel in order and end
  std::string why = {};  // for people; kMaxDetailBytes at most
};
struct AddressSet {
  absl::Status result;
};
struct Surroundings {                          // see RefreshSurroundings
  std::vector<netif::IpAddress> name_servers;  // kMaxToldServers at most
  std::string vrf;                             // empty: none
  // The addresses of the server or proxy asked for that are known without DNS;
  // kMaxToldAddresses at most.
  std::vector<netif::IpAddress> known = {};
};
struct Authorization {
  auth::Secret value;  // of the header field
};
struct SocketMade {
  absl::Status result;  // OK: `socket` is beside the datagram (SCM_RIGHTS)
  netif::UniqueFd socket = {};  // not among the fields, see Channel
};
struct Tune {  // go on with these
  Tuning tuning;
};
struct SignatureMade {
  absl::Status result;
  std::string signature;  // kMaxSignatureBytes at most; empty unless OK
};
using KeeperMessage =
    std::variant<Stop, AddressSet, Surroundings, Authorization, SocketMade,
                 Tune, SignatureMade>;

// EncodeMessage writes the message into `*bytes` and fills it. Texts and lists
// above their limits are cut. No password can be that long.
void EncodeMessage(const WorkerMessage& message, MessageBytes* bytes);
void EncodeMessage(const KeeperMessage& message, MessageBytes* bytes);

// DecodeWorkerMessage accepts exactly what EncodeMessage makes: an accepted
// message encodes to the same bytes. InvalidArgument names the kind and the
// field that breaks a rule. It does not decide which address may be set and
// when; the keeper does.
absl::StatusOr<WorkerMessage> DecodeWorkerMessage(
    absl::Span<const uint8_t> bytes);
absl::StatusOr<KeeperMessage> DecodeKeeperMessage(
    absl::Span<const uint8_t> bytes);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_MESSAGES_MESSAGE_H_
