// SPDX-License-Identifier: Apache-2.0
//
// The client's exit codes.

#ifndef OVOC_TUNNEL_COMMAND_LINE_EXIT_CODE_H_
#define OVOC_TUNNEL_COMMAND_LINE_EXIT_CODE_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// ExitCode is part of the client's interface, so a number never gets a new
// meaning. Without --check, only kDone, kInternal, kUsage, kSettings,
// kInterface and kSandbox end the client. It tries again after the other
// failures.
enum class ExitCode : int {
  kDone = 0,           // --check passed, or stopped by SIGTERM
  kInternal = 1,       // a state that should not happen: a bug of ours
  kUsage = 2,          // the command line
  kSettings = 3,       // the settings file, or a file it names
  kResolution = 4,     // no address for the server's name
  kConnection = 5,     // TCP, or a TLS handshake that failed for another
                       // reason than the server's certificate
  kCertificate = 6,    // the server's certificate was not accepted
  kLogin = 7,          // 401: user name or password
  kNoFreeAddress = 8,  // 409: OVOC's overlay address pool is used up
  kProtocol = 9,       // another HTTP status, an answer or frames that break
                       // a rule
  kInterface = 10,     // TUN device or its address
  kSandbox = 11,       // the process could not be confined
  kOutput = 12,        // --check, --status, --version, --help: standard output
                       // could not be written, all else was well
  kNotUp = 13,         // --status: there is no tunnel, or the client has ended
  kStale = 14,         // --status: the status file says nothing about now
  kStatusFile = 15,    // --status: there is no status file that can be read
};

// The code as one word of the log and the status: "settings", "sandbox".
absl::string_view Word(ExitCode code);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_COMMAND_LINE_EXIT_CODE_H_
