// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_peer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "conformance/ovoc_server/answer_head.h"
#include "frame/frame_error.h"
#include "frame/message_reader.h"
#include "fuzz/oracle/naive_legacy.h"
#include "fuzz/oracle/naive_login.h"
#include "fuzz/oracle/naive_messages.h"
#include "fuzz/oracle/naive_request.h"
#include "netif/ip_address.h"

namespace ovoc::fuzz {
namespace {

using conformance::AnswerCode;
using conformance::PeerEnd;
using conformance::ServerStyle;
using frame::Opcode;

constexpr uint32_t kOvoc = 0xa9fe0001;       // 169.254.0.1
constexpr uint32_t kNeighbour = 0xa9fe0002;  // 169.254.0.2
constexpr uint32_t kClient = 0xa9fe0003;     // 169.254.0.3
constexpr size_t kReservedBytes = 4096;  // of a queue: no packet may use them

std::string Text(absl::Span<const uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

std::string TwoOctets(size_t number) {
  return {static_cast<char>(number >> 8 & 0xff),
          static_cast<char>(number & 0xff)};
}

// RFC 791 3.1.
uint32_t AddressAt(const std::string& packet, size_t at) {
  uint32_t address = 0;
  for (size_t i = at; i < at + 4; ++i) {
    address = address * 256 + static_cast<uint8_t>(packet[i]);
  }
  return address;
}

// A whole, unmasked binary frame's head in the shortest form, RFC 6455 5.2. No
// message is longer than 65,535 bytes.
std::string ShortHead(size_t size) {
  return size < 126
             ? absl::StrCat("\x82", std::string(1, static_cast<char>(size)))
             : absl::StrCat("\x82\x7e", TwoOctets(size));
}

// A frame's head as it came, but for the mask: bit and key.
std::string HeadAsItCame(const NaiveFrame& frame,
                         absl::Span<const uint8_t> stream) {
  const frame::FrameHeader& header = frame.header;
  size_t size = header.payload_length < 126 ? 2 : 4;
  if (header.length_form == frame::LengthForm::kLonger16Bit) {
    size = 4;
  }
  if (header.length_form == frame::LengthForm::kLonger64Bit ||
      header.payload_length >= 65536) {
    size = 10;
  }
  const size_t at = frame.payload_at - (header.masked ? 4 : 0) - size;
  std::string head = Text(stream.subspan(at, size));
  head[1] = static_cast<char>(head[1] & 0x7f);
  return head;
}

// RFC 6455 7.4.1: 1007 for text, 1009 for size, 1002 for all else.
int CodeOf(frame::FrameError error) {
  switch (error) {
    case frame::FrameError::kInvalidUtf8:
    case frame::FrameError::kInvalidCloseReason:
      return 1007;
    case frame::FrameError::kLengthTooLarge:
    case frame::FrameError::kMessageTooLarge:
      return 1009;
    default:
      return 1002;
  }
}

// NaiveServer is the scene as the client's bytes change it.
class NaiveServer {
 public:
  explicit NaiveServer(const PeerScene& scene) : scene_(scene) {
    out_.admitted = scene.pool == PeerScene::Pool::kFull ? 2 : 1;
  }

  void Read(absl::Span<const uint8_t> stream) {
    while (!out_.end.has_value() && !is_open_ && ReadRequest(&stream)) {
    }
    if (is_open_ && strict()) {
      ReadMessages(stream);
    } else if (is_open_) {
      ReadFrames(stream);
    }
  }

  PeerOutcome Finish() {
    if (!out_.end.has_value() && scene_.finish != PeerScene::Finish::kNothing) {
      if (is_open_ && strict()) {
        Say(0x88, TwoOctets(1001));
      }
      End(scene_.finish == PeerScene::Finish::kStop ? PeerEnd::kStopped
          : is_open_                                ? PeerEnd::kIdle
                                                    : PeerEnd::kRequestTimeout);
    }
    if (!out_.end.has_value()) {
      const bool sooner =
          !is_open_ || scene_.style == ServerStyle::kLegacyNginx;
      out_.patience = absl::Seconds(sooner ? 60 : 61);
    }
    out_.admitted += is_open_ && !out_.end.has_value() ? 1 : 0;
    out_.wakes = out_.to_client.empty() ? 0 : 1;
    return std::move(out_);
  }

 private:
  bool strict() const { return scene_.style == ServerStyle::kStrict; }

  // False when the stream ends before the request does.
  bool ReadRequest(absl::Span<const uint8_t>* stream) {
    const NaiveRequest request = ReadNaiveRequest(
        {reinterpret_cast<const char*>(stream->data()), stream->size()},
        strict() ? conformance::Tolerance::kStrict
                 : conformance::Tolerance::kNginx);
    if (request.end == NaiveRequest::End::kOpen) {
      return false;
    }
    stream->remove_prefix(request.consumed);
    NaiveLogin login;  // of a broken request: 400
    if (request.end == NaiveRequest::End::kDone) {
      login = JudgeNaiveLogin(request, scene_.style);
    }
    if (login.code == AnswerCode::kSwitchingProtocols &&
        scene_.pool == PeerScene::Pool::kFull) {
      login.code = AnswerCode::kTooManyPeers;
    }
    Answer(login);
    return true;
  }

  // A client that does not read its answers is served no further.
  void Answer(const NaiveLogin& login) {
    if (login.code != AnswerCode::kSwitchingProtocols) {
      const auto after = login.keeps ? conformance::Afterlife::kKeepAlive
                                     : conformance::Afterlife::kClose;
      const bool is_queued =
          Queue(conformance::RenderRefusal(scene_.style, login.code, after,
                                           scene_.wall),
                /*room=*/0, &out_.to_client);
      if (!is_queued || !login.keeps) {
        End(PeerEnd::kRefused);
      }
      return;
    }
    conformance::Acceptance acceptance;
    acceptance.accept = login.accept;
    acceptance.subprotocol = login.subprotocol;
    acceptance.overlay_address = netif::Ipv4Address::FromHostOrder(kClient);
    acceptance.overlay_prefix_length = 30;
    is_open_ = Queue(
        conformance::RenderAcceptance(scene_.style, acceptance, scene_.wall),
        /*room=*/0, &out_.to_client);
    if (!is_open_) {
      End(PeerEnd::kRefused);
    }
    is_behind_head_ = true;
  }

  void ReadMessages(absl::Span<const uint8_t> stream) {
    frame::MessageReaderOptions options;
    options.profile = frame::FramingProfile::kRfc6455;
    options.role = frame::Role::kServer;
    const NaiveMessages read = ReadNaiveMessages(stream, options);
    for (const NaiveMessage& message : read.messages) {
      const std::string payload = Text(message.payload);
      if (message.opcode == Opcode::kBinary) {
        Pass(payload, ShortHead(payload.size()));
      } else if (message.opcode == Opcode::kPing) {
        Say(0x8a, payload);
      } else if (message.opcode == Opcode::kClose) {
        NoteCode(payload);
        Say(0x88, payload.substr(0, 2));
        End(PeerEnd::kCloseFrame);
        return;
      } else if (message.opcode == Opcode::kText) {
        Say(0x88, TwoOctets(1003));
        End(PeerEnd::kProtocolError);
        return;
      }
    }
    if (read.error != frame::FrameError::kNone) {
      Say(0x88, TwoOctets(static_cast<size_t>(CodeOf(read.error))));
      End(PeerEnd::kProtocolError);
    }
  }

  void ReadFrames(absl::Span<const uint8_t> stream) {
    for (const NaiveFrame& frame : ReadNaiveLegacy(stream).frames) {
      const std::vector<uint8_t> payload = NaivePayload(stream, frame);
      const int opcode = static_cast<int>(frame.header.opcode);
      if (opcode <= 2) {
        Pass(Text(payload), HeadAsItCame(frame, stream));
      } else if (opcode == 9) {
        Say(0x8a, "");  // whatever it carried (recording 03)
      } else if (opcode == 8) {
        if (NaiveCloseError(payload) == frame::FrameError::kNone) {
          NoteCode(Text(payload));
        }
        End(PeerEnd::kCloseFrame);
        return;
      } else if (opcode != 10) {
        End(PeerEnd::kProtocolError);
        return;
      }
    }
  }

  // protocol.md 3: two addresses are looked at, and nothing else.
  void Pass(const std::string& packet, const std::string& head) {
    conformance::HubCounters& count = out_.packets;
    if (packet.size() < 20) {
      ++count.dropped_short;
    } else if (AddressAt(packet, 12) != kClient) {
      ++count.dropped_source;
    } else if (AddressAt(packet, 16) == kOvoc) {
      ++count.to_device;
      out_.to_ovoc.push_back(packet);
    } else if (AddressAt(packet, 16) != kClient &&
               AddressAt(packet, 16) != kNeighbour) {
      ++count.dropped_destination;
    } else {
      auto* const queue = AddressAt(packet, 16) == kClient ? &out_.to_client
                                                           : &out_.to_neighbour;
      const bool is_queued = Queue(head + packet, kReservedBytes, queue);
      ++(is_queued ? count.peer_to_peer : count.dropped_full);
    }
  }

  // A control frame of a server's, RFC 6455 5.5; lost when there is no room.
  void Say(uint8_t first, const std::string& payload) {
    Queue(absl::StrCat(std::string(1, static_cast<char>(first)),
                       std::string(1, static_cast<char>(payload.size())),
                       payload),
          /*room=*/0, &out_.to_client);
  }

  // False when not that much room is left behind it. What the strict server
  // sends behind its 101 may go out together, all else goes alone.
  bool Queue(const std::string& text, size_t room,
             std::vector<std::string>* queue) {
    size_t used = room + text.size();
    for (const std::string& write : *queue) {
      used += write.size();
    }
    if (used > scene_.queue_bytes) {
      return false;
    }
    const size_t heads = queue == &out_.to_client ? 1 : 0;
    if (is_behind_head_ && strict() && queue->size() > heads) {
      queue->back() += text;
    } else if (!text.empty()) {
      queue->push_back(text);
    }
    return true;
  }

  void NoteCode(const std::string& payload) {
    if (payload.size() >= 2) {
      out_.close_code = static_cast<uint8_t>(payload[0]) * 256 +
                        static_cast<uint8_t>(payload[1]);
    }
  }

  void End(PeerEnd end) { out_.end = end; }

  const PeerScene& scene_;
  PeerOutcome out_;
  bool is_open_ = false;         // a 101 is queued
  bool is_behind_head_ = false;  // of the 101
};

}  // namespace

absl::string_view NaiveLoginText() {
  return "GET /tun HTTP/1.1\r\n"
         "Host: a\r\n"
         "Upgrade: websocket\r\n"
         "Connection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
         "Sec-WebSocket-Version: 13\r\n"
         "Authorization: Basic VlBOOjEyMzQ1Ng==\r\n"
         "\r\n";
}

PeerOutcome PlayNaively(absl::Span<const uint8_t> stream,
                        const PeerScene& scene) {
  NaiveServer server(scene);
  server.Read(stream);
  return server.Finish();
}

}  // namespace ovoc::fuzz
