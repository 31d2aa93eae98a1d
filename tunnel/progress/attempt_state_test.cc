// SPDX-License-Identifier: Apache-2.0
#include "tunnel/progress/attempt_state.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/testing/state_diagram.h"

namespace ovoc::tunnel {
namespace {

constexpr AttemptState kStates[] = {
    AttemptState::kNew,         AttemptState::kResolving,
    AttemptState::kConnecting,  AttemptState::kAsking,
    AttemptState::kFallingBack, AttemptState::kConnected,
    AttemptState::kEnded};
constexpr AttemptEvent kEvents[] = {
    AttemptEvent::kNameGiven,      AttemptEvent::kAddressesKnown,
    AttemptEvent::kLookupFailed,   AttemptEvent::kProxyConnected,
    AttemptEvent::kProxyUnreached, AttemptEvent::kConnectDone,
    AttemptEvent::kConnectFailed,  AttemptEvent::kConnectionEnded,
    AttemptEvent::kCloseAsked};

// As attempt_states.md calls them.
absl::string_view Word(AttemptState state) {
  switch (state) {
    case AttemptState::kNew:
      return "New";
    case AttemptState::kResolving:
      return "Resolving";
    case AttemptState::kConnecting:
      return "Connecting";
    case AttemptState::kAsking:
      return "Asking";
    case AttemptState::kFallingBack:
      return "FallingBack";
    case AttemptState::kConnected:
      return "Connected";
    case AttemptState::kEnded:
      return "Ended";
  }
  return "";
}

absl::string_view Word(AttemptEvent event) {
  switch (event) {
    case AttemptEvent::kNameGiven:
      return "NameGiven";
    case AttemptEvent::kAddressesKnown:
      return "AddressesKnown";
    case AttemptEvent::kLookupFailed:
      return "LookupFailed";
    case AttemptEvent::kProxyConnected:
      return "ProxyConnected";
    case AttemptEvent::kProxyUnreached:
      return "ProxyUnreached";
    case AttemptEvent::kConnectDone:
      return "ConnectDone";
    case AttemptEvent::kConnectFailed:
      return "ConnectFailed";
    case AttemptEvent::kConnectionEnded:
      return "ConnectionEnded";
    case AttemptEvent::kCloseAsked:
      return "CloseAsked";
  }
  return "";
}

TEST(AttemptStateTest, TheDiagramIsTheTable) {
  std::set<std::string> table;
  for (const AttemptTransition& row : kAttemptTransitions) {
    table.insert(absl::StrCat(Word(row.from), " --> ", Word(row.to), ": ",
                              Word(row.event)));
  }
  EXPECT_EQ(table.size(), kAttemptTransitions.size()) << "a row stands twice";
  EXPECT_EQ(ArrowsOf("tunnel/progress/attempt_states.md"), table);
}

TEST(AttemptStateTest, OnlyWhatStandsInTheTableChangesTheState) {
  size_t changes = 0;
  for (const AttemptState state : kStates) {
    for (const AttemptEvent event : kEvents) {
      changes += NextState(state, event) != state ? 1 : 0;
    }
  }
  EXPECT_EQ(changes, kAttemptTransitions.size());
  for (const AttemptTransition& row : kAttemptTransitions) {
    EXPECT_EQ(NextState(row.from, row.event), row.to) << Word(row.event);
  }
}

TEST(AttemptStateTest, AnEndedAttemptStaysEnded) {
  for (const AttemptEvent event : kEvents) {
    EXPECT_EQ(NextState(AttemptState::kEnded, event), AttemptState::kEnded);
  }
}

// What it asks of the connection ends it by way of ConnectionEnded.
TEST(AttemptStateTest, ACloseEndsItAtOnceUnlessThereIsAConnection) {
  for (const AttemptState state : kStates) {
    EXPECT_EQ(NextState(state, AttemptEvent::kCloseAsked),
              state == AttemptState::kConnected ? AttemptState::kConnected
                                                : AttemptState::kEnded)
        << Word(state);
  }
}

}  // namespace
}  // namespace ovoc::tunnel
