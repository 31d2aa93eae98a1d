// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_CHECK_FINDINGS_PATH_WORDS_H_
#define OVOC_TUNNEL_CHECK_FINDINGS_PATH_WORDS_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "tunnel/check/findings/check_facts.h"
#include "tunnel/check/findings/path_probe.h"

namespace ovoc::tunnel {

// Word is the verdict for programs: "no_reply", "whole", "smaller", "stuck" or
// "unsettled".
absl::string_view Word(PathFindings::Verdict verdict);

// DescribePath says up to which size packets come back, for a path that was
// probed up to `mtu_bytes`. Empty when none came back.
std::string DescribePath(const PathFindings& path, size_t mtu_bytes);

// PathWarning is what is wrong with the path, and what to do about it; nullopt
// if nothing is.
std::optional<CheckWarning> PathWarning(const PathFindings& path,
                                        size_t mtu_bytes);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_CHECK_FINDINGS_PATH_WORDS_H_
