// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_RUN_CHECK_H_
#define OVOC_TUNNEL_RUN_CHECK_H_

#include <ostream>
#include <string>

#include "tunnel/sandbox/filter_violation.h"
#include "tunnel/sandbox/worker_id.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/told_run.h"

namespace ovoc::tunnel {

struct CheckOptions {
  std::string settings;  // the path of the file
  Policy policy = Policy::kCompat;
  WorkerId id;  // of the worker that a run would have
  ViolationReport violation;
};

// RunCheck is `client --check`: it reads the settings with the rights that a
// run has by then, so that what a run cannot read is an error here too; then it
// confines this process as far as it may and makes a Check, whose report goes
// to `out`. A kernel without system-call filters is no reason not to check. Not
// to be followed by anything else: the process has nothing left.
Outcome RunCheck(const CheckOptions& options, std::ostream* out);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_RUN_CHECK_H_
