// SPDX-License-Identifier: Apache-2.0
#include "tunnel/system/flush_output.h"

#include <errno.h>

#include <system_error>

#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {

absl::Status FlushOutput(std::ostream* out) {
  errno = 0;
  out->flush();
  const int error = errno;
  if (out->good()) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat("cannot write to standard output, so the output is lost",
                   error == 0 ? "" : ": ",
                   error == 0 ? "" : std::generic_category().message(error)));
}

}  // namespace ovoc::tunnel
