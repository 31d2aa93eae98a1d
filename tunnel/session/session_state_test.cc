// SPDX-License-Identifier: Apache-2.0
#include "tunnel/session/session_state.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tunnel/testing/state_diagram.h"

namespace ovoc::tunnel {
namespace {

constexpr SessionState kStates[] = {SessionState::kLoggingIn,
                                    SessionState::kOpen, SessionState::kClosing,
                                    SessionState::kClosed};
constexpr SessionEvent kEvents[] = {
    SessionEvent::kLoggedIn,    SessionEvent::kLoginFailed,
    SessionEvent::kCloseAsked,  SessionEvent::kCloseCame,
    SessionEvent::kStreamEnded, SessionEvent::kFrameBroken,
    SessionEvent::kPeerSilent,  SessionEvent::kTimeUp};

// As README.md calls them.
absl::string_view Word(SessionState state) {
  switch (state) {
    case SessionState::kLoggingIn:
      return "LoggingIn";
    case SessionState::kOpen:
      return "Open";
    case SessionState::kClosing:
      return "Closing";
    case SessionState::kClosed:
      return "Closed";
  }
  return "";
}

absl::string_view Word(SessionEvent event) {
  switch (event) {
    case SessionEvent::kLoggedIn:
      return "LoggedIn";
    case SessionEvent::kLoginFailed:
      return "LoginFailed";
    case SessionEvent::kCloseAsked:
      return "CloseAsked";
    case SessionEvent::kCloseCame:
      return "CloseCame";
    case SessionEvent::kStreamEnded:
      return "StreamEnded";
    case SessionEvent::kFrameBroken:
      return "FrameBroken";
    case SessionEvent::kPeerSilent:
      return "PeerSilent";
    case SessionEvent::kTimeUp:
      return "TimeUp";
  }
  return "";
}

TEST(SessionStateTest, TheDiagramIsTheTable) {
  std::set<std::string> table;
  for (const SessionTransition& row : kSessionTransitions) {
    table.insert(absl::StrCat(Word(row.from), " --> ", Word(row.to), ": ",
                              Word(row.event)));
  }
  EXPECT_EQ(table.size(), kSessionTransitions.size()) << "a row stands twice";
  EXPECT_EQ(ArrowsOf("tunnel/session/README.md"), table);
}

TEST(SessionStateTest, OnlyWhatStandsInTheTableChangesTheState) {
  size_t changes = 0;
  for (const SessionState state : kStates) {
    for (const SessionEvent event : kEvents) {
      changes += NextState(state, event) != state ? 1 : 0;
    }
  }
  EXPECT_EQ(changes, kSessionTransitions.size());
  for (const SessionTransition& row : kSessionTransitions) {
    EXPECT_EQ(NextState(row.from, row.event), row.to) << Word(row.event);
  }
}

TEST(SessionStateTest, AClosedSessionStaysClosed) {
  for (const SessionEvent event : kEvents) {
    EXPECT_EQ(NextState(SessionState::kClosed, event), SessionState::kClosed);
  }
}

TEST(SessionStateTest, EveryStateEndsWhenTheStreamEnds) {
  for (const SessionState state : kStates) {
    EXPECT_EQ(NextState(state, SessionEvent::kStreamEnded),
              SessionState::kClosed)
        << Word(state);
  }
}

// RFC 6455 5.5.1 MUST NOT: data frames after the Close
TEST(SessionStateTest, NothingLeadsBackToOpen) {
  for (const SessionEvent event : kEvents) {
    EXPECT_NE(NextState(SessionState::kClosing, event), SessionState::kOpen);
  }
}

}  // namespace
}  // namespace ovoc::tunnel
