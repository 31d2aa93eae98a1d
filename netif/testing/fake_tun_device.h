// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_TESTING_FAKE_TUN_DEVICE_H_
#define OVOC_NETIF_TESTING_FAKE_TUN_DEVICE_H_

#include <sys/eventfd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "netif/burst.h"
#include "netif/linux/unique_fd.h"
#include "netif/tun_device.h"
#include "netif/virtio_net_header.h"

namespace ovoc::netif {

// FakeTunDevice is a TunDevice whose host is the test. fd() is a real
// descriptor that can be polled: it is readable while packets or an error wait.
class FakeTunDevice : public TunDevice {
 public:
  explicit FakeTunDevice(TunOffload offload = TunOffload::kNone)
      : offload_(offload), event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

  // HostSends queues a packet or burst for Read.
  void HostSends(std::vector<uint8_t> packet,
                 const VirtioNetHeader& header = {}) {
    to_read_.push_back({header, std::move(packet)});
    Signal();
  }

  // TakeReceived gives the packets and bursts written since the last call.
  std::vector<std::vector<uint8_t>> TakeReceived() {
    received_headers_.clear();
    return std::exchange(received_, {});
  }

  // The headers of what TakeReceived would give.
  const std::vector<VirtioNetHeader>& received_headers() const {
    return received_headers_;
  }

  // From now on Read (after what is queued) or Write returns this; an OK
  // status ends it.
  void SetReadError(absl::Status status) {
    read_error_ = std::move(status);
    Signal();
  }
  void SetWriteError(absl::Status status) { write_error_ = std::move(status); }

  // SetRoom limits how many more packets Write takes before it returns 0.
  void SetRoom(size_t packets) { room_ = packets; }

  absl::StatusOr<Burst> Read(absl::Span<uint8_t> buffer) override {
    if (to_read_.empty()) {
      if (!read_error_.ok()) {
        return read_error_;
      }
      return Burst();
    }
    const Queued queued = std::move(to_read_.front());
    to_read_.pop_front();
    Signal();
    const size_t size = std::min(queued.packet.size(), buffer.size());
    std::copy_n(queued.packet.begin(), size, buffer.begin());
    return Burst{queued.header, buffer.first(size)};
  }

  absl::StatusOr<size_t> Write(const Burst& burst) override {
    if (!write_error_.ok()) {
      return write_error_;
    }
    if (room_ == 0) {
      return size_t{0};
    }
    --room_;
    received_.emplace_back(burst.packet.begin(), burst.packet.end());
    received_headers_.push_back(burst.header);
    return burst.packet.size();
  }

  // SetCarrierError makes SetCarrier return this from now on.
  void SetCarrierError(absl::Status status) {
    carrier_error_ = std::move(status);
  }
  Carrier carrier() const { return carrier_; }

  // SetName is what Name gives; until then it is not known.
  void SetName(absl::StatusOr<std::string> name) { name_ = std::move(name); }

  absl::StatusOr<std::string> Name() const override { return name_; }

  absl::Status SetCarrier(Carrier carrier) override {
    if (carrier_error_.ok()) {
      carrier_ = carrier;
    }
    return carrier_error_;
  }

  TunOffload offload() const override { return offload_; }
  int fd() const override { return event_.get(); }

 private:
  // Makes the event readable exactly while there is something to read.
  void Signal() {
    eventfd_t value = 0;
    eventfd_read(event_.get(), &value);
    if (!to_read_.empty() || !read_error_.ok()) {
      eventfd_write(event_.get(), 1);
    }
  }

  struct Queued {
    VirtioNetHeader header;
    std::vector<uint8_t> packet;
  };

  const TunOffload offload_;
  UniqueFd event_;
  std::deque<Queued> to_read_;
  std::vector<std::vector<uint8_t>> received_;
  std::vector<VirtioNetHeader> received_headers_;
  Carrier carrier_ = Carrier::kOn;  // as the kernel makes it
  absl::Status carrier_error_;
  absl::StatusOr<std::string> name_ = absl::UnimplementedError("not set");
  absl::Status read_error_;
  absl::Status write_error_;
  size_t room_ = SIZE_MAX;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_TESTING_FAKE_TUN_DEVICE_H_
