// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/relay.h"

#include <sys/socket.h>

#include <utility>

namespace ovoc::conformance {
namespace {

using tunnel::IoResult;

constexpr int kMovesPerTurn = 16;

// A close of the socket from now on is a reset.
void CloseHard(int fd) {
  const linger reset = {1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

}  // namespace

Relay::Relay(std::unique_ptr<tunnel::Transport> client,
             std::unique_ptr<tunnel::Transport> server, Observer* observer)
    : observer_(observer), buffer_(kRelayBytes) {
  client_.transport = std::move(client);
  server_.transport = std::move(server);
}

Relay::Turn Relay::Serve() {
  for (int i = 0; i < kMovesPerTurn; ++i) {
    const bool up = Move(Side::kClient);
    const bool down = Move(Side::kServer);
    if (!up && !down) {
      return Turn::kOver;
    }
  }
  return Turn::kMore;
}

bool Relay::Move(Side from) {
  OneEnd& source = End(from);
  OneEnd& target = End(Other(from));
  if (failed_ || !Flush(Other(from))) {
    return false;
  }
  if (source.ended) {
    if (!std::exchange(target.told, true)) {
      target.transport->Shutdown();
    }
    return false;
  }
  size_t count = 0;
  switch (source.transport->Read(absl::MakeSpan(buffer_), &count)) {
    case IoResult::kDone:
      observer_->OnBytes(from, absl::MakeConstSpan(buffer_).first(count));
      target.pending.assign(buffer_.begin(),
                            buffer_.begin() + static_cast<ptrdiff_t>(count));
      Flush(Other(from));
      return true;
    case IoResult::kMore:
      return true;
    case IoResult::kWouldBlock:
      return false;
    case IoResult::kClosed:
      source.ended = true;
      observer_->OnEnd(from, EventKind::kEof);
      return true;
    case IoResult::kFailed:
      Fail(from);
      return false;
  }
  return false;
}

bool Relay::Flush(Side to) {
  OneEnd& target = End(to);
  const IoResult result = target.transport->WriteAll(
      [&target] { return absl::MakeConstSpan(target.pending); },
      [&target](size_t count) {
        target.pending.erase(
            target.pending.begin(),
            target.pending.begin() + static_cast<ptrdiff_t>(count));
      });
  if (result != IoResult::kDone && result != IoResult::kWouldBlock) {
    Fail(to);
  }
  return result == IoResult::kDone;
}

void Relay::Fail(Side side) {
  failed_ = true;
  if (!std::exchange(End(side).ended, true)) {
    observer_->OnEnd(side, EventKind::kReset);
  }
  CloseHard(End(Other(side)).transport->fd());
}

void Relay::OnHangUp(Side side) {
  Serve();  // what was sent before
  if (End(side).ended && !done()) {
    Fail(side);
  }
}

bool Relay::WantsRead(Side side) const {
  return !failed_ && !End(side).ended && !WantsWrite(Other(side));
}

bool Relay::done() const { return failed_ || (client_.told && server_.told); }

}  // namespace ovoc::conformance
