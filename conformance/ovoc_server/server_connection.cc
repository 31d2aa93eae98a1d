// SPDX-License-Identifier: Apache-2.0
#include "conformance/ovoc_server/server_connection.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace ovoc::conformance {
namespace {

using tunnel::IoResult;

// Of one connection before the others have theirs: at most 1 MiB of TLS.
constexpr int kReadsPerTurn = 64;

}  // namespace

ServerConnection::ServerConnection(std::unique_ptr<tunnel::Transport> transport,
                                   std::string remote,
                                   const Peer::Options* options, PeerHost* host,
                                   std::function<void()> output_ready,
                                   absl::Time now)
    : transport_(std::move(transport)),
      remote_(std::move(remote)),
      peer_(options, host, std::move(output_ready), now) {}

ServerConnection::Turn ServerConnection::Serve(absl::Span<uint8_t> buffer,
                                               absl::Time now,
                                               absl::Time wall) {
  Turn turn = Turn::kOver;
  switch (state_) {
    case State::kHandshake:
      turn = ShakeHands(buffer, now, wall);
      break;
    case State::kStreaming:
    case State::kLingering:
      turn = Read(buffer, now, wall);
      break;
    case State::kDone:
      return Turn::kOver;
  }
  Flush(now);
  return turn;
}

ServerConnection::Turn ServerConnection::ShakeHands(absl::Span<uint8_t> buffer,
                                                    absl::Time now,
                                                    absl::Time wall) {
  const IoResult result = transport_->Handshake();
  switch (result) {
    case IoResult::kDone:
      state_ = State::kStreaming;
      // The request may have come with the end of the handshake.
      return Read(buffer, now, wall);
    case IoResult::kMore:
      return Turn::kMore;
    case IoResult::kWouldBlock:
      return Turn::kOver;
    case IoResult::kClosed:
    case IoResult::kFailed:
      OnIoEnd(result);
      return Turn::kOver;
  }
  return Turn::kOver;
}

ServerConnection::Turn ServerConnection::Read(absl::Span<uint8_t> buffer,
                                              absl::Time now, absl::Time wall) {
  for (int i = 0; i < kReadsPerTurn; ++i) {
    size_t count = 0;
    const IoResult result = transport_->Read(buffer, &count);
    switch (result) {
      case IoResult::kDone:
        if (state_ == State::kStreaming) {
          peer_.OnBytes(buffer.first(count), now, wall);
        }
        break;
      case IoResult::kMore:
        return Turn::kMore;
      case IoResult::kWouldBlock:
        return Turn::kOver;
      case IoResult::kClosed:
      case IoResult::kFailed:
        OnIoEnd(result);
        return Turn::kOver;
    }
  }
  return Turn::kMore;
}

// Nothing can be sent or received any more, or nobody is there to get it.
void ServerConnection::OnIoEnd(IoResult result) {
  peer_.OnStreamEnd(result == IoResult::kClosed ? PeerEnd::kPeerClosed
                                                : PeerEnd::kTransport);
  if (result == IoResult::kClosed && state_ == State::kStreaming) {
    transport_->Shutdown();
  }
  state_ = State::kDone;
}

void ServerConnection::Flush(absl::Time now) {
  if (state_ != State::kStreaming) {
    return;
  }
  const IoResult result =
      transport_->WriteAll([this] { return peer_.NextWrite(); },
                           [this](size_t count) { peer_.Wrote(count); });
  blocked_ = result == IoResult::kWouldBlock;
  if (result != IoResult::kDone && !blocked_) {
    OnIoEnd(result);
    return;
  }
  CloseIfEnded(now);
}

void ServerConnection::CloseIfEnded(absl::Time now) {
  if (!peer_.ended()) {
    return;
  }
  close_deadline_ = std::min(close_deadline_, now + kLingerTime);
  if (!blocked_) {
    transport_->Shutdown();
    state_ = State::kLingering;
  }
}

void ServerConnection::OnTime(absl::Time now) {
  if (state_ == State::kDone) {
    return;
  }
  if (now >= close_deadline_) {
    state_ = State::kDone;
    return;
  }
  peer_.OnTime(now);
  if (state_ == State::kHandshake && peer_.ended()) {
    state_ = State::kDone;
    return;
  }
  Flush(now);
}

absl::Time ServerConnection::NextTime() const {
  return state_ == State::kDone ? absl::InfiniteFuture()
                                : std::min(close_deadline_, peer_.NextTime());
}

void ServerConnection::Stop(absl::Time now) {
  peer_.Stop();
  if (state_ == State::kHandshake) {
    state_ = State::kDone;
    return;
  }
  Flush(now);
}

bool ServerConnection::wants_write() const {
  switch (state_) {
    case State::kHandshake:
      return transport_->WantsWrite();
    case State::kStreaming:
      return blocked_;
    case State::kLingering:
    case State::kDone:
      return false;
  }
  return false;
}

}  // namespace ovoc::conformance
