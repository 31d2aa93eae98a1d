// SPDX-License-Identifier: Apache-2.0
//
// udp_flood offers small UDP packets at a steady rate, or counts them.
//
// The packets are of 64 bytes with their IPv4 header (RFC 791, RFC 768). Sent
// one a message, 64 messages a sendmmsg, each costs the sender 1.7 us into a
// TUN device and 3.3 us through a veth pair (a virtual machine of 2026):
// 400,000 a second are more than a core gives. UDP_SEGMENT, with which one
// message is BURST packets, makes that 0.3 and 0.6 us at 16, so that it is not
// the sender that is measured; a TUN device that takes such bursts whole gets
// them whole. BURST 1 shows what becomes of packets that have nothing to do
// with each other.
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <iostream>
#include <optional>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "conformance/bench/flood_arguments.h"
#include "conformance/bench/flood_pace.h"

namespace ovoc::conformance {
namespace {

constexpr char kHelp[] =
    "udp_flood send ADDRESS PORT PACKETS_PER_SECOND SECONDS [BURST]\n"
    "udp_flood count ADDRESS PORT SECONDS\n"
    "\n"
    "send offers packets for SECONDS (at most 60), BURST (1 to 64) of them in "
    "one\n"
    "message (UDP_SEGMENT), and prints event=sent. count prints event=ready, "
    "waits\n"
    "SECONDS for the first packet, counts until none comes for half a "
    "second\n"
    "or twice SECONDS are over, and prints event=counted.\n";

constexpr size_t kPayloadBytes = 64 - 20 - 8;  // less the IP and UDP headers
constexpr size_t kMessages = 64;               // in one system call
constexpr int kReceiveBufferBytes = 16 << 20;  // 50 ms of 400,000 packets/s
constexpr absl::Duration kSilence = absl::Milliseconds(500);
constexpr absl::Duration kNap = absl::Microseconds(100);

int Fail(absl::string_view message) {
  std::cerr << "udp_flood: " << message << "\n";
  return 1;
}

int FailWithErrno(absl::string_view call) {
  return Fail(absl::StrFormat("%s: errno %d", call, errno));
}

// Messages holds kMessages messages with their buffers, for one system call.
class Messages {
 public:
  // `bytes` is the length of each message's buffer.
  explicit Messages(size_t bytes) : buffers_(kMessages * bytes) {
    for (size_t i = 0; i < kMessages; ++i) {
      vectors_[i] = {buffers_.data() + i * bytes, bytes};
      heads_[i].msg_hdr.msg_iov = &vectors_[i];
      heads_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;

  mmsghdr* data() { return heads_.data(); }

 private:
  std::vector<uint8_t> buffers_;
  std::array<iovec, kMessages> vectors_{};
  std::array<mmsghdr, kMessages> heads_{};
};

// SendingSocket returns a connected socket that cuts bursts into packets, or
// -1.
int SendingSocket(const FloodArguments& arguments) {
  const int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int segment_bytes = kPayloadBytes;
  if (socket_fd < 0 ||
      connect(socket_fd, reinterpret_cast<const sockaddr*>(&arguments.address),
              sizeof(arguments.address)) != 0 ||
      (arguments.burst > 1 &&
       setsockopt(socket_fd, SOL_UDP, UDP_SEGMENT, &segment_bytes,
                  sizeof(segment_bytes)) != 0)) {
    return -1;
  }
  return socket_fd;
}

int Send(const FloodArguments& arguments) {
  const int socket_fd = SendingSocket(arguments);
  if (socket_fd < 0) {
    return FailWithErrno("a socket to send with");
  }
  // Else a nap lasts 50 us longer.
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  Messages messages(kPayloadBytes * static_cast<size_t>(arguments.burst));
  FloodPace pace(arguments.rate, arguments.burst);
  const absl::Time start = absl::Now();
  absl::Duration elapsed;
  while ((elapsed = absl::Now() - start) < arguments.time) {
    const size_t due = pace.Due(elapsed);
    if (due == 0) {
      absl::SleepFor(kNap);
      continue;
    }
    const int done =
        sendmmsg(socket_fd, messages.data(),
                 static_cast<unsigned>(std::min(kMessages, due)), 0);
    // A full queue is a lost packet, and a port that nobody listens on yet
    // is told by the last answer: both were offered.
    if (done < 0 && errno != ENOBUFS && errno != ECONNREFUSED) {
      return FailWithErrno("sendmmsg");
    }
    pace.Sent(static_cast<size_t>(std::max(done, 1)));
  }
  close(socket_fd);
  std::cout << absl::StrFormat("event=sent packets=%.0f seconds=%.3f\n",
                               pace.packets(), absl::ToDoubleSeconds(elapsed));
  return 0;
}

// ReceivingSocket returns a bound socket with room and a time limit, or -1.
int ReceivingSocket(const sockaddr_in& address) {
  const int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const timeval silence = absl::ToTimeval(kSilence);
  if (socket_fd < 0 ||
      setsockopt(socket_fd, SOL_SOCKET, SO_RCVTIMEO, &silence,
                 sizeof(silence)) != 0 ||
      bind(socket_fd, reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) != 0) {
    return -1;
  }
  // Without privilege the room is what the machine allows.
  if (setsockopt(socket_fd, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBufferBytes,
                 sizeof(kReceiveBufferBytes)) != 0) {
    setsockopt(socket_fd, SOL_SOCKET, SO_RCVBUF, &kReceiveBufferBytes,
               sizeof(kReceiveBufferBytes));
  }
  return socket_fd;
}

// Dropped returns how many packets the full socket has refused.
uint32_t Dropped(int socket_fd) {
  std::array<uint32_t, SK_MEMINFO_VARS> figures{};
  socklen_t length = sizeof(figures);
  if (getsockopt(socket_fd, SOL_SOCKET, SO_MEMINFO, figures.data(), &length) !=
      0) {
    return 0;
  }
  return figures[SK_MEMINFO_DROPS];
}

int Count(const FloodArguments& arguments) {
  const int socket_fd = ReceivingSocket(arguments.address);
  if (socket_fd < 0) {
    return FailWithErrno("a socket to receive with");
  }
  std::cout << "event=ready\n" << std::flush;
  Messages messages(kPayloadBytes);
  const absl::Time begin = absl::Now();
  absl::Time first = absl::InfiniteFuture();
  absl::Time last = absl::InfiniteFuture();
  uint64_t packets = 0;
  while (absl::Now() - begin < 2 * arguments.time) {
    const int done = recvmmsg(socket_fd, messages.data(), kMessages,
                              MSG_WAITFORONE, nullptr);
    const absl::Time now = absl::Now();
    if (done < 0 && errno != EAGAIN && errno != EINTR) {
      return FailWithErrno("recvmmsg");
    }
    if (done > 0) {
      first = std::min(first, now);
      last = now;
      packets += static_cast<uint64_t>(done);
    } else if (packets > 0 || now - begin > arguments.time) {
      break;
    }
  }
  const absl::Duration time = packets > 0 ? last - first : absl::ZeroDuration();
  std::cout << absl::StrFormat(
      "event=counted packets=%u seconds=%.3f dropped=%u\n", packets,
      absl::ToDoubleSeconds(time), Dropped(socket_fd));
  close(socket_fd);
  return 0;
}

int Run(absl::Span<const char* const> words) {
  const std::optional<FloodArguments> arguments = ParseFloodArguments(words);
  if (!arguments.has_value()) {
    std::cerr << kHelp;
    return 2;
  }
  switch (arguments->role) {
    case FloodArguments::Role::kSend:
      return Send(*arguments);
    case FloodArguments::Role::kCount:
      return Count(*arguments);
  }
  return 2;
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  return ovoc::conformance::Run(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)).subspan(1));
}
