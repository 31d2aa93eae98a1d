// SPDX-License-Identifier: Apache-2.0
//
// micro measures the client's parts in memory, one core, per packet: see
// measure.h for what the columns mean, traffic.h for the packets. The flags are
// Google Benchmark's: --benchmark_filter=REGEX, --benchmark_repetitions=N, ...
//
// verification shows what the worst chains of certificates take that a server
// may present, one row for each kind: no row may come near 250 ms.
//
// header_encode, header_decode, parser and reader touch no payload: they are
// shown by the packet that is in the frame. segmentation, coalescing and the
// session do their work to a whole burst of such packets; one of 65,535 bytes
// is neither cut nor joined. That the library says it was built as DEBUG
// (Debian's was) does not matter: what is timed is compiled here.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_verifier.h"
#include "auth/testing/costly_chain.h"
#include "auth/trust_store.h"
#include "benchmark/benchmark.h"
#include "conformance/bench/measure.h"
#include "conformance/bench/memory_path.h"
#include "conformance/bench/traffic.h"
#include "frame/frame_header.h"
#include "frame/frame_parser.h"
#include "frame/frame_writer.h"
#include "frame/mask.h"
#include "frame/message_reader.h"
#include "netif/burst.h"
#include "netif/checksum.h"
#include "netif/coalescing.h"
#include "netif/segmentation.h"

namespace ovoc::conformance {
namespace {

using benchmark::DoNotOptimize;
using benchmark::State;

constexpr size_t kPacketBytes[] = {64, 576, 1400, 65535};
constexpr frame::MaskKey kKey = {0x37, 0xFA, 0x21, 0x3D};  // RFC 6455 5.7

// Places are packets, or frames of one size, one behind the other.
class Places {
 public:
  Places(size_t count, size_t bytes) : bytes_(bytes), all_(count * bytes) {}

  // Calls `function` with each place.
  template <typename Function>
  void ForEach(Function function) {
    for (size_t at = 0; at < all_.size(); at += bytes_) {
      function(absl::MakeSpan(all_).subspan(at, bytes_));
    }
    benchmark::ClobberMemory();
  }

 private:
  const size_t bytes_;
  std::vector<uint8_t> all_;
};

void Fail(absl::string_view why, State& state) {
  state.SkipWithError(std::string(why).c_str());
}

void Memcpy(const Traffic& traffic, State& state) {
  Copies copies(traffic.packets.size(), traffic.packet_bytes);
  Measure(traffic.packets.size(), traffic.packet_bytes, state,
          [&copies] { copies.Turn(); });
}

void ApplyMask(const Traffic& traffic, State& state) {
  Places packets(traffic.packets.size(), traffic.packet_bytes);
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&packets] {
    packets.ForEach(
        [](absl::Span<uint8_t> packet) { frame::ApplyMask(packet, kKey); });
  });
}

void HeaderEncode(const Traffic& traffic, State& state) {
  const frame::FrameHeader header = {
      .masked = true, .mask_key = kKey, .payload_length = traffic.packet_bytes};
  Places headers(traffic.packets.size(), frame::kMaxFrameHeaderBytes);
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&] {
    headers.ForEach([&header](absl::Span<uint8_t> out) {
      DoNotOptimize(frame::EncodeFrameHeader(header, out));
    });
  });
}

void HeaderDecode(const Traffic& traffic, State& state) {
  const size_t frame_bytes = frame::ServerFrameBytes(traffic.packet_bytes);
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&] {
    absl::Span<const uint8_t> rest = traffic.stream;
    for (; !rest.empty(); rest.remove_prefix(frame_bytes)) {
      frame::FrameHeader header;
      size_t consumed = 0;
      DoNotOptimize(frame::DecodeFrameHeader(rest, &header, &consumed));
      DoNotOptimize(header);
    }
  });
}

void Parser(const Traffic& traffic, State& state) {
  frame::FrameParser parser({});
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&] {
    absl::Span<const uint8_t> rest = traffic.stream;
    frame::FrameChunk chunk;
    while (!rest.empty()) {
      DoNotOptimize(parser.Next(&rest, &chunk));
      DoNotOptimize(chunk);
    }
  });
}

void Reader(const Traffic& traffic, State& state) {
  frame::MessageReader reader({});
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&] {
    absl::Span<const uint8_t> rest = traffic.stream;
    frame::Message message;
    while (!rest.empty()) {
      DoNotOptimize(reader.Next(&rest, &message));
      DoNotOptimize(message);
    }
  });
}

// Of payload that lies elsewhere.
void Writer(const Traffic& traffic, State& state) {
  Places frames(traffic.packets.size(),
                frame::ClientFrameBytes(traffic.packet_bytes));
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&] {
    auto packet = traffic.packets.begin();
    frames.ForEach([&packet](absl::Span<uint8_t> out) {
      DoNotOptimize(frame::WriteClientFrame(frame::Opcode::kBinary, *packet++,
                                            kKey, out));
    });
  });
}

// Of payload that lies at its place, as in the session.
void WriterInPlace(const Traffic& traffic, State& state) {
  Places frames(traffic.packets.size(),
                frame::ClientFrameBytes(traffic.packet_bytes));
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&] {
    frames.ForEach([&traffic](absl::Span<uint8_t> out) {
      DoNotOptimize(frame::WriteClientFrame(
          frame::Opcode::kBinary, out.last(traffic.packet_bytes), kKey, out));
    });
  });
}

void Checksum(const Traffic& traffic, State& state) {
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&traffic] {
    for (const std::vector<uint8_t>& packet : traffic.packets) {
      DoNotOptimize(netif::InternetChecksum(packet));
    }
  });
}

void CopyAndChecksum(const Traffic& traffic, State& state) {
  Places out(traffic.packets.size(), traffic.packet_bytes);
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&] {
    auto packet = traffic.packets.begin();
    out.ForEach([&packet](absl::Span<uint8_t> place) {
      DoNotOptimize(netif::CopyAndChecksum(*packet++, place));
    });
  });
}

void Segmentation(const Traffic& traffic, State& state) {
  netif::Segmenter segmenter;
  Places out(traffic.packets.size(), traffic.packet_bytes);
  bool failed = false;
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&] {
    failed |= segmenter.Begin(traffic.burst.view()) !=
              netif::SegmentationError::kNone;
    out.ForEach([&segmenter](absl::Span<uint8_t> place) {
      DoNotOptimize(segmenter.Next(place));
    });
  });
  if (failed || !segmenter.done()) {
    Fail("the burst was not cut into these packets", state);
  }
}

void Coalescing(const Traffic& traffic, State& state) {
  size_t bytes = 0;
  netif::Coalescer coalescer(
      {}, [&bytes](const netif::Burst& burst) { bytes = burst.packet.size(); });
  Measure(traffic.packets.size(), traffic.packet_bytes, state, [&] {
    for (const std::vector<uint8_t>& packet : traffic.packets) {
      coalescer.Add(packet);
    }
    coalescer.Flush();
  });
  if (bytes != traffic.burst.packet.size()) {
    Fail("the packets were not joined into one burst", state);
  }
}

void SessionPath(const Traffic& traffic, size_t (MemoryPath::*turn)(),
                 State& state) {
  const absl::StatusOr<std::unique_ptr<MemoryPath>> path =
      MemoryPath::Create(&traffic);
  if (!path.ok()) {
    Fail(path.status().ToString(), state);
    return;
  }
  size_t packets = 0;
  Measure(traffic.packets.size(), traffic.packet_bytes, state,
          [&] { packets = (**path.*turn)(); });
  if (packets != traffic.packets.size()) {
    Fail("the session dropped packets", state);
  }
}

void SessionUp(const Traffic& traffic, State& state) {
  SessionPath(traffic, &MemoryPath::Up, state);
}

void SessionDown(const Traffic& traffic, State& state) {
  SessionPath(traffic, &MemoryPath::Down, state);
}

struct Part {
  absl::string_view name;
  void (*measure)(const Traffic&, State&);
};

constexpr Part kParts[] = {
    {"memcpy", Memcpy},
    {"mask", ApplyMask},
    {"header_encode", HeaderEncode},
    {"header_decode", HeaderDecode},
    {"parser", Parser},
    {"reader", Reader},
    {"writer", Writer},
    {"writer_in_place", WriterInPlace},
    {"checksum", Checksum},
    {"copy_and_checksum", CopyAndChecksum},
    {"segmentation", Segmentation},
    {"coalescing", Coalescing},
    {"session_up", SessionUp},
    {"session_down", SessionDown},
};

// What a hostile server's certificates take, once (see costly_chain.h): `ms` is
// the time of a core, `work` the millions of units that were counted for it, of
// at most 40. Whether they are refused is for certificate_verifier_cost_test.
void Verification(const auth::CostlyKind& kind, State& state) {
  const auth::CostlyChain costly = kind.make();
  absl::StatusOr<auth::TrustStore> store =
      auth::TrustStore::FromPem(costly.roots_pem);
  if (!store.ok()) {
    Fail(store.status().ToString(), state);
    return;
  }
  const absl::StatusOr<auth::CertificateVerifier> verifier =
      auth::CertificateVerifier::Create(*std::move(store), {});
  const std::vector<absl::Span<const uint8_t>> chain = costly.spans();
  uint64_t work = 0;
  const double start = CoreSeconds();
  for (auto _ : state) {
    work = verifier
               ->Verify({.chain = chain,
                         .name = "ovoc.example.net",
                         .now = absl::FromUnixSeconds(1'790'000'000)})
               .work;
  }
  state.counters["ms"] =
      (CoreSeconds() - start) * 1e3 / static_cast<double>(state.iterations());
  state.counters["work"] = static_cast<double>(work) / 1e6;
}

void Register() {
  for (const auth::CostlyKind& kind : auth::CostlyKinds()) {
    benchmark::RegisterBenchmark(
        absl::StrCat("verification/", kind.name).c_str(),
        [&kind](State& state) { Verification(kind, state); });
  }
  for (const Part& part : kParts) {
    for (const size_t bytes : kPacketBytes) {
      benchmark::RegisterBenchmark(absl::StrCat(part.name, "/", bytes).c_str(),
                                   [&part, bytes](State& state) {
                                     part.measure(MakeTraffic(bytes), state);
                                   });
    }
  }
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return EXIT_FAILURE;
  }
  ovoc::conformance::Register();
  const size_t measured = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return measured == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
