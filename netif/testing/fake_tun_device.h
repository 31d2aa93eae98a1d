// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_TESTING_FAKE_TUN_DEVICE_H_
#define OVOC_NETIF_TESTING_FAKE_TUN_DEVICE_H_

#include <sys/eventfd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "netif/tun_device.h"
#include "netif/unique_fd.h"

namespace ovoc::netif {

// FakeTunDevice is a TunDevice whose host is the test. fd() is a real
// descriptor that can be polled: it is readable while packets or an error wait.
class FakeTunDevice : public TunDevice {
 public:
  FakeTunDevice() : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

  // HostSends queues a packet for Read.
  void HostSends(std::vector<uint8_t> packet) {
    to_read_.push_back(std::move(packet));
    Signal();
  }

  // TakeReceived gives the packets written since the last call.
  std::vector<std::vector<uint8_t>> TakeReceived() {
    return std::exchange(received_, {});
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

  absl::StatusOr<size_t> Read(absl::Span<uint8_t> buffer) override {
    if (to_read_.empty()) {
      if (!read_error_.ok()) {
        return read_error_;
      }
      return size_t{0};
    }
    const std::vector<uint8_t> packet = std::move(to_read_.front());
    to_read_.pop_front();
    Signal();
    const size_t size = std::min(packet.size(), buffer.size());
    std::copy_n(packet.begin(), size, buffer.begin());
    return size;
  }

  absl::StatusOr<size_t> Write(absl::Span<const uint8_t> packet) override {
    if (!write_error_.ok()) {
      return write_error_;
    }
    if (room_ == 0) {
      return size_t{0};
    }
    --room_;
    received_.emplace_back(packet.begin(), packet.end());
    return packet.size();
  }

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

  UniqueFd event_;
  std::deque<std::vector<uint8_t>> to_read_;
  std::vector<std::vector<uint8_t>> received_;
  absl::Status read_error_;
  absl::Status write_error_;
  size_t room_ = SIZE_MAX;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_TESTING_FAKE_TUN_DEVICE_H_
