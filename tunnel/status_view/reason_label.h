// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_STATUS_VIEW_REASON_LABEL_H_
#define OVOC_TUNNEL_STATUS_VIEW_REASON_LABEL_H_

#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// ReasonLabel returns the `reason` of a status file as the value of a label: a
// word of docs/operating.md as it is, and "other" for anything else. A monitor
// keeps a series for each value, so a file must not be able to make up any
// number of them. The result has static storage.
absl::string_view ReasonLabel(absl::string_view reason);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_STATUS_VIEW_REASON_LABEL_H_
