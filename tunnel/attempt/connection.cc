// SPDX-License-Identifier: Apache-2.0
#include "tunnel/attempt/connection.h"

#include <sys/epoll.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

constexpr absl::Duration kHandshakeTimeout = absl::Seconds(10);

constexpr size_t kInputBytes = 32768;  // two TLS records, RFC 8446 5.1

// Reads in a row before the other descriptors have their turn, and how long
// they may take together; one read alone has a limit of its own, in bytes.
constexpr int kReadsPerTurn = 16;
constexpr absl::Duration kTurnTime = absl::Milliseconds(20);

// Of a handshake that failed with `why`, which is kUnauthenticated if a
// certificate was refused.
End EndOfHandshake(const absl::Status& why) {
  if (absl::IsUnauthenticated(why)) {
    return {EndReason::kCertificate, why};
  }
  return {EndReason::kConnection, CauseOf(why) == EndCause::kUnknown
                                      ? WithCause(why, EndCause::kTlsFailed)
                                      : why};
}

}  // namespace

Connection::Connection(EventLoop* loop, std::unique_ptr<Transport> transport,
                       SessionFactory make_session, Observer* observer)
    : loop_(loop),
      transport_(std::move(transport)),
      make_session_(std::move(make_session)),
      observer_(observer),
      input_(std::make_unique_for_overwrite<uint8_t[]>(kInputBytes)) {}

Connection::~Connection() { loop_->Unwatch(transport_->fd()); }

void Connection::Start(absl::Time now) {
  handshake_deadline_ = now + kHandshakeTimeout;
  const absl::Status watched = loop_->Watch(
      transport_->fd(), EPOLLIN, [this](uint32_t events) { OnEvents(events); });
  if (!watched.ok()) {
    End({EndReason::kConnection, watched});
    return;
  }
  Handshake(now);
}

void Connection::OnEvents(uint32_t events) {
  const absl::Time now = MonotonicNow();
  if (ended_) {
    return;
  }
  if (session_ == nullptr) {
    Handshake(now);
    return;
  }
  if ((events & ~uint32_t{EPOLLOUT}) != 0) {
    ReadTurn(now);
  }
  Flush(now);
}

void Connection::Handshake(absl::Time now) {
  // RFC 6455 4.1 MUST: the TLS handshake comes before the opening handshake
  // RFC 6455 4.1 MUST: fail when the TLS handshake fails
  const IoResult result = transport_->Handshake();
  unread_ = result == IoResult::kMore;
  switch (result) {
    case IoResult::kDone:
      BeginSession(now);
      return;
    case IoResult::kMore:
      loop_->SetEvents(transport_->fd(), EPOLLIN);
      return;
    case IoResult::kWouldBlock:
      loop_->SetEvents(transport_->fd(),
                       transport_->WantsWrite() ? EPOLLOUT : EPOLLIN);
      return;
    case IoResult::kClosed:
      End({EndReason::kConnection,
           WithCause(
               absl::UnavailableError(
                   "the server ended the connection in the TLS handshake"),
               EndCause::kTlsFailed)});
      return;
    case IoResult::kFailed:
      End(EndOfHandshake(transport_->status()));
      return;
  }
}

void Connection::BeginSession(absl::Time now) {
  handshake_deadline_ = absl::InfiniteFuture();
  observer_->OnSecured();
  absl::StatusOr<std::unique_ptr<Session>> session = make_session_(now);
  if (!session.ok()) {
    // RFC 6455 4.1 MUST: fail when one of them is invalid (host, port, path)
    End({EndReason::kHandshake, session.status()});
    return;
  }
  // RFC 6455 4.1 MUST: the opening handshake is sent once connected
  session_ = *std::move(session);
  unread_ = transport_->HasInput();  // came with the end of the handshake
  Flush(now);
}

void Connection::ReadTurn(absl::Time now) {
  unread_ = ReadSome(now) == Turn::kMore;
  session_->OnReadEnd();
}

Connection::Turn Connection::ReadSome(absl::Time now) {
  const absl::Time latest = MonotonicNow() + kTurnTime;
  for (int i = 0; i < kReadsPerTurn && MonotonicNow() < latest; ++i) {
    size_t count = 0;
    switch (transport_->Read({input_.get(), kInputBytes}, &count)) {
      case IoResult::kDone:
        session_->OnBytes({input_.get(), count}, now);
        break;
      case IoResult::kMore:
        return Turn::kMore;
      case IoResult::kWouldBlock:
        return Turn::kOver;
      case IoResult::kClosed:
        session_->OnStreamEnd(absl::OkStatus());
        return Turn::kOver;
      case IoResult::kFailed:
        // RFC 6455 7.2.1 MUST: fail when the transport is lost
        session_->OnStreamEnd(transport_->status());
        return Turn::kOver;
    }
    if (session_->state() == Session::State::kClosed) {
      return Turn::kOver;
    }
    if (!session_->output().empty()) {
      WriteOutput(now);  // an answer to a ping does not wait for the batch
    }
  }
  return Turn::kMore;
}

void Connection::Flush(absl::Time now) {
  if (ended_ || session_ == nullptr) {
    return;
  }
  WriteOutput(now);
  Settle();
}

void Connection::WriteOutput(absl::Time now) {
  // RFC 6455 6.1 MUST: the frames go out over the connection
  const IoResult result = transport_->WriteAll(
      [this] { return session_->output(); },
      [this, now](size_t count) { session_->ConsumeOutput(count, now); });
  blocked_ = result == IoResult::kWouldBlock;
  if (result != IoResult::kDone && !blocked_) {
    session_->OnStreamEnd(transport_->status());
  }
}

// What follows from the state that a turn has led to.
void Connection::Settle() {
  if (session_->state() == Session::State::kClosed) {
    // RFC 6455 5.5.1 MUST: the connection is closed after a Close each way
    // After any answer but the upgrade, whatever body it announces:
    // RFC 9112 6.1 MUST: close after HTTP/1.0 with Transfer-Encoding
    // RFC 9112 6.3 MUST: an invalid Content-Length cannot be recovered from
    // RFC 9112 6.3 MUST: close when fewer octets come than announced
    // RFC 9112 6.3 MUST NOT: what follows the answer is taken for another
    // RFC 9112 9.6 MUST: close after an answer with "close", send no more
    // requests
    transport_->Shutdown();
    End(session_->end().value_or(
        tunnel::End{EndReason::kConnection, absl::OkStatus()}));
    return;
  }
  loop_->SetEvents(transport_->fd(),
                   blocked_ ? EPOLLIN | EPOLLOUT : uint32_t{EPOLLIN});
}

void Connection::Close(absl::Time now) {
  if (ended_) {
    return;
  }
  if (session_ == nullptr) {
    End({EndReason::kClosedByUs, absl::OkStatus()});
    return;
  }
  // RFC 6455 7.1.2 MUST: a closing handshake begins with a Close frame
  session_->Close(now);
  Flush(now);
}

void Connection::OnTime(absl::Time now) {
  if (ended_) {
    return;
  }
  if (now >= handshake_deadline_) {
    End({EndReason::kConnection,
         WithCause(absl::DeadlineExceededError(
                       absl::StrCat("the TLS handshake took more than ",
                                    absl::FormatDuration(kHandshakeTimeout))),
                   EndCause::kTlsStalled)});
    return;
  }
  if (session_ == nullptr) {
    if (unread_) {
      Handshake(now);
    }
    return;
  }
  if (!unread_ && now < session_->NextTime()) {
    return;
  }
  if (unread_) {
    ReadTurn(now);
  }
  if (now >= session_->NextTime()) {
    session_->OnTime(now);
  }
  Flush(now);
}

absl::Time Connection::NextTime() const {
  if (ended_) {
    return absl::InfiniteFuture();
  }
  if (unread_) {
    return absl::InfinitePast();
  }
  return session_ == nullptr ? handshake_deadline_ : session_->NextTime();
}

void Connection::End(const tunnel::End& end) {
  if (ended_) {
    return;
  }
  ended_ = true;
  loop_->Unwatch(transport_->fd());
  observer_->OnConnectionEnd(end);
}

}  // namespace ovoc::tunnel
