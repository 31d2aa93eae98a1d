// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_MESSAGES_SERVER_FIELDS_H_
#define OVOC_TUNNEL_KEEPER_MESSAGES_SERVER_FIELDS_H_

#include "absl/status/statusor.h"
#include "tunnel/keeper/messages/message_fields.h"
#include "tunnel/retry/server_identity.h"

namespace ovoc::tunnel {

// PutServer writes a ServerIdentity as the fields of a message. Texts above
// their limits are cut, names above theirs left out, and counted. Instants are
// in whole seconds; those before 1970 or after 9999 are infinite afterwards, or
// not there if they are optional.
void PutServer(const ServerIdentity& server, FieldWriter* out);

// ReadServer takes what PutServer writes of a ServerIdentity, and nothing else:
// the same bytes are written of what it returns. MalformedMessage names what is
// wrong.
absl::StatusOr<ServerIdentity> ReadServer(FieldReader* in);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_MESSAGES_SERVER_FIELDS_H_
