// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_STATUS_CAUSE_H_
#define OVOC_TUNNEL_SESSION_STATUS_CAUSE_H_

#include "auth/response_head.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {

// CauseOfStatus is what a final status other than 101 says of the way to OVOC:
// kRedirect, kLoginPage, kBadRequest, kForbidden, kNotFound, kProxyLogin, kBusy
// or kBadGateway, else kUnknown. A page for people is told by Content-Type; the
// body is never read.
EndCause CauseOfStatus(const auth::ResponseHead& head);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_STATUS_CAUSE_H_
