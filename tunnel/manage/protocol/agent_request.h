// SPDX-License-Identifier: Apache-2.0
//
// What a program may ask the settings agent, one JSON object a line.

#ifndef OVOC_TUNNEL_MANAGE_PROTOCOL_AGENT_REQUEST_H_
#define OVOC_TUNNEL_MANAGE_PROTOCOL_AGENT_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::tunnel {

// Of a line without its end. The largest value of a setting has 1 KiB.
inline constexpr size_t kMaxRequestBytes = size_t{16} * 1024;

enum class AgentOperation : uint8_t {
  kHello,     // who is asking, with which rights, and who else is there
  kGet,       // the settings, without secrets
  kEdit,      // sets or unsets one setting of the candidate
  kValidate,  // whether the client would take the candidate
  kCompare,   // what differs between running and candidate
  kCommit,    // the candidate becomes the settings file
  kConfirm,   // the last commit stays
  kRollback,  // an earlier commit becomes the candidate
  kDiscard,   // the candidate is the running settings again
  kTest,      // what --check says of the candidate
  kStatus,    // the status file of the client
  kHistory,   // the last commits
};

// AgentRequest is a request whose form is right. What it has no key for, has
// its default.
struct AgentRequest {
  AgentOperation operation = AgentOperation::kHello;
  uint64_t id = 0;       // chosen by whoever asks, and repeated in the answers
  bool running = false;  // get: "which" is "running"
  std::string name;      // edit
  std::optional<std::string> value;  // edit; none: null, the default holds
  int confirm = 0;                   // commit: minutes; 0: for good
  std::string comment;               // commit
  size_t back = 0;                   // rollback: how many commits
};

// AgentKey is a key of a request.
struct AgentKey {
  absl::string_view name;
  bool required;
};

// AgentRule is a row of the table of operations.
struct AgentRule {
  AgentOperation operation;
  absl::string_view name;
  bool changes;                     // needs the right to change
  absl::Span<const AgentKey> keys;  // besides "op" and "id"
};

// All operations, in the order of AgentOperation.
absl::Span<const AgentRule> AgentRules();

// ReadAgentRequest reads a line without its end. It takes exactly one flat JSON
// object (RFC 8259) with "op", "id" and the keys of the operation, each once
// and of its type. Anything else is InvalidArgument: the message says what is
// wrong, and has nothing of a value. `id` is set to the id of the line as far
// as it could be read, 0 otherwise.
absl::StatusOr<AgentRequest> ReadAgentRequest(absl::string_view line,
                                              uint64_t* id);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_PROTOCOL_AGENT_REQUEST_H_
