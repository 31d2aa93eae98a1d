// SPDX-License-Identifier: Apache-2.0
//
// A log that the test reads.

#ifndef OVOC_TUNNEL_REPORT_TESTING_MEMORY_SINK_H_
#define OVOC_TUNNEL_REPORT_TESTING_MEMORY_SINK_H_

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tunnel/report/log.h"

namespace ovoc::tunnel {

// MemorySink puts each line, as "LEVEL TEXT", behind those in `*lines`, which
// outlives it.
class MemorySink : public LogSink {
 public:
  explicit MemorySink(std::vector<std::string>* lines) : lines_(lines) {}
  bool Write(LogLevel level, absl::Time, absl::string_view text) override {
    lines_->push_back(absl::StrCat(LogLevelName(level), " ", text));
    return true;
  }

 private:
  std::vector<std::string>* const lines_;
};

// How many of the lines hold `text`.
inline int CountLines(const std::vector<std::string>& lines,
                      absl::string_view text) {
  return static_cast<int>(std::count_if(lines.begin(), lines.end(),
                                        [text](const std::string& line) {
                                          return absl::StrContains(line, text);
                                        }));
}

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_REPORT_TESTING_MEMORY_SINK_H_
