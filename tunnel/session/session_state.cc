// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/session_state.h"

namespace ovoc::tunnel {

SessionState NextState(SessionState state, SessionEvent event) {
  for (const SessionTransition& transition : kSessionTransitions) {
    if (transition.from == state && transition.event == event) {
      return transition.to;
    }
  }
  return state;
}

}  // namespace ovoc::tunnel
