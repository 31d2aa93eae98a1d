// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_BENCH_MEASURE_H_
#define OVOC_CONFORMANCE_BENCH_MEASURE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <vector>

#include "absl/base/attributes.h"
#include "benchmark/benchmark.h"

namespace ovoc::conformance {

// CoreSeconds is the time that this thread has spent on a core.
inline double CoreSeconds() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) * 1e-9;
}

// Copies is the unit of all measurements: packets of one size that lie one
// behind the other are copied to another place in the cache.
class Copies {
 public:
  Copies(size_t packets, size_t packet_bytes)
      : packets_(packets),
        packet_bytes_(packet_bytes),
        storage_(2 * (packets * packet_bytes + kPageBytes), 0x5A) {
    // The places are always the same within lines and pages, because a copy
    // between addresses that differ by whole pages is slower.
    from_ = storage_.data();
    while (PlaceInPage(from_) != 0) {
      ++from_;
    }
    to_ = from_ + packets * packet_bytes;
    while (PlaceInPage(to_) != kPageBytes / 2) {
      ++to_;
    }
  }
  Copies(const Copies&) = delete;
  Copies& operator=(const Copies&) = delete;

  // It is not inlined, so that the row of memcpy itself runs exactly the same
  // code.
  ABSL_ATTRIBUTE_NOINLINE void Turn() {
    const uint8_t* from = from_;
    const uint8_t* const end = from_ + packets_ * packet_bytes_;
    const size_t step = packet_bytes_;
    for (uint8_t* to = to_; from != end; from += step, to += step) {
      size_t bytes = step;
      benchmark::DoNotOptimize(bytes);  // else it is no call of memcpy
      std::memcpy(to, from, bytes);
    }
    benchmark::ClobberMemory();
  }

  // The time for one copy now, measured over some milliseconds.
  double SecondsPerPacket() {
    constexpr double kAtLeastSeconds = 5e-3;
    size_t turns = 0;
    const double begin = CoreSeconds();
    double seconds = 0;
    for (size_t more = 1; seconds < kAtLeastSeconds; more *= 2) {
      for (size_t i = 0; i < more; ++i) {
        Turn();
      }
      turns += more;
      seconds = CoreSeconds() - begin;
    }
    return seconds / static_cast<double>(turns * packets_);
  }

 private:
  static constexpr size_t kPageBytes = 4096;

  static size_t PlaceInPage(const uint8_t* place) {
    return reinterpret_cast<uintptr_t>(place) % kPageBytes;
  }

  const size_t packets_;
  const size_t packet_bytes_;
  std::vector<uint8_t> storage_;
  uint8_t* from_ = nullptr;
  uint8_t* to_ = nullptr;
};

// Measure runs `turn`, which does its work to so many packets of one size, as
// long as `state` wants, and reports:
//   bytes_per_second  of the packets, headers included
//   packet            seconds for one
//   memcpys           how many copies of such a packet take as long, by copies
//                     right before and right after
template <typename Turn>
void Measure(size_t packets, size_t packet_bytes, benchmark::State& state,
             Turn turn) {
  Copies copies(packets, packet_bytes);
  const double before = copies.SecondsPerPacket();
  const double begin = CoreSeconds();
  for (auto _ : state) {
    turn();
  }
  const double seconds = CoreSeconds() - begin;
  const double copy = (before + copies.SecondsPerPacket()) / 2;
  const auto done =
      static_cast<double>(state.iterations()) * static_cast<double>(packets);
  state.SetBytesProcessed(
      static_cast<int64_t>(done * static_cast<double>(packet_bytes)));
  using benchmark::Counter;
  state.counters["packet"] = Counter(done, Counter::kIsRate | Counter::kInvert);
  state.counters["memcpys"] = seconds / done / copy;
}

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_BENCH_MEASURE_H_
