// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_PROGRESS_ATTEMPT_STATE_H_
#define OVOC_TUNNEL_PROGRESS_ATTEMPT_STATE_H_

#include <array>

namespace ovoc::tunnel {

// AttemptState is how far an attempt has come. With a proxy, kResolving and
// kConnecting are about the proxy first.
enum class AttemptState {
  kNew,          // Attempt::Start was not called yet
  kResolving,    // no address is tried yet: the server's name is looked up
  kConnecting,   // known addresses race; the lookup may find more of them
  kAsking,       // the proxy is asked for a tunnel to the server
  kFallingBack,  // there is no proxy to ask; the server itself is next
  kConnected,    // the Connection has it, up to its end
  kEnded,        // over; Attempt::Observer::OnEnd was called
};

// AttemptEvent is what can change the state.
enum class AttemptEvent {
  kNameGiven,        // there is a name to look up, and no address
  kAddressesKnown,   // there are addresses to connect to
  kLookupFailed,     // the name has no address
  kProxyConnected,   // there is a TCP connection to the proxy
  kProxyUnreached,   // there is none, and the settings allow to go directly
  kConnectDone,      // there is a connection to the server
  kConnectFailed,    // there is none, or TLS could not be begun
  kConnectionEnded,  // Connection::Observer::OnConnectionEnd
  kCloseAsked,       // Attempt::Close; a Connection closes in order by itself
};

// AttemptTransition is one row of the table below.
struct AttemptTransition {
  AttemptState from;
  AttemptEvent event;
  AttemptState to;
};

// kAttemptTransitions has all transitions there are. attempt_states.md shows
// them as a diagram.
inline constexpr std::array<AttemptTransition, 20> kAttemptTransitions = {{
    {AttemptState::kNew, AttemptEvent::kNameGiven, AttemptState::kResolving},
    {AttemptState::kNew, AttemptEvent::kAddressesKnown,
     AttemptState::kConnecting},
    {AttemptState::kNew, AttemptEvent::kCloseAsked, AttemptState::kEnded},
    {AttemptState::kResolving, AttemptEvent::kAddressesKnown,
     AttemptState::kConnecting},
    {AttemptState::kResolving, AttemptEvent::kLookupFailed,
     AttemptState::kEnded},
    {AttemptState::kResolving, AttemptEvent::kCloseAsked, AttemptState::kEnded},
    {AttemptState::kConnecting, AttemptEvent::kConnectDone,
     AttemptState::kConnected},
    {AttemptState::kConnecting, AttemptEvent::kConnectFailed,
     AttemptState::kEnded},
    {AttemptState::kConnecting, AttemptEvent::kLookupFailed,
     AttemptState::kEnded},
    {AttemptState::kConnecting, AttemptEvent::kCloseAsked,
     AttemptState::kEnded},
    {AttemptState::kResolving, AttemptEvent::kProxyUnreached,
     AttemptState::kFallingBack},
    {AttemptState::kConnecting, AttemptEvent::kProxyUnreached,
     AttemptState::kFallingBack},
    {AttemptState::kConnecting, AttemptEvent::kProxyConnected,
     AttemptState::kAsking},
    {AttemptState::kAsking, AttemptEvent::kConnectDone,
     AttemptState::kConnected},
    {AttemptState::kAsking, AttemptEvent::kConnectFailed, AttemptState::kEnded},
    {AttemptState::kAsking, AttemptEvent::kCloseAsked, AttemptState::kEnded},
    {AttemptState::kFallingBack, AttemptEvent::kNameGiven,
     AttemptState::kResolving},
    {AttemptState::kFallingBack, AttemptEvent::kAddressesKnown,
     AttemptState::kConnecting},
    {AttemptState::kFallingBack, AttemptEvent::kCloseAsked,
     AttemptState::kEnded},
    {AttemptState::kConnected, AttemptEvent::kConnectionEnded,
     AttemptState::kEnded},
}};

// NextState returns the state after `event`. It is `state` itself when no
// transition is for the event.
AttemptState NextState(AttemptState state, AttemptEvent event);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_PROGRESS_ATTEMPT_STATE_H_
