// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_RUN_CHECK_H_
#define OVOC_TUNNEL_RUN_CHECK_H_

#include <ostream>
#include <string>

#include "tunnel/sandbox/filter_violation.h"
#include "tunnel/sandbox/worker_id.h"
#include "tunnel/settings/proxy_environment.h"
#include "tunnel/settings/security_policy.h"
#include "tunnel/told_run.h"

namespace ovoc::tunnel {

// What a check prints: lines as it goes, or one object at its end
// (docs/check.md).
enum class CheckForm { kText, kJson };

struct CheckOptions {
  std::string settings;  // the path of the file
  Policy policy = Policy::kCompat;
  WorkerId id;  // of the worker that a run would have
  ViolationReport violation;
  // For WSTunProxy = environment; null: it has nothing. It outlives the run.
  ProxyEnvironment* environment = nullptr;
  CheckForm form = CheckForm::kText;
};

// RunCheck is `client --check`. It reads the settings with the rights of a run,
// so that a file which a run cannot read is an error here too. Then it confines
// this process as far as it can and makes a Check, which reports to `out`. It
// also checks on a kernel without system-call filters. The process can do
// nothing else afterwards.
Outcome RunCheck(const CheckOptions& options, std::ostream* out);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_RUN_CHECK_H_
