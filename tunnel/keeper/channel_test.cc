// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/channel.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

constexpr Channel::Wait kNoWait = Channel::Wait::kNo;

class ChannelTest : public testing::Test {
 protected:
  ChannelTest() : ends_(Channel::MakePair().value()) {}

  absl::StatusOr<WorkerMessage> Receive() {
    return ends_.keeper.ReceiveFromWorker(kNoWait);
  }
  // A datagram that no Channel would send.
  void SendRaw(int fd, const std::vector<uint8_t>& bytes) {
    ASSERT_EQ(send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  absl::Status Say(const std::string& text) {
    return ends_.worker.Send(WorkerMessage(LogRecord{LogLevel::kInfo, text}),
                             kNoWait);
  }

  Channel::Pair ends_;
};

// What the memory of a channel itself holds.
bool Holds(const Channel& channel, absl::string_view text) {
  return absl::StrContains(
      absl::string_view(reinterpret_cast<const char*>(&channel),
                        sizeof(channel)),
      text);
}

KeeperMessage Secret(absl::string_view text) {
  return Authorization{auth::Secret::FromString(text)};
}

TEST_F(ChannelTest, IsAPairThatNoProgramInherits) {
  for (const int fd : {ends_.keeper.fd(), ends_.worker.fd()}) {
    EXPECT_NE(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
    int type = 0;
    socklen_t size = sizeof(type);
    ASSERT_EQ(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size), 0);
    EXPECT_EQ(type, SOCK_SEQPACKET);
  }
}

TEST_F(ChannelTest, CarriesMessagesBothWaysInOrder) {
  EXPECT_TRUE(Say("a").ok());
  EXPECT_TRUE(
      ends_.worker.Send(WorkerMessage(AskSurroundings{}), kNoWait).ok());
  EXPECT_TRUE(Say("b").ok());
  EXPECT_EQ(std::get<LogRecord>(Receive().value()).text, "a");
  EXPECT_TRUE(std::holds_alternative<AskSurroundings>(Receive().value()));
  EXPECT_EQ(std::get<LogRecord>(Receive().value()).text, "b");
  EXPECT_TRUE(absl::IsNotFound(Receive().status()));
  EXPECT_TRUE(
      ends_.keeper.Send(KeeperMessage(Surroundings{{}, "v"}), kNoWait).ok());
  EXPECT_TRUE(ends_.keeper.Send(KeeperMessage(Stop{}), kNoWait).ok());
  EXPECT_EQ(
      std::get<Surroundings>(ends_.worker.ReceiveFromKeeper(kNoWait).value())
          .vrf,
      "v");
  EXPECT_TRUE(std::holds_alternative<Stop>(
      ends_.worker.ReceiveFromKeeper(Channel::Wait::kYes).value()));
  EXPECT_TRUE(
      absl::IsNotFound(ends_.worker.ReceiveFromKeeper(kNoWait).status()));
}

TEST_F(ChannelTest, RefusesDatagramsOfAnotherSizeAndGoesOn) {
  for (const size_t size :
       {size_t{1}, kMessageBytes - 1, kMessageBytes + 1, size_t{65536}}) {
    SendRaw(ends_.worker.fd(), std::vector<uint8_t>(size));
    EXPECT_TRUE(absl::IsInvalidArgument(Receive().status())) << size;
    SendRaw(ends_.keeper.fd(), std::vector<uint8_t>(size));
    EXPECT_TRUE(absl::IsInvalidArgument(
        ends_.worker.ReceiveFromKeeper(kNoWait).status()))
        << size;
  }
  EXPECT_TRUE(Say("a").ok());
  EXPECT_TRUE(Receive().ok());
}

TEST_F(ChannelTest, ALongDatagramThatBeginsAsAMessageIsNone) {
  MessageBytes message;
  EncodeMessage(WorkerMessage(AskAuthorization{}), &message);
  std::vector<uint8_t> bytes(message.begin(), message.end());
  bytes.push_back(0);
  SendRaw(ends_.worker.fd(), bytes);
  EXPECT_EQ(Receive().status(),
            absl::InvalidArgumentError("the message is too long"));
}

// The kernel tells an empty datagram from the end by nothing.
TEST_F(ChannelTest, AnEmptyDatagramIsTheEnd) {
  SendRaw(ends_.worker.fd(), {});
  EXPECT_TRUE(absl::IsUnavailable(Receive().status()));
}

TEST_F(ChannelTest, RefusesAMessageOfItsOwnDirection) {
  MessageBytes message;
  EncodeMessage(KeeperMessage(Stop{}), &message);
  SendRaw(ends_.worker.fd(), {message.begin(), message.end()});
  EXPECT_TRUE(absl::IsInvalidArgument(Receive().status()));
}

TEST_F(ChannelTest, SaysThatTheOtherEndIsGone) {
  EXPECT_TRUE(Say("last").ok());
  ends_.worker = Channel(netif::UniqueFd());
  EXPECT_TRUE(Receive().ok()) << "what was said before stays";
  EXPECT_TRUE(absl::IsUnavailable(Receive().status()));
  EXPECT_TRUE(
      absl::IsUnavailable(ends_.keeper.Send(KeeperMessage(Stop{}), kNoWait)));
  EXPECT_TRUE(absl::IsUnavailable(Receive().status())) << "for good";
}

// The kernel reports the unread message first, as ECONNRESET.
TEST_F(ChannelTest, KeepsTheLastWordsOfOneThatDidNotListen) {
  EXPECT_TRUE(ends_.keeper.Send(KeeperMessage(Stop{}), kNoWait).ok());
  EXPECT_TRUE(
      ends_.worker.Send(WorkerMessage(FilterViolation{257}), kNoWait).ok());
  ends_.worker = Channel(netif::UniqueFd());
  const auto last = Receive();
  ASSERT_TRUE(last.ok()) << last.status();
  EXPECT_EQ(std::get<FilterViolation>(*last).system_call, 257);
  EXPECT_TRUE(absl::IsUnavailable(Receive().status()));
}

TEST_F(ChannelTest, SaysThatThereIsNoRoom) {
  int sent = 0;
  absl::Status status;
  while ((status = Say(absl::StrCat("n=", sent))).ok()) {
    ++sent;
  }
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  ASSERT_GT(sent, 0);
  for (int i = 0; i < sent; ++i) {
    EXPECT_EQ(std::get<LogRecord>(Receive().value()).text,
              absl::StrCat("n=", i));
  }
  EXPECT_TRUE(absl::IsNotFound(Receive().status()));
  EXPECT_TRUE(Say("room again").ok());
}

// Whether two descriptors are of one open file.
bool AreSame(int a, int b) {
  struct stat first = {};
  struct stat second = {};
  return fstat(a, &first) == 0 && fstat(b, &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

int OpenDescriptors() {
  int count = 0;
  for (int fd = 0; fd < 256; ++fd) {
    count += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
  }
  return count;
}

TEST_F(ChannelTest, PassesASocketBesideItsMessage) {
  SocketMade made = {absl::OkStatus(),
                     netif::UniqueFd(socket(AF_INET, SOCK_DGRAM, 0))};
  const int original = dup(made.socket.get());
  const int before = OpenDescriptors();
  EXPECT_TRUE(ends_.keeper.Send(KeeperMessage(std::move(made)), kNoWait).ok());
  EXPECT_EQ(OpenDescriptors(), before - 1) << "the sender's copy is closed";
  auto got = ends_.worker.ReceiveFromKeeper(kNoWait);
  ASSERT_TRUE(got.ok()) << got.status();
  const netif::UniqueFd socket = std::move(std::get<SocketMade>(*got).socket);
  EXPECT_TRUE(AreSame(socket.get(), original));
  EXPECT_NE(fcntl(socket.get(), F_GETFD) & FD_CLOEXEC, 0);
  close(original);
}

TEST_F(ChannelTest, ASocketStaysWithItsOwnMessage) {
  EXPECT_TRUE(ends_.keeper.Send(KeeperMessage(Stop{}), kNoWait).ok());
  for (const bool ok : {true, false}) {
    SocketMade made = {ok ? absl::OkStatus() : absl::UnavailableError("no"),
                       netif::UniqueFd(ok ? dup(0) : -1)};
    EXPECT_TRUE(
        ends_.keeper.Send(KeeperMessage(std::move(made)), kNoWait).ok());
  }
  EXPECT_TRUE(std::holds_alternative<Stop>(
      ends_.worker.ReceiveFromKeeper(kNoWait).value()));
  for (const bool ok : {true, false}) {
    auto got = ends_.worker.ReceiveFromKeeper(kNoWait);
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(std::get<SocketMade>(*got).result.ok(), ok);
    EXPECT_EQ(std::get<SocketMade>(*got).socket.valid(), ok);
  }
}

// Sends a message with descriptor 0 beside it, as no Channel would.
void SendWithDescriptor(int fd, const MessageBytes& message) {
  iovec content = {const_cast<uint8_t*>(message.data()), message.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control = {};
  msghdr header = {};
  header.msg_iov = &content;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  cmsghdr* const item = CMSG_FIRSTHDR(&header);
  item->cmsg_level = SOL_SOCKET;
  item->cmsg_type = SCM_RIGHTS;
  item->cmsg_len = CMSG_LEN(sizeof(int));
  ASSERT_EQ(sendmsg(fd, &header, 0), static_cast<ssize_t>(message.size()));
}

TEST_F(ChannelTest, NoDescriptorComesWithAnythingElse) {
  const int before = OpenDescriptors();
  MessageBytes message;
  EncodeMessage(WorkerMessage(AskSurroundings{}), &message);
  SendWithDescriptor(ends_.worker.fd(), message);
  EXPECT_TRUE(Receive().ok()) << "the keeper does not even see it";
  EXPECT_EQ(OpenDescriptors(), before);
  EncodeMessage(KeeperMessage(Stop{}), &message);
  SendWithDescriptor(ends_.keeper.fd(), message);
  EXPECT_TRUE(absl::IsInvalidArgument(
      ends_.worker.ReceiveFromKeeper(kNoWait).status()));
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST_F(ChannelTest, HoldsNoSecretOnceItIsSentOrReceived) {
  const std::string text = "Basic VlBOOnMzY3JldA==";
  EXPECT_TRUE(ends_.keeper.Send(Secret(text), kNoWait).ok());
  EXPECT_FALSE(Holds(ends_.keeper, "VlBOOnMz"));
  const auto got = ends_.worker.ReceiveFromKeeper(kNoWait);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(std::get<Authorization>(*got).value,
            auth::Secret::FromString(text));
  EXPECT_FALSE(Holds(ends_.worker, "VlBOOnMz"));
}

TEST_F(ChannelTest, HoldsNoSecretThatItCouldNotSend) {
  ends_.worker = Channel(netif::UniqueFd());
  EXPECT_FALSE(ends_.keeper.Send(Secret("Basic VlBOOnMz"), kNoWait).ok());
  EXPECT_FALSE(Holds(ends_.keeper, "VlBOOnMz"));
}

TEST_F(ChannelTest, HoldsNothingOfWhatItRefused) {
  SendRaw(ends_.keeper.fd(), std::vector<uint8_t>(kMessageBytes + 1, 'x'));
  EXPECT_FALSE(ends_.worker.ReceiveFromKeeper(kNoWait).ok());
  EXPECT_FALSE(Holds(ends_.worker, "xxxxxxxx"));
  SendRaw(ends_.worker.fd(), std::vector<uint8_t>(kMessageBytes, 'x'));
  EXPECT_FALSE(Receive().ok());
  EXPECT_FALSE(Holds(ends_.keeper, "xxxxxxxx"));
}

TEST_F(ChannelTest, HoldsNoMessageOnceItIsReceived) {
  EXPECT_TRUE(Say("xxxxxxxx").ok());
  EXPECT_TRUE(Receive().ok());
  EXPECT_FALSE(Holds(ends_.keeper, "xxxxxxxx"));
}

}  // namespace
}  // namespace ovoc::tunnel
