// SPDX-License-Identifier: Apache-2.0
//
// tls_flooder is OVOC in hostile hands: it takes a client's login, then sends
// TLS records without data at full speed; see README.md beside this file.
//
// Usage: tls_flooder ADDRESS PORT CERTIFICATE KEY FLOOD COUNT. FLOOD is a name
// of tls_flood.cc, COUNT of its units are sent once SIGUSR1 comes. Between them
// go pings whose pongs are timed, unless FLOOD has "silent_" before it. The
// FLOOD "handshake" never answers the ClientHello and sends what needs no key.
// Prints events of the lab's log form, as hostile_peer.py does.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/hardening/flood_victim.h"
#include "conformance/hardening/tls_flood.h"
#include "conformance/ovoc_server/server_listener.h"
#include "conformance/ovoc_server/server_tls.h"
#include "netif/linux/unique_fd.h"
#include "openssl/ssl.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::conformance {
namespace {

using tunnel::MonotonicNow;
using Bytes = std::vector<uint8_t>;

constexpr absl::Duration kPingPeriod = absl::Milliseconds(20);
constexpr int kPollMs = 20;
constexpr size_t kPairsPerBlock = 5000;

void Say(absl::string_view event) {
  std::cout << "event=" << event << "\n" << std::flush;
}

std::string Seconds(absl::Time since) {
  return absl::StrCat("seconds=",
                      absl::ToDoubleSeconds(MonotonicNow() - since));
}

[[noreturn]] void Die(absl::string_view what) {
  std::cerr << "tls_flooder: " << what << "\n";
  _exit(1);
}

enum class Pings { kTimed, kNone };

void Flood(FloodVictim* victim, const TlsFlood& flood, size_t count,
           Pings pings) {
  const absl::Time begun = MonotonicNow();
  absl::Time next_ping = begun;
  size_t units = 0;
  bool goes = true;
  while (goes && units < count) {
    if (pings == Pings::kTimed && MonotonicNow() >= next_ping) {
      goes = victim->Ping();
      next_ping = MonotonicNow() + kPingPeriod;
    }
    Bytes records;
    units += flood.append(victim->forger(), &records);
    goes = goes && victim->Send(records);
  }
  const std::string spent = Seconds(begun);
  if (!goes || !victim->Settle()) {
    Say(absl::StrCat("end units=", units, " ", Seconds(begun)));
    return;
  }
  Say(absl::StrCat("done units=", units, " ", spent, " pongs=", victim->pongs(),
                   " worst_ms=", absl::ToInt64Milliseconds(victim->worst())));
}

// What needs no key, in the place of a ServerHello.
void FloodHandshake(int fd) {
  Say("asked");
  const absl::Time begun = MonotonicNow();
  const Bytes block = HandshakeFlood(kPairsPerBlock);
  absl::Span<const uint8_t> rest = block;
  while (true) {
    const ssize_t sent = send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
      break;
    }
    pollfd one = {fd, POLLOUT, 0};
    poll(&one, 1, kPollMs);
    rest.remove_prefix(static_cast<size_t>(std::max<ssize_t>(sent, 0)));
    rest = rest.empty() ? absl::Span<const uint8_t>(block) : rest;
  }
  Say(absl::StrCat("end ", Seconds(begun)));
}

netif::UniqueFd AcceptOne(const ListenAddress& address) {
  absl::StatusOr<netif::UniqueFd> listener = OpenListener(address);
  if (!listener.ok()) {
    Die(listener.status().message());
  }
  Say("listening");
  while (true) {
    pollfd one = {listener->get(), POLLIN, 0};
    poll(&one, 1, -1);
    absl::StatusOr<Accepted> accepted = Accept(listener->get());
    if (accepted.ok() && accepted->socket.valid()) {
      return std::move(accepted->socket);
    }
  }
}

void Run(const ListenAddress& address, const char* certificate,
         const char* private_key, absl::string_view name, size_t count) {
  const Pings pings =
      absl::ConsumePrefix(&name, "silent_") ? Pings::kNone : Pings::kTimed;
  const TlsFlood* const flood = FindTlsFlood(name);
  if (flood == nullptr && name != "handshake") {
    Die("there is no flood of that name");
  }
  const absl::StatusOr<bssl::UniquePtr<SSL_CTX>> context =
      ReadServerTls({.certificate_option = "CERTIFICATE",
                     .certificate = certificate,
                     .key_option = "KEY",
                     .key = private_key});
  if (!context.ok()) {
    Die(context.status().message());
  }
  sigset_t begin;
  sigemptyset(&begin);
  sigaddset(&begin, SIGUSR1);
  sigprocmask(SIG_BLOCK, &begin, nullptr);
  netif::UniqueFd socket = AcceptOne(address);
  if (flood == nullptr) {
    FloodHandshake(socket.get());
    return;
  }
  SSL_CTX_set_max_proto_version(context->get(), flood->version);
  SSL_CTX_set_strict_cipher_list(
      context->get(),
      "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256");
  FloodVictim victim(std::move(socket), context->get());
  if (const absl::Status status = victim.Login(); !status.ok()) {
    Die(status.message());
  }
  Say("peer_up");
  int signal = 0;
  sigwait(&begin, &signal);
  Say("begun");
  Flood(&victim, *flood, count, pings);
  pause();  // with the connection open
}

int Main(int argc, char** argv) {
  size_t count = 0;
  const absl::StatusOr<ListenAddress> address =
      argc == 7
          ? ParseListenAddress(absl::StrCat(argv[1], ":", argv[2]))
          : absl::InvalidArgumentError(
                "usage: tls_flooder ADDRESS PORT CERTIFICATE KEY FLOOD COUNT");
  if (!address.ok() || !absl::SimpleAtoi(argv[6], &count)) {
    Die(address.ok() ? "COUNT must be a number" : address.status().message());
  }
  Run(*address, argv[3], argv[4], argv[5], count);
  return 0;
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) { return ovoc::conformance::Main(argc, argv); }
