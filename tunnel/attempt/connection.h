// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_ATTEMPT_CONNECTION_H_
#define OVOC_TUNNEL_ATTEMPT_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tunnel/session/session.h"
#include "tunnel/session/session_end.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/transport/transport.h"

namespace ovoc::tunnel {

// Connection moves bytes between a Transport and a Session: the TLS handshake,
// then the session's whole life. The session, and with it the upgrade request
// and the credentials, is made only once the transport's handshake is over.
class Connection {
 public:
  // Makes the session, which begins at the given time.
  using SessionFactory =
      std::function<absl::StatusOr<std::unique_ptr<Session>>(absl::Time)>;

  // Observer must not delete the connection from within a call.
  class Observer {
   public:
    virtual ~Observer() = default;
    // The transport's handshake is over. With TLS the server's certificate is
    // verified.
    virtual void OnSecured() = 0;
    // Called once. Nothing is called afterwards.
    virtual void OnConnectionEnd(const End& end) = 0;
  };

  Connection(EventLoop* loop, std::unique_ptr<Transport> transport,
             SessionFactory make_session, Observer* observer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void Start(absl::Time now);

  // Sends what the session has queued, as much as the transport takes.
  void Flush(absl::Time now);

  // Begins an orderly close. If the login is not done, the connection just
  // ends.
  void Close(absl::Time now);

  void OnTime(absl::Time now);
  absl::Time NextTime() const;

  // Null until the handshake is over. The caller gives packets to the session,
  // and calls Flush when it has no more for now.
  Session* session() const { return session_.get(); }

 private:
  enum class Turn {
    kOver,  // all is read for now
    kMore,  // there may be more; other descriptors have their turn first
  };

  void OnEvents(uint32_t events);
  void Handshake(absl::Time now);
  void BeginSession(absl::Time now);
  void ReadTurn(absl::Time now);
  Turn ReadSome(absl::Time now);
  void WriteOutput(absl::Time now);
  void Settle();
  void End(const tunnel::End& end);

  EventLoop* const loop_;
  const std::unique_ptr<Transport> transport_;
  const SessionFactory make_session_;
  Observer* const observer_;
  std::unique_ptr<Session> session_;
  absl::Time handshake_deadline_ = absl::InfiniteFuture();
  const std::unique_ptr<uint8_t[]> input_;  // kInputBytes
  bool unread_ = false;   // kMore: epoll may not report the rest
  bool blocked_ = false;  // output waits for the socket
  bool ended_ = false;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_ATTEMPT_CONNECTION_H_
