// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_action.h"

#include <cstdint>
#include <set>
#include <utility>

#include "gtest/gtest.h"

namespace ovoc::netif {
namespace {

DnsAction Open(uint32_t socket_id) {
  DnsAction action;
  action.kind = DnsAction::Kind::kOpenUdp;
  action.socket_id = socket_id;
  action.bytes = {1, 2, 3};
  return action;
}

TEST(DnsActionsTest, AnEmptyQueueHasNothingToDo) {
  DnsActions actions;
  EXPECT_EQ(actions.Pop().kind, DnsAction::Kind::kNone);
  EXPECT_EQ(actions.Pop().kind, DnsAction::Kind::kNone);
}

TEST(DnsActionsTest, HandsOutFirstInFirstOut) {
  DnsActions actions;
  actions.Push(Open(1));
  actions.Push(Open(2));
  const DnsAction first = actions.Pop();
  EXPECT_EQ(first.socket_id, 1u);
  EXPECT_EQ(first.kind, DnsAction::Kind::kOpenUdp);
  EXPECT_EQ(first.bytes.size(), 3u);
  EXPECT_EQ(actions.Pop().socket_id, 2u);
  EXPECT_EQ(actions.Pop().kind, DnsAction::Kind::kNone);
}

TEST(DnsActionsTest, SocketIdsAreNeverZeroAndNeverTheSame) {
  DnsActions actions;
  std::set<uint32_t> ids;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(ids.insert(actions.NewSocketId()).second);
  }
  EXPECT_EQ(ids.count(0), 0u);
}

TEST(DnsActionsTest, ClosingAnOpenSocketIsAnAction) {
  DnsActions actions;
  actions.Push(Open(7));
  EXPECT_EQ(actions.Pop().socket_id, 7u);
  actions.Close(7);
  const DnsAction close = actions.Pop();
  EXPECT_EQ(close.kind, DnsAction::Kind::kClose);
  EXPECT_EQ(close.socket_id, 7u);
}

TEST(DnsActionsTest, ASocketClosedBeforeItWasOpenedIsForgotten) {
  DnsActions actions;
  actions.Push(Open(7));
  actions.Push(Open(8));
  actions.Close(7);
  EXPECT_EQ(actions.Pop().socket_id, 8u);
  EXPECT_EQ(actions.Pop().kind, DnsAction::Kind::kNone);
}

}  // namespace
}  // namespace ovoc::netif
