// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_AGENT_RUNNING_CLIENT_H_
#define OVOC_TUNNEL_MANAGE_AGENT_RUNNING_CLIENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tunnel/status_view/status_record.h"

namespace ovoc::tunnel {

// ClientStatus is a status file of a client that runs.
struct ClientStatus {
  std::string text;  // the whole file, JSON
  StatusRecord record;
};

// ReadClientStatus reads the status file at `path`. The error names the file
// and says what to do. NotFound: there is none; FailedPrecondition: the client
// has ended, or the file says nothing about now.
absl::StatusOr<ClientStatus> ReadClientStatus(const std::string& path);

// ReloadClient sends SIGHUP to the client of the status file at `path`. It
// holds the process by a pidfd (pidfd_open(2)) while it reads the file again,
// so that no other process that has got the number since is sent anything.
// Errors are those of ReadClientStatus, or name the system call.
absl::Status ReloadClient(const std::string& path);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_AGENT_RUNNING_CLIENT_H_
