// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_TESTING_FAKE_INTERFACE_CONFIG_H_
#define OVOC_NETIF_TESTING_FAKE_INTERFACE_CONFIG_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "netif/interface_config.h"
#include "netif/overlay.h"

namespace ovoc::netif {

// FakeInterfaceConfig notes what it was asked for, in order, as
// "configure ovoc0 169.254.0.2/18 1500"; what it was to prepare by itself, as
// "ovoc0 1500".
class FakeInterfaceConfig : public InterfaceConfig {
 public:
  // From now on every call notes nothing and returns this; OK ends it.
  void SetError(absl::Status status) { error_ = std::move(status); }

  const std::vector<std::string>& calls() const { return calls_; }
  const std::vector<std::string>& prepared() const { return prepared_; }

  absl::Status Prepare(absl::string_view name, int mtu_bytes) override {
    if (error_.ok()) {
      prepared_.push_back(absl::StrCat(name, " ", mtu_bytes));
    }
    return error_;
  }

  absl::Status Configure(absl::string_view name, const Overlay& overlay,
                         int mtu_bytes) override {
    if (error_.ok()) {
      calls_.push_back(absl::StrCat("configure ", name, " ", overlay.ToString(),
                                    " ", mtu_bytes));
    }
    return error_;
  }

 private:
  absl::Status error_;
  std::vector<std::string> calls_;
  std::vector<std::string> prepared_;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_TESTING_FAKE_INTERFACE_CONFIG_H_
