// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_HARDENING_FLOOD_VICTIM_H_
#define OVOC_CONFORMANCE_HARDENING_FLOOD_VICTIM_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/hardening/record_forger.h"
#include "conformance/ovoc_server/legacy_frames.h"
#include "netif/linux/unique_fd.h"
#include "openssl/ssl.h"

namespace ovoc::conformance {

// FloodVictim is a server's end of a client's connection. It accepts the login,
// whatever the credentials are, and then sends what it is given.
class FloodVictim {
 public:
  // `socket` is connected and non-blocking. `context` is a server's context,
  // and must outlive this object, which uses its key log.
  FloodVictim(netif::UniqueFd socket, SSL_CTX* context);
  FloodVictim(const FloodVictim&) = delete;
  FloodVictim& operator=(const FloodVictim&) = delete;

  // Makes the TLS handshake and answers the upgrade request. Waits for the
  // client.
  [[nodiscard]] absl::Status Login();

  // Writes records; only after Login.
  RecordForger* forger() { return &*forger_; }

  // Sends bytes unchanged and reads meanwhile. False if the client has gone.
  bool Send(absl::Span<const uint8_t> bytes);

  // Sends a ping; the time to its pong counts from its last byte. False as for
  // Send.
  bool Ping();

  // Waits for the pongs that are missing, at most 3 s; false as Send.
  bool Settle();

  size_t pongs() const { return pongs_; }
  // The longest wait for a pong; 3 s when one never came.
  absl::Duration worst() const { return worst_; }

 private:
  struct Sent {
    uint8_t mark;
    absl::Time at;
  };

  static void NoteSecret(const SSL* ssl, const char* line);
  bool Wait(short events) const;
  bool GoesOn(int result) const;
  bool Read();
  void TakePong(uint8_t mark);

  const netif::UniqueFd socket_;
  std::string secret_;  // SERVER_TRAFFIC_SECRET_0
  bssl::UniquePtr<SSL> ssl_;
  std::optional<RecordForger> forger_;
  LegacyFrameReader frames_;
  std::deque<Sent> sent_;
  size_t pings_ = 0;
  size_t pongs_ = 0;
  absl::Duration worst_ = absl::ZeroDuration();
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_HARDENING_FLOOD_VICTIM_H_
