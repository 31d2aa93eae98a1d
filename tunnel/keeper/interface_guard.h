// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_KEEPER_INTERFACE_GUARD_H_
#define OVOC_TUNNEL_KEEPER_INTERFACE_GUARD_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "netif/interface_config.h"
#include "netif/interface_inspector.h"
#include "netif/overlay.h"
#include "netif/tun_device.h"
#include "tunnel/keeper/message.h"
#include "tunnel/report/log.h"

namespace ovoc::tunnel {

// InterfaceGuard keeps the tunnel's interface as it was set up: from the moment
// there is a device, so that nothing for OVOC leaves elsewhere. What another
// program does to it is mended, at once the first time and with longer and
// longer pauses when that program goes on. It shows by the device's carrier
// whether there is a tunnel.
class InterfaceGuard : public netif::InterfaceConfig {
 public:
  // All that is pointed to outlives it.
  struct Parts {
    netif::InterfaceConfig* config;
    netif::InterfaceInspector* inspector;
    Logger* logger;
    // Told what is wrong with the interface when that changes; empty: nothing.
    std::function<void(absl::string_view trouble)> tell;
    std::function<absl::Time()> clock;
  };

  explicit InterfaceGuard(Parts parts) : parts_(std::move(parts)) {}

  // The device to guard and to show the carrier of, from now on. A new one has
  // no carrier at first, and is prepared; what fails is tried again.
  void SetDevice(netif::TunDevice* device, absl::string_view name,
                 int mtu_bytes);

  // Whether the tunnel is up; Hear has it from a worker's progress. A device
  // whose tunnel is down has no carrier.
  void TunnelIsUp(bool up);
  void Hear(const WorkerMessage& message);

  // netif::InterfaceConfig: what is asked for is guarded from then on. The
  // device has its carrier before the address and its routes are announced.
  absl::Status Prepare(absl::string_view name, int mtu_bytes) override;
  absl::Status Configure(absl::string_view name, const netif::Overlay& overlay,
                         int mtu_bytes) override;

  // The inspector has something to read.
  void OnNews();

  // To be called at NextTime() or later.
  void OnTime(absl::Time now);
  absl::Time NextTime() const { return look_at_; }

 private:
  struct Wanted {
    std::string name;
    netif::Overlay overlay;  // without address: it is prepared
    int mtu_bytes;
  };

  absl::Status CheckName(absl::string_view name) const;
  absl::Status Moved(const absl::Status& status, absl::string_view name) const;
  absl::Status SetUp();
  void SetCarrier(netif::Carrier carrier);
  void LookAt(absl::Time at);
  void Mend(const std::string& difference, absl::Time now);
  void CannotMend(absl::string_view trouble);
  void SetTrouble(std::string trouble);

  const Parts parts_;
  netif::TunDevice* device_ = nullptr;
  bool carrier_failed_ = false;
  std::optional<Wanted> wanted_;
  absl::Time look_at_ = absl::InfiniteFuture();
  absl::Time mend_at_ = absl::InfinitePast();    // not before
  absl::Time mended_at_ = absl::InfinitePast();  // last
  absl::Duration pause_;
  std::string trouble_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_KEEPER_INTERFACE_GUARD_H_
