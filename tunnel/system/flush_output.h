// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_SYSTEM_FLUSH_OUTPUT_H_
#define OVOC_TUNNEL_SYSTEM_FLUSH_OUTPUT_H_

#include <ostream>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// FlushOutput is called at the end of a program that reports to standard
// output, `out`. A report that nobody gets is not a success. The error is
// DataLoss if some of the output could not be written, with the system's reason
// if it is known.
[[nodiscard]] absl::Status FlushOutput(std::ostream* out);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SYSTEM_FLUSH_OUTPUT_H_
