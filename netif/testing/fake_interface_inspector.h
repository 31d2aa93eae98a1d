// SPDX-License-Identifier: Apache-2.0

#ifndef OVOC_NETIF_TESTING_FAKE_INTERFACE_INSPECTOR_H_
#define OVOC_NETIF_TESTING_FAKE_INTERFACE_INSPECTOR_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "netif/interface_inspector.h"
#include "netif/overlay.h"

namespace ovoc::netif {

// FakeInterfaceInspector says what the test sets, and counts who asks.
class FakeInterfaceInspector : public InterfaceInspector {
 public:
  absl::StatusOr<std::string> Inspect(absl::string_view, const Overlay&,
                                      int) override {
    ++looks;
    return state;
  }
  bool Concerned(absl::string_view) override {
    ++news;
    return concerned;
  }

  absl::StatusOr<std::string> state = "";
  bool concerned = true;
  int looks = 0;
  int news = 0;
};

}  // namespace ovoc::netif

#endif  // OVOC_NETIF_TESTING_FAKE_INTERFACE_INSPECTOR_H_
