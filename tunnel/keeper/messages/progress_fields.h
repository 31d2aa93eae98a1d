// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_MESSAGES_PROGRESS_FIELDS_H_
#define OVOC_TUNNEL_KEEPER_MESSAGES_PROGRESS_FIELDS_H_

#include "absl/status/statusor.h"
#include "tunnel/keeper/messages/message_fields.h"
#include "tunnel/progress/progress.h"

namespace ovoc::tunnel {

// PutProgress writes a Progress as the fields of a message. Texts above
// kMaxDetailBytes and kMaxEndpointBytes are cut. Instants are in whole seconds,
// round trips in microseconds.
void PutProgress(const Progress& progress, FieldWriter* out);

// ReadProgress takes what PutProgress writes, and nothing else: the same bytes
// are written of what it returns. MalformedMessage names what is wrong.
absl::StatusOr<Progress> ReadProgress(FieldReader* in);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_MESSAGES_PROGRESS_FIELDS_H_
