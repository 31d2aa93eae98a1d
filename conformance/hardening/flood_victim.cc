// SPDX-License-Identifier: Apache-2.0
#include "conformance/hardening/flood_victim.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "conformance/ovoc_server/peer.h"
#include "frame/frame_writer.h"
#include "netif/ip_address.h"
#include "tunnel/system/event_loop.h"

namespace ovoc::conformance {
namespace {

using tunnel::MonotonicNow;

constexpr int kSendBufferBytes = 1 << 17;
constexpr absl::Duration kLastPongTime = absl::Seconds(3);
constexpr int kPollMs = 20;

absl::Span<const uint8_t> AsBytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// Every client gets the address that the lab expects.
class OneLease : public PeerHost {
 public:
  std::optional<OverlayLease> Admit(Peer*) override {
    return OverlayLease{netif::Ipv4Address::FromHostOrder(0xA9FE0002), 18};
  }
  void OnPacket(const Peer&, const frame::FrameHeader&,
                absl::Span<const uint8_t>) override {}
  void Leave(Peer*) override {}
};

}  // namespace

FloodVictim::FloodVictim(netif::UniqueFd socket, SSL_CTX* context)
    : socket_(std::move(socket)), ssl_(SSL_new(context)) {
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDBUF, &kSendBufferBytes,
             sizeof(kSendBufferBytes));
  SSL_CTX_set_keylog_callback(context, NoteSecret);
  SSL_set_accept_state(ssl_.get());
  SSL_set_app_data(ssl_.get(), reinterpret_cast<char*>(&secret_));
  SSL_set_fd(ssl_.get(), socket_.get());
}

// A line of the key log: label, client random, secret, in hexadecimal.
void FloodVictim::NoteSecret(const SSL* ssl, const char* line) {
  const absl::string_view text = line;
  if (absl::StartsWith(text, "SERVER_TRAFFIC_SECRET_0 ")) {
    *reinterpret_cast<std::string*>(SSL_get_app_data(ssl)) =
        absl::HexStringToBytes(text.substr(text.rfind(' ') + 1));
  }
}

absl::Status FloodVictim::Login() {
  Peer::Options options;
  options.rules.user_and_password.clear();  // none are asked for
  OneLease host;
  Peer peer(&options, &host, nullptr, MonotonicNow());
  std::array<uint8_t, 4096> bytes;
  while (!peer.open() && !peer.ended() && Wait(POLLIN)) {
    const int size = SSL_read(ssl_.get(), bytes.data(), bytes.size());
    if (size > 0) {
      peer.OnBytes({bytes.data(), static_cast<size_t>(size)}, MonotonicNow(),
                   absl::Now());
    } else if (!GoesOn(size)) {
      return absl::UnavailableError("the client left before its login");
    }
  }
  const absl::Span<const uint8_t> answer = peer.NextWrite();
  SSL_write(ssl_.get(), answer.data(), static_cast<int>(answer.size()));
  if (!peer.open()) {
    return absl::UnavailableError("the client's upgrade request is not valid");
  }
  absl::StatusOr<RecordForger> forger =
      RecordForger::Create(ssl_.get(), AsBytes(secret_));
  if (!forger.ok()) {
    return forger.status();
  }
  forger_.emplace(*std::move(forger));
  return absl::OkStatus();
}

bool FloodVictim::Send(absl::Span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_.get(), bytes.data(), bytes.size(),
                              MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(std::max<ssize_t>(sent, 0)));
    if ((sent < 0 && !Wait(POLLIN | POLLOUT)) || !Read()) {
      return false;
    }
  }
  return true;
}

bool FloodVictim::Ping() {
  const auto mark = static_cast<uint8_t>(pings_++);
  std::array<uint8_t, frame::ServerFrameBytes(1)> frame;
  frame::WriteServerFrame(frame::Opcode::kPing, {mark}, absl::MakeSpan(frame));
  std::vector<uint8_t> record;
  forger_->Append(RecordType::kApplicationData, frame, &record);
  sent_.push_back({mark, MonotonicNow()});  // sending reads pongs too
  if (!Send(record)) {
    return false;
  }
  if (!sent_.empty() && sent_.back().mark == mark) {
    sent_.back().at = MonotonicNow();
  }
  return true;
}

bool FloodVictim::Settle() {
  const absl::Time latest = MonotonicNow() + kLastPongTime;
  while (!sent_.empty() && MonotonicNow() < latest) {
    if (!Wait(POLLIN) || !Read()) {
      return false;
    }
  }
  if (!sent_.empty()) {
    worst_ = std::max(worst_, kLastPongTime);
  }
  return true;
}

bool FloodVictim::Wait(short events) const {
  pollfd one = {socket_.get(), events, 0};
  return poll(&one, 1, kPollMs) >= 0 || errno == EINTR;
}

// Whether the connection goes on after a result of SSL_read.
bool FloodVictim::GoesOn(int result) const {
  return SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ;
}

bool FloodVictim::Read() {
  std::array<uint8_t, 16384> bytes;
  const int size = SSL_read(ssl_.get(), bytes.data(), bytes.size());
  if (size <= 0) {
    return GoesOn(size);
  }
  auto input = absl::MakeConstSpan(bytes).first(static_cast<size_t>(size));
  LegacyFrame frame;
  while (frames_.Next(&input, &frame) == LegacyFrameReader::Result::kFrame) {
    if (frame.header.opcode == frame::Opcode::kPong &&
        frame.payload.size() == 1) {
      TakePong(frame.payload[0]);
    }
  }
  return true;
}

// RFC 6455 5.5.3: of pings that came together the last is answered.
void FloodVictim::TakePong(uint8_t mark) {
  const absl::Time now = MonotonicNow();
  while (!sent_.empty()) {
    const Sent answered = sent_.front();
    sent_.pop_front();
    worst_ = std::max(worst_, now - answered.at);
    ++pongs_;
    if (answered.mark == mark) {
      return;
    }
  }
}

}  // namespace ovoc::conformance
