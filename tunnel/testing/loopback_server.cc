// SPDX-License-Identifier: Apache-2.0
#include "tunnel/testing/loopback_server.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/websocket_key.h"

namespace ovoc::tunnel {
namespace {

constexpr char kKeyField[] = "\r\nSec-WebSocket-Key: ";

uint8_t Byte(absl::string_view text, size_t at) {
  return static_cast<uint8_t>(text[at]);
}

// A server's frame: FIN, unmasked, a length of 7 or 16 bits.
std::string Frame(uint8_t first, absl::string_view payload) {
  std::string frame(1, static_cast<char>(first));
  if (payload.size() < 126) {
    frame += static_cast<char>(payload.size());
  } else {
    frame += static_cast<char>(126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  }
  return absl::StrCat(frame, payload);
}

}  // namespace

LoopbackServer::LoopbackServer(EventLoop* loop, uint8_t host, uint16_t port)
    : loop_(loop), listener_(host, port) {
  loop_->Watch(listener_.fd(), EPOLLIN, [this](uint32_t) { OnConnection(); })
      .IgnoreError();
}

LoopbackServer::~LoopbackServer() {
  Disconnect();
  loop_->Unwatch(listener_.fd());
}

void LoopbackServer::OnConnection() {
  netif::UniqueFd next = listener_.Accept();
  if (!next.valid()) {
    return;
  }
  Disconnect();
  client_ = std::move(next);
  ++connections_;
  logged_in_ = false;
  input_.clear();
  loop_->Watch(client_.get(), EPOLLIN, [this](uint32_t) { OnBytes(); })
      .IgnoreError();
}

void LoopbackServer::Disconnect() {
  if (client_.valid()) {
    loop_->Unwatch(client_.get());
    client_.Reset();
  }
}

void LoopbackServer::OnBytes() {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(client_.get(), buffer.data(), buffer.size(), 0);
  if (size <= 0) {
    Disconnect();
    return;
  }
  input_.append(buffer.data(), static_cast<size_t>(size));
  if (!logged_in_) {
    OnRequest();
  }
  if (logged_in_) {
    ReadFrames();
  }
}

void LoopbackServer::OnRequest() {
  const size_t end = input_.find("\r\n\r\n");
  if (end == std::string::npos) {
    return;
  }
  request_ = input_.substr(0, end + 4);
  input_.erase(0, end + 4);
  if (!tunnels_.empty() && absl::StartsWith(request_, "CONNECT ")) {
    connect_ = std::exchange(request_, "");
    Send(tunnels_.front());
    tunnels_.pop_front();
    return;
  }
  if (!answers_.empty()) {
    Send(answers_.front());
    answers_.pop_front();
    Disconnect();
    return;
  }
  const size_t key = request_.find(kKeyField) + sizeof(kKeyField) - 1;
  const auto text = request_.substr(key, request_.find("\r\n", key) - key);
  const auto parsed = auth::WebSocketKey::FromText(text);
  if (!parsed.ok()) {
    Disconnect();
    return;
  }
  logged_in_ = true;
  Send(
      absl::StrCat("HTTP/1.1 101 Switching Protocols\r\n"
                   "Upgrade: websocket\r\n"
                   "Connection: Upgrade\r\n"
                   "Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"
                   "Sec-WebSocket-Accept: ",
                   parsed->ExpectedAccept(), "\r\nX-Audc-OverlayIP: ", overlay_,
                   "\r\nX-Audc-OverlayPrefix: 18\r\n", fields_, "\r\n"));
}

void LoopbackServer::ReadFrames() {
  while (input_.size() >= 6) {
    const bool is_long = (Byte(input_, 1) & 0x7f) == 126;
    const size_t head = is_long ? 8 : 6;
    if (input_.size() < head) {
      return;
    }
    const size_t length = is_long
                              ? size_t{Byte(input_, 2)} << 8 | Byte(input_, 3)
                              : Byte(input_, 1) & size_t{0x7f};
    if (input_.size() < head + length) {
      return;
    }
    std::string payload = input_.substr(head, length);
    for (size_t i = 0; i < length; ++i) {
      payload[i] = static_cast<char>(payload[i] ^ input_[head - 4 + i % 4]);
    }
    const uint8_t first = Byte(input_, 0);
    input_.erase(0, head + length);
    frames_.push_back(
        absl::StrCat(absl::Hex(first), absl::BytesToHexString(payload)));
    if (first == 0x82 && ends_at_echo_) {
      Disconnect();
      return;
    }
    if (first == 0x82) {
      AnswerEcho(payload);
    }
    if (first == 0x88) {
      Send(Frame(0x88, payload));
      Disconnect();
      return;
    }
  }
}

// RFC 792: the addresses are swapped and the type is 0 instead of 8, for which
// the checksum of the message becomes larger by 0x0800 (RFC 1624 3).
void LoopbackServer::AnswerEcho(absl::string_view packet) {
  constexpr size_t kSource = 12, kDestination = 16, kType = 20, kSum = 22;
  if (packet.size() < 28 || packet.size() > echo_bytes_ ||
      Byte(packet, kType) != 8) {
    return;
  }
  std::vector<uint8_t> reply(packet.begin(), packet.end());
  for (size_t i = 0; i < 4; ++i) {
    std::swap(reply[kSource + i], reply[kDestination + i]);
  }
  reply[kType] = 0;
  const uint32_t sum = (uint32_t{reply[kSum]} << 8 | reply[kSum + 1]) + 0x0800;
  const uint32_t folded = (sum & 0xffff) + (sum >> 16);
  reply[kSum] = static_cast<uint8_t>(folded >> 8);
  reply[kSum + 1] = static_cast<uint8_t>(folded & 0xff);
  SendPacket(reply);
}

void LoopbackServer::Send(absl::string_view bytes) {
  // Small enough for the socket, so that it goes out whole.
  (void)send(client_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void LoopbackServer::SendPacket(absl::Span<const uint8_t> packet) {
  Send(Frame(0x82,
             absl::string_view(reinterpret_cast<const char*>(packet.data()),
                               packet.size())));
}

std::vector<std::string> LoopbackServer::TakeFrames() {
  return std::exchange(frames_, {});
}

}  // namespace ovoc::tunnel
