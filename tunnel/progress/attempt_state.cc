// SPDX-License-Identifier: Apache-2.0
#include "tunnel/progress/attempt_state.h"

namespace ovoc::tunnel {

AttemptState NextState(AttemptState state, AttemptEvent event) {
  for (const AttemptTransition& transition : kAttemptTransitions) {
    if (transition.from == state && transition.event == event) {
      return transition.to;
    }
  }
  return state;
}

}  // namespace ovoc::tunnel
