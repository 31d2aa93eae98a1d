// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_FLUSH_OUTPUT_H_
#define OVOC_TUNNEL_FLUSH_OUTPUT_H_

#include <ostream>

#include "absl/status/status.h"

namespace ovoc::tunnel {

// FlushOutput is for the end of a program that reports on standard output,
// `out`: a report that nobody got is no success. DataLoss when some of it could
// not be written, with the system's reason where it is known.
[[nodiscard]] absl::Status FlushOutput(std::ostream* out);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_FLUSH_OUTPUT_H_
