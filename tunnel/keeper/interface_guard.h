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
#include "tunnel/keeper/messages/message.h"
#include "tunnel/report/log.h"

namespace ovoc::tunnel {

// InterfaceGuard keeps the tunnel's interface as it was set up. It begins as
// soon as there is a device, so that no packet for OVOC leaves through another
// interface. If another program changes the interface, the guard restores it:
// at once the first time, and after longer and longer pauses if that program
// goes on. The device's carrier shows whether there is a tunnel.
class InterfaceGuard : public netif::InterfaceConfig {
 public:
  // Everything pointed to must outlive the guard.
  struct Parts {
    netif::InterfaceConfig* config;
    netif::InterfaceInspector* inspector;
    Logger* logger;
    // Called with what is wrong with the interface whenever that changes; empty
    // if nothing is.
    std::function<void(absl::string_view trouble)> tell;
    std::function<absl::Time()> clock;
  };

  explicit InterfaceGuard(Parts parts) : parts_(std::move(parts)) {}

  // Guards this device from now on, and sets its carrier. A new device has no
  // carrier at first. It is prepared, and steps that fail are tried again.
  void SetDevice(netif::TunDevice* device, absl::string_view name,
                 int mtu_bytes);

  // Says whether the tunnel is up. A device whose tunnel is down has no
  // carrier. Hear takes this from the progress that a worker reports.
  void TunnelIsUp(bool up);
  void Hear(const WorkerMessage& message);

  // netif::InterfaceConfig. The requested state is guarded from now on. The
  // device has its carrier before the address and its routes are announced.
  absl::Status Prepare(absl::string_view name, int mtu_bytes) override;
  absl::Status Configure(absl::string_view name, const netif::Overlay& overlay,
                         int mtu_bytes) override;

  // Call this when the inspector has something to read.
  void OnNews();

  // Call this at NextTime() or later.
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
