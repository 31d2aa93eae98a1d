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
#include <arpa/inet.h>
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
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

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
constexpr int kMaxBurst = 64;  // UDP_MAX_SEGMENTS of kernels before 6.9
constexpr double kMaxSeconds = 60;
constexpr double kMaxRate = 10e6;              // packets a second
constexpr int kReceiveBufferBytes = 16 << 20;  // 50 ms of 400,000 packets/s
constexpr absl::Duration kSilence = absl::Milliseconds(500);
constexpr absl::Duration kNap = absl::Microseconds(100);
// What a sender that was kept off its core makes up for; the rest is not
// offered, else it would come as a burst of a size that nobody chose.
constexpr absl::Duration kMaxArrears = absl::Milliseconds(5);

struct Arguments {
  sockaddr_in address{};
  double rate = 0;  // packets a second
  absl::Duration time;
  int burst = 1;
};

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
int SendingSocket(const Arguments& arguments) {
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

int Send(const Arguments& arguments) {
  const int socket_fd = SendingSocket(arguments);
  if (socket_fd < 0) {
    return FailWithErrno("a socket to send with");
  }
  // Else a nap lasts 50 us longer.
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  Messages messages(kPayloadBytes * static_cast<size_t>(arguments.burst));
  const double per_message = arguments.burst;
  const double max_arrears =
      absl::ToDoubleSeconds(kMaxArrears) * arguments.rate;
  const absl::Time start = absl::Now();
  double sent = 0;
  double forgiven = 0;
  absl::Duration elapsed;
  while ((elapsed = absl::Now() - start) < arguments.time) {
    const double due = absl::ToDoubleSeconds(elapsed) * arguments.rate;
    forgiven += std::max(0.0, due - sent - forgiven - max_arrears);
    const double count = (due - sent - forgiven) / per_message;
    if (count < 1) {
      absl::SleepFor(kNap);
      continue;
    }
    const int done =
        sendmmsg(socket_fd, messages.data(),
                 static_cast<unsigned>(std::min<double>(kMessages, count)), 0);
    // A full queue is a lost packet, and a port that nobody listens on yet
    // is told by the last answer: both were offered.
    if (done < 0 && errno != ENOBUFS && errno != ECONNREFUSED) {
      return FailWithErrno("sendmmsg");
    }
    sent += per_message * std::max(done, 1);
  }
  close(socket_fd);
  std::cout << absl::StrFormat("event=sent packets=%.0f seconds=%.3f\n", sent,
                               absl::ToDoubleSeconds(elapsed));
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

int Count(const Arguments& arguments) {
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

// Parse reads the words behind the role; false when one is wrong.
bool Parse(absl::Span<const char* const> words, bool sends, Arguments* out) {
  const size_t expected = sends ? 4 : 3;
  if (words.size() < expected || words.size() > expected + (sends ? 1 : 0)) {
    return false;
  }
  uint32_t port = 0;
  double seconds = 0;
  out->address.sin_family = AF_INET;
  if (inet_pton(AF_INET, words[0], &out->address.sin_addr) != 1 ||
      !absl::SimpleAtoi(words[1], &port) || port == 0 || port > 65535 ||
      !absl::SimpleAtod(words[expected - 1], &seconds) || !(seconds > 0) ||
      seconds > kMaxSeconds) {
    return false;
  }
  out->address.sin_port = htons(static_cast<uint16_t>(port));
  out->time = absl::Seconds(seconds);
  if (!sends) {
    return true;
  }
  if (words.size() > expected && !absl::SimpleAtoi(words[4], &out->burst)) {
    return false;
  }
  return absl::SimpleAtod(words[2], &out->rate) && out->rate >= 1 &&
         out->rate <= kMaxRate && out->burst >= 1 && out->burst <= kMaxBurst;
}

int Run(absl::Span<const char* const> words) {
  const absl::string_view role = words.empty() ? "" : words[0];
  Arguments arguments;
  if ((role != "send" && role != "count") ||
      !Parse(words.subspan(1), role == "send", &arguments)) {
    std::cerr << kHelp;
    return 2;
  }
  return role == "send" ? Send(arguments) : Count(arguments);
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  return ovoc::conformance::Run(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)).subspan(1));
}
