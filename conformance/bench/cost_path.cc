// SPDX-License-Identifier: Apache-2.0
//
// cost_path moves bursts through the memory path and prints how many packets
// one has: what cost.py counts the instructions of.
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "conformance/bench/memory_path.h"
#include "conformance/bench/traffic.h"

namespace ovoc::conformance {
namespace {

constexpr absl::string_view kHelp =
    "cost_path up|down PACKET_BYTES TURNS\n"
    "\n"
    "Moves TURNS bursts of packets of PACKET_BYTES (64 to 65535), and prints\n"
    "the packets in one.\n";
constexpr size_t kMinPacketBytes = 64;
constexpr size_t kMaxPacketBytes = 65535;

int Run(size_t (MemoryPath::*turn)(), size_t packet_bytes, size_t turns) {
  const Traffic traffic = MakeTraffic(packet_bytes);
  const absl::StatusOr<std::unique_ptr<MemoryPath>> path =
      MemoryPath::Create(&traffic);
  if (!path.ok()) {
    std::cerr << "cost_path: " << path.status() << "\n";
    return EXIT_FAILURE;
  }
  for (size_t i = 0; i < turns; ++i) {
    if ((**path.*turn)() != traffic.packets.size()) {
      std::cerr << "cost_path: packets were dropped\n";
      return EXIT_FAILURE;
    }
  }
  std::cout << traffic.packets.size() << "\n";
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  using ovoc::conformance::MemoryPath;
  size_t packet_bytes = 0;
  size_t turns = 0;
  const absl::string_view way = argc == 4 ? argv[1] : "";
  if ((way != "up" && way != "down") ||
      !absl::SimpleAtoi(argv[2], &packet_bytes) ||
      !absl::SimpleAtoi(argv[3], &turns) ||
      packet_bytes < ovoc::conformance::kMinPacketBytes ||
      packet_bytes > ovoc::conformance::kMaxPacketBytes) {
    std::cerr << ovoc::conformance::kHelp;
    return EXIT_FAILURE;
  }
  return ovoc::conformance::Run(
      way == "up" ? &MemoryPath::Up : &MemoryPath::Down, packet_bytes, turns);
}
