// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SESSION_SESSION_STATE_H_
#define OVOC_TUNNEL_SESSION_SESSION_STATE_H_

#include <array>

namespace ovoc::tunnel {

// SessionState is the stage that a session has reached.
enum class SessionState {
  kLoggingIn,  // the upgrade request is out, its answer is awaited
  kOpen,       // packets flow
  kClosing,    // our Close is out, the peer's or the stream's end is awaited
  kClosed,     // over; see Session::end
};

// SessionEvent is something that can change the state.
enum class SessionEvent {
  kLoggedIn,     // the answer to the upgrade is verified
  kLoginFailed,  // the answer refuses us, breaks a rule or did not come in time
  kCloseAsked,   // Session::Close
  kCloseCame,    // a Close frame of the peer
  kStreamEnded,  // Session::OnStreamEnd
  kFrameBroken,  // a frame breaks a rule
  kPeerSilent,   // the keep-alive has given up on the peer
  kTimeUp,       // no answer to our Close within SessionOptions::close_timeout
};

// SessionTransition is a row of the table below.
struct SessionTransition {
  SessionState from;
  SessionEvent event;
  SessionState to;
};

// kSessionTransitions has all transitions. README.md shows them as a diagram.
inline constexpr std::array<SessionTransition, 13> kSessionTransitions = {{
    {SessionState::kLoggingIn, SessionEvent::kLoggedIn, SessionState::kOpen},
    {SessionState::kLoggingIn, SessionEvent::kLoginFailed,
     SessionState::kClosed},
    {SessionState::kLoggingIn, SessionEvent::kCloseAsked,
     SessionState::kClosed},
    {SessionState::kLoggingIn, SessionEvent::kStreamEnded,
     SessionState::kClosed},
    {SessionState::kOpen, SessionEvent::kCloseAsked, SessionState::kClosing},
    {SessionState::kOpen, SessionEvent::kCloseCame, SessionState::kClosed},
    {SessionState::kOpen, SessionEvent::kStreamEnded, SessionState::kClosed},
    {SessionState::kOpen, SessionEvent::kFrameBroken, SessionState::kClosed},
    {SessionState::kOpen, SessionEvent::kPeerSilent, SessionState::kClosed},
    {SessionState::kClosing, SessionEvent::kCloseCame, SessionState::kClosed},
    {SessionState::kClosing, SessionEvent::kStreamEnded, SessionState::kClosed},
    {SessionState::kClosing, SessionEvent::kFrameBroken, SessionState::kClosed},
    {SessionState::kClosing, SessionEvent::kTimeUp, SessionState::kClosed},
}};

// NextState returns the state after `event`. It is `state` itself if the table
// has no such transition.
SessionState NextState(SessionState state, SessionEvent event);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SESSION_SESSION_STATE_H_
